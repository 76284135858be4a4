import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

const required = { name: "Customer", required: true, defaultValue: null } as const;

describe.each(["cloud", "data-center"] as const)("a form of %s", (deployment) => {
  test("has every field of the create screen, each with its kind", async () => {
    const { app, jira } = await createWorld(deployment);
    const { fields } = await app.defects.pushForm({ projectId: "web" });
    const given = fields.filter(({ by }) => by === "fields");
    expect(given.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      ...["Labels: texts", "Assignee: person", "Components: options", "Reporter: person"],
      ...["Browser: option", "Seen with: options", "Found by: person", "Witnesses: people", "Steps: rich-text"],
      ...["Build: text", "Attempts: number", "First seen: date", "Last seen: date-time", "Log: url"],
      ...["Sprint: other", "Tags: texts", "Area: cascade"],
    ]);
    const named = (name: string) => given.find((field) => field.name === name);
    expect(named("Area")?.allowedValues).toEqual([
      { id: "10400", name: "Shop", children: [{ id: "10401", name: "Cart" }] },
      { id: "10410", name: "Site" },
    ]);
    expect(named("Components")?.allowedValues).toEqual([
      { id: "10200", name: "Shop" },
      { id: "10201", name: "Backend" },
    ]);
    expect(named("Build")).toMatchObject({ defaultValue: "nightly", value: "nightly" });
    expect(named("Reporter")).toMatchObject({ required: true, isFilledByTracker: true, defaultValue: null });
    expect(jira.violations).toEqual([]);
  });

  test("takes values as it shows them, and Jira gets them as its REST API wants them", async () => {
    const { app, jira, operationsSince } = await createWorld(deployment);
    const zoe = jira.addUser("zoe");
    const push = async (title: string) => {
      const defect = await app.defects.create({ projectId: "web", title });
      const mark = jira.mark();
      const link = await app.defects.push(defect.id, {
        fields: {
          components: ["10201"],
          assignee: zoe,
          customfield_10010: "10310",
          customfield_10011: ["10310", "10311"],
          customfield_10012: zoe,
          customfield_10014: "some **text**",
          customfield_10015: "2",
          customfield_10016: 2,
          customfield_10018: "2026-12-24T18:00:00+01:00",
          customfield_10020: 7,
          customfield_10022: ["10400", "10401"],
        },
      });
      expect(link).toMatchObject({ status: "synced", message: null });
      return operationsSince(mark);
    };
    const usual = ["POST /issue", "POST /issue/{issueIdOrKey}/remotelink", "GET /issue/{issueIdOrKey}"];
    const look = "GET /issue/createmeta/{projectIdOrKey}/issuetypes";
    const first = await push("Total is wrong");
    expect(first.filter((operation) => operation.startsWith(look))).toHaveLength(2);
    expect(await push("Total is wrong again")).toEqual(usual);
    expect(jira.issue("WEB-1")).toMatchObject({ assignee: "zoe" });
    expect(jira.issue("WEB-1")?.custom).toMatchObject({
      customfield_10010: { id: "10310" },
      customfield_10011: [{ id: "10310" }, { id: "10311" }],
      customfield_10014: deployment === "cloud" ? { type: "doc" } : "some *text*",
      customfield_10015: "2",
      customfield_10016: 2,
      customfield_10018: "2026-12-24T17:00:00.000+0000",
      customfield_10020: 7,
      customfield_10022: { id: "10400", child: { id: "10401" } },
    });
    expect(jira.violations).toEqual([]);
  });

  test.each(["option", "sprint"] as const)(
    "alarms when a field of the kind %s is required from now on",
    async (kind) => {
      const { app, jira, backref, source } = await createWorld(deployment);
      const told: unknown[] = [];
      backref.on("target-fields-missing", ({ data }) => void told.push(data));
      const options = kind === "option" ? [{ id: "10901", name: "ACME" }] : [];
      jira.setField("WEB", { ...required, id: "customfield_10900", kind, options });
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
      const refused = await app.defects.push(defect.id);
      expect(refused).toMatchObject({ status: "blocked", field: "customfield_10900", issue: null });
      expect(refused.message).toContain("Customer is required.");
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ container: "WEB", fields: [{ id: "customfield_10900" }] });
      expect((await app.sources.test(source.id)).problems.join()).toContain("customfield_10900");

      const form = await app.defects.pushForm({ projectId: "web" });
      expect(form.requiredFieldsMissing).toEqual(["customfield_10900"]);
      const value = kind === "option" ? "10901" : 7;
      const mended = await app.defects.push(defect.id, { fields: { customfield_10900: value } });
      expect(mended).toMatchObject({ status: "synced", issue: { key: "WEB-1" } });
    },
  );

  test("of a type that the project lacks says which it has", async () => {
    const { app, source } = await createWorld(deployment);
    await app.sources.update(source.id, { options: { issueType: "Incident" } });
    await expect(app.defects.pushForm({ projectId: "web" })).rejects.toThrow(
      /no issue type "Incident".*It has "Task", "Bug", "Sub-task"/,
    );
  });

  test("a value that Jira refuses is told by its field, and all of them", async () => {
    const { app, jira } = await createWorld(deployment);
    await app.defects.pushForm({ projectId: "web" });
    jira.setField("WEB", { ...required, id: "customfield_10016", name: "Attempts", kind: "text", options: [] });
    jira.setField("WEB", { ...required, id: "customfield_10900", kind: "text", options: [] });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    const link = await app.defects.push(defect.id, { fields: { customfield_10016: 2 } });
    expect(link).toMatchObject({ status: "blocked", field: "customfield_10016" });
    expect(jira.issues("WEB")).toEqual([]);
  });
});
