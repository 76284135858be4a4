import { describe, expect, it } from "vitest";
import { createFakeAzureDevOps, customType, type FakeAzureDevOps, field } from "../../src/azure-devops/index.ts";
import { contractFolder, createClient, set, test } from "./client.ts";

const web = "/Web%20shop";

function setUp(deployment: "services" | "server" = "services") {
  const fake = createFakeAzureDevOps({ deployment, projects: ["Web shop"], contractFolder });
  return { fake, call: createClient(fake) };
}

function file(fake: FakeAzureDevOps, title = "Checkout fails") {
  return fake.as("ann").createIssue("Web shop", { title });
}

describe("creating", () => {
  it("files a bug in its first state, with what the type gives", async () => {
    const { fake, call } = setUp();
    const made = await call("POST", `${web}/_apis/wit/workitems/$Bug`, [set("System.Title", "Checkout fails")]);
    expect(made.status).toBe(200);
    expect(made.body.fields).toMatchObject({
      "System.Title": "Checkout fails",
      "System.State": "New",
      "System.Reason": "New",
      "System.TeamProject": "Web shop",
      "System.AreaPath": "Web shop",
      "Microsoft.VSTS.Common.Priority": 2,
      "Microsoft.VSTS.Common.Severity": "3 - Medium",
    });
    expect(made.body.fields["System.CreatedBy"].uniqueName).toBe("backref-bot@example.com");
    expect([made.body.rev, made.body.url]).toEqual([1, `${fake.url}/_apis/wit/workItems/${made.body.id}`]);
    expect(fake.issue(String(made.body.id))?.title).toBe("Checkout fails");
    expect(fake.violations).toEqual([]);
  });

  it("keeps nothing where it only validates", async () => {
    const { fake, call } = setUp();
    const path = `${web}/_apis/wit/workitems/$Bug?validateOnly=true`;
    expect((await call("POST", path, [set("System.Title", "try")])).status).toBe(200);
    expect((await call("POST", path, [set("System.Description", "no title")])).status).toBe(400);
    expect(fake.issues("Web shop")).toEqual([]);
  });

  it("tells broken rules by field", async () => {
    const { call } = setUp();
    const made = await call("POST", `${web}/_apis/wit/workitems/$Bug`, [
      set("System.State", "Closed"),
      set("Microsoft.VSTS.Common.Priority", 9),
    ]);
    expect([made.status, made.body.typeKey]).toEqual([400, "RuleValidationException"]);
    expect(made.body.message).toMatch(/^TF401320: Rule Error for field /);
    const names = made.body.customProperties.RuleValidationErrors.map(
      (problem: { fieldReferenceName: string }) => problem.fieldReferenceName,
    );
    expect(names.sort()).toEqual(["Microsoft.VSTS.Common.Priority", "System.State", "System.Title"]);
  });
});

describe("changing", () => {
  it("takes a change of the revision that was read, and refuses one of another with 412", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const path = `/_apis/wit/workitems/${id}`;
    expect((await call("PATCH", path, [test(1), set("System.Title", "two")])).body.rev).toBe(2);
    const late = await call("PATCH", path, [test(1), set("System.Title", "lost")]);
    expect([late.status, late.body.typeKey]).toEqual([412, "TestPatchOperationFailedException"]);
    expect(late.body.message).toBe(
      "VS403351: Test Operation for path /rev failed, value 2 was not equal to test value 1.",
    );
    expect(fake.issue(id)?.title).toBe("two");
  });

  it("makes no revision of what changes nothing", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    expect((await call("PATCH", `/_apis/wit/workitems/${id}`, [set("System.Title", "Checkout fails")])).body.rev).toBe(
      1,
    );
  });
});

describe("long texts", () => {
  const path = (id: string) => `/_apis/wit/workitems/${id}`;
  const asMarkdown = { op: "add", path: "/multilineFieldsFormat/Microsoft.VSTS.TCM.ReproSteps", value: "Markdown" };

  it("are Markdown by field on Services, for good", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const changed = await call("PATCH", path(id), [set("Microsoft.VSTS.TCM.ReproSteps", "**x**"), asMarkdown]);
    expect(changed.body.multilineFieldsFormat).toEqual({ "Microsoft.VSTS.TCM.ReproSteps": "markdown" });
    await call("PATCH", path(id), [set("Microsoft.VSTS.TCM.ReproSteps", "*y*")]);
    expect(fake.issue(id)).toMatchObject({ reproSteps: "*y*", markdown: ["Microsoft.VSTS.TCM.ReproSteps"] });
    expect((await call("PATCH", path(id), [asMarkdown])).status).toBe(400);
    const back = [set("Microsoft.VSTS.TCM.ReproSteps", "z"), { ...asMarkdown, value: "Html" }];
    expect((await call("PATCH", path(id), back)).status).toBe(400);
  });

  it("are HTML alone on Server", async () => {
    const { fake, call } = setUp("server");
    const { id } = file(fake);
    const refused = await call("PATCH", path(id), [set("Microsoft.VSTS.TCM.ReproSteps", "**x**"), asMarkdown]);
    expect(refused.status).toBe(400);
    expect(fake.issue(id)?.reproSteps).toBe(null);
    const changed = await call("PATCH", path(id), [set("Microsoft.VSTS.TCM.ReproSteps", "<b>x</b>")]);
    expect(changed.body).not.toHaveProperty("multilineFieldsFormat");
  });
});

describe("tags", () => {
  it("are one string: added ones merge, replaced ones do not, and case is one tag's", async () => {
    const { fake, call } = setUp();
    const { id } = fake.as("ann").createIssue("Web shop", { title: "one", tags: ["Web", "late"] });
    const change = async (value: string, op: "add" | "replace") =>
      (await call("PATCH", `/_apis/wit/workitems/${id}`, [set("System.Tags", value, op)])).body.fields["System.Tags"];
    expect(await change("WEB; new one", "add")).toBe("late; new one; Web");
    expect(await change("web", "replace")).toBe("Web");
    expect(await change("", "replace")).toBe(undefined);
  });

  it("are not made by who may not make new ones", async () => {
    const { fake, call } = setUp();
    const { id } = fake.as("ann").createIssue("Web shop", { title: "one", tags: ["known"] });
    fake.changeToken(fake.token, { permissions: ["view", "edit"] });
    const path = `/_apis/wit/workitems/${id}`;
    expect((await call("PATCH", path, [set("System.Tags", "unknown")])).status).toBe(403);
    expect((await call("PATCH", path, [set("System.Tags", "KNOWN")])).status).toBe(200);
  });
});

describe("relations", () => {
  const link = (url: string) => ({
    op: "add",
    path: "/relations/-",
    value: { rel: "Hyperlink", url, attributes: { comment: "c" } },
  });

  it("are added once, shown where they are asked for, and removed by their place", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const path = `/_apis/wit/workitems/${id}`;
    const added = await call("PATCH", path, [link("https://host.example/1"), link("https://host.example/2")]);
    expect(added.body.relations.map((relation: { url: string }) => relation.url)).toEqual([
      "https://host.example/1",
      "https://host.example/2",
    ]);
    expect(added.body.relations[0].attributes).toMatchObject({ comment: "c", id: expect.any(Number) });
    const again = await call("PATCH", path, [link("https://host.example/1")]);
    expect([again.status, again.body.message]).toEqual([400, "Relation already exists."]);
    expect((await call("GET", path)).body).not.toHaveProperty("relations");
    const left = await call("PATCH", path, [test(2), { op: "remove", path: "/relations/0" }]);
    expect(left.body.relations).toHaveLength(1);
    expect((await call("GET", `${path}?$expand=relations`)).body.relations[0].url).toBe("https://host.example/2");
  });

  it("tie an uploaded file to an item", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const headers = { "content-type": "application/octet-stream" };
    const upload = await call("POST", `${web}/_apis/wit/attachments?fileName=a%20b.txt`, "text", { headers });
    expect([upload.status, upload.body.url]).toEqual([201, expect.stringContaining("a%20b.txt")]);
    expect(new TextDecoder().decode(fake.attachment(upload.body.id)?.bytes)).toBe("text");
    const value = { rel: "AttachedFile", url: upload.body.url, attributes: { comment: "log" } };
    await call("PATCH", `/_apis/wit/workitems/${id}`, [{ op: "add", path: "/relations/-", value }]);
    expect(fake.issue(id)?.relations).toMatchObject([{ rel: "AttachedFile", attributes: { comment: "log" } }]);
    expect(fake.violations).toEqual([]);
  });
});

describe("states", () => {
  const custom = customType({
    name: "Störung 障害",
    fields: [
      field("Custom.Environment", "Environment", "string", { alwaysRequired: true, allowedValues: ["Live", "Test"] }),
      field("Custom.Cause", "Cause", "string", { requiredInStates: ["Closed"] }),
    ],
    transitions: { New: ["Active"], Active: ["New", "Resolved"], Resolved: ["Active", "Closed"], Closed: ["Active"] },
  });

  it("bring their usual reason, or one of their own", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const path = `/_apis/wit/workitems/${id}`;
    const move = async (...steps: object[]) => (await call("PATCH", path, steps)).body;
    expect((await move(set("System.State", "Resolved"))).fields["System.Reason"]).toBe("Fixed");
    expect((await move(set("System.State", "Closed"), set("System.Reason", "Obsolete"))).fields["System.Reason"]).toBe(
      "Obsolete",
    );
    expect((await move(set("System.State", "Active"), set("System.Reason", "Fixed"))).typeKey).toBe(
      "RuleValidationException",
    );
  });

  it("follow the transitions of a custom type, whose fields may be required in one of them only", async () => {
    const { fake, call } = setUp();
    fake.setType("Web shop", custom);
    const path = `${web}/_apis/wit/workitems/$${encodeURIComponent(custom.name)}`;
    const without = await call("POST", path, [set("System.Title", "one")]);
    expect(without.body.message).toBe(
      "TF401320: Rule Error for field Environment. Error code: Required, HasValues, LimitedToValues, AllowsOldValue, InvalidEmpty.",
    );
    const made = await call("POST", path, [set("System.Title", "one"), set("Custom.Environment", "Live")]);
    const one = `/_apis/wit/workitems/${made.body.id}`;
    expect((await call("PATCH", one, [set("System.State", "Closed")])).status).toBe(400);
    for (const state of ["Active", "Resolved"])
      expect((await call("PATCH", one, [set("System.State", state)])).status).toBe(200);
    const refused = await call("PATCH", one, [set("System.State", "Closed")]);
    expect(refused.body.customProperties.RuleValidationErrors).toMatchObject([{ fieldReferenceName: "Custom.Cause" }]);
    const closed = await call("PATCH", one, [set("System.State", "Closed"), set("Custom.Cause", "x")]);
    expect(closed.body.fields["System.State"]).toBe("Closed");
  });

  it("are told by type with their categories, and fields with what they allow", async () => {
    const { fake, call } = setUp();
    fake.setType("Web shop", custom);
    const types = `${web}/_apis/wit/workitemtypes`;
    const states = await call("GET", `${types}/Bug/states`);
    expect(states.body.value.map(({ name, category }: Record<string, string>) => `${name}: ${category}`)).toEqual([
      "New: Proposed",
      "Active: InProgress",
      "Resolved: Resolved",
      "Closed: Completed",
    ]);
    const fields = await call("GET", `${types}/Bug/fields?$expand=all`);
    const named = (name: string) =>
      fields.body.value.find((entry: Record<string, string>) => entry["referenceName"] === name);
    expect(named("Microsoft.VSTS.Common.Priority")).toMatchObject({
      allowedValues: ["1", "2", "3", "4"],
      defaultValue: "2",
    });
    expect(named("System.Title")).toMatchObject({ alwaysRequired: true, allowedValues: [] });
    const own = await call(
      "GET",
      `${types}/${encodeURIComponent(custom.name)}/fields/Custom.Environment?$expand=allowedValues`,
    );
    expect(own.body).toMatchObject({ alwaysRequired: true, allowedValues: ["Live", "Test"] });
    expect((await call("GET", types)).body.count).toBe(5);
    expect((await call("GET", `${types}/Nothing`)).status).toBe(404);
  });
});

describe("reading many", () => {
  it("leaves out what is not there as null where it may", async () => {
    const { fake, call } = setUp();
    const [one, two] = [file(fake, "one"), file(fake, "two")];
    fake.as("ann").deleteIssue(two.id);
    const ids = [Number(one.id), Number(two.id), 999_999];
    const found = await call("POST", "/_apis/wit/workitemsbatch", {
      ids,
      errorPolicy: "omit",
      fields: ["System.Title", "System.Rev"],
    });
    expect(found.body).toMatchObject({
      count: 3,
      value: [{ id: ids[0], rev: 1, fields: { "System.Title": "one", "System.Rev": 1 } }, null, null],
    });
    expect((await call("POST", "/_apis/wit/workitemsbatch", { ids })).status).toBe(404);
    const both = { ids: [ids[0]], fields: ["System.Title"], $expand: "relations" };
    expect((await call("POST", "/_apis/wit/workitemsbatch", both)).status).toBe(400);
    const tooMany = Array.from({ length: 201 }, (_value, index) => index + 1);
    expect((await call("POST", "/_apis/wit/workitemsbatch", { ids: tooMany, errorPolicy: "omit" })).status).toBe(400);
  });
});
