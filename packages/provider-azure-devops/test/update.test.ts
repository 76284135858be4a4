import { customType, field } from "@backref/testing/azure-devops";
import { describe, expect, test } from "vitest";
import { project, setUp } from "./support.ts";
import { createWorld } from "./world.ts";

describe("an update", () => {
  test("is one request without a look before it, whatever changes", async () => {
    const { fake, read, update, sent } = await setUp();
    fake.addUser("Quinn");
    const { id } = fake.as("Ann").createIssue(project, { title: "one", tags: ["old", "other"], format: "markdown" });
    const issue = await read(id);
    const mark = fake.mark();
    const state = { category: "active" } as const;
    const labels = { add: ["new"], remove: ["old"] };
    const { issue: answer, warnings } = await update(issue, {
      title: "two",
      body: "*new*",
      priority: "1",
      labels,
      state,
    });
    expect(sent(mark)).toEqual(["PATCH 200"]);
    expect(warnings).toEqual([]);
    expect(answer).toMatchObject({ title: "two", body: "*new*", priority: "1", labels: ["new", "other"] });
    expect(fake.issue(id)).toMatchObject({ state: "Active", markdown: ["Microsoft.VSTS.TCM.ReproSteps"] });
  });

  test("through the engine is one write without a read", async () => {
    const { azure, app, backref, settle, poll, report } = await createWorld();
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    const mark = azure.mark();
    await app.defects.update(defect.id, { title: "New" });
    await settle();
    const requests = azure.requestsSince(mark).map(({ method, operation }) => `${method} ${operation}`);
    expect(requests).toEqual(["PATCH /{project}/_apis/wit/workitems/{id}"]);
    await backref.close();
  });

  test("over a change that was not seen is refused with 412, and nothing of it is written", async () => {
    const { fake, read, update } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    const issue = await read(id);
    fake.as("Ann").editIssue(id, { priority: 1 });
    for (const patch of [{ title: "two" }, { body: "new" }, { labels: { add: ["x"], remove: [] } }]) {
      await expect(update(issue, patch)).rejects.toMatchObject({ failure: "gone", status: 412 });
    }
    expect(fake.issue(id)).toMatchObject({ title: "one", priority: 1, reproSteps: null, tags: [] });
  });

  test("that depends on a look is begun anew where somebody else was faster, and gives up in the end", async () => {
    const { fake, call, provider, address, blind } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one", tags: ["a"] });
    let races = 1;
    const fetch: typeof fake.fetch = async (input, init) => {
      if (init?.method === "PATCH" && races > 0) {
        races -= 1;
        fake.as("Ann").editIssue(id, { tags: ["a", `b${races}`] });
      }
      return fake.fetch(input, init);
    };
    const patch = { labels: { add: ["c"], remove: ["a"] } };
    const change = () => provider.update.update(call({ fetch }), { issue: address(id), patch, ifVersion: null });
    expect((await change()).issue.labels).toEqual(["b0", "c"]);
    races = 100;
    fake.as("Ann").editIssue(id, { tags: ["a"] });
    await expect(change()).rejects.toMatchObject({ failure: "retry" });
    await expect(blind("999999", { title: "x" })).rejects.toMatchObject({ failure: "gone", status: 404 });
  });

  test("of a priority that there is not is refused before anything is sent", async () => {
    const { fake, read, update } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    const issue = await read(id);
    const mark = fake.mark();
    await expect(update(issue, { title: "two", priority: "High" })).rejects.toMatchObject({
      failure: "permanent",
      field: "priority",
    });
    expect(fake.mark()).toBe(mark);
  });

  test("takes the severity along where the source says so", async () => {
    const { fake, read, update } = await setUp("services", { setsSeverity: true });
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    await update(await read(id), { priority: "1" });
    expect(fake.issue(id)?.fields["Microsoft.VSTS.Common.Severity"]).toBe("1 - Critical");
  });
});

describe("the state", () => {
  const states = [
    { name: "Offen", category: "Proposed", reasons: ["Neu"] },
    { name: "In Arbeit", category: "InProgress", reasons: ["Begonnen"] },
    { name: "Verworfen", category: "Removed", reasons: ["Unnötig"] },
    { name: "Fertig", category: "Completed", reasons: ["Erledigt", "Doppelt"] },
  ] as const;
  const path = { Offen: ["In Arbeit"], "In Arbeit": ["Fertig", "Offen"], Fertig: ["Offen"], Verworfen: [] };
  const type = "Fehler/Störung";

  async function custom(transitions: Readonly<Record<string, readonly string[]>> | null) {
    const set = await setUp("services", { workItemType: type });
    set.fake.setType(project, customType({ name: type, states, transitions }));
    const { id } = set.fake.as("Ann").createIssue(project, { type, title: "eins" });
    return { ...set, id, issue: await set.read(id) };
  }

  test("is the first of its category, work that was thrown away last; the reason goes along", async () => {
    const { id, fake, issue, update } = await custom(null);
    expect(issue).toMatchObject({ type, state: { name: "Offen", category: "open" } });
    const { issue: closed } = await update(issue, { state: { category: "closed", reason: "Doppelt" } });
    expect(closed.state).toEqual({ id: "Fertig", name: "Fertig", category: "closed", reason: "Doppelt" });
    const { issue: named } = await update(closed, { state: { category: "closed", state: "verworfen" } });
    expect(named.state.name).toBe("Verworfen");
    expect(fake.issue(id)?.state).toBe("Verworfen");
  });

  test("that rules lead to by others only is walked to, the fields with the first step", async () => {
    const { fake, issue, update, sent } = await custom(path);
    const mark = fake.mark();
    const { issue: closed, warnings } = await update(issue, { title: "zwei", state: { category: "closed" } });
    expect(closed).toMatchObject({ title: "zwei", state: { name: "Fertig" } });
    expect(warnings).toEqual([]);
    expect(sent(mark)).toEqual(["PATCH 400", "GET 200", "PATCH 200", "PATCH 200"]);
  });

  test("that no rule leads to stays, the rest of the change goes out, and the warning says why", async () => {
    const { issue, update } = await custom({ Offen: [], "In Arbeit": [], Fertig: [], Verworfen: [] });
    const { issue: answer, warnings } = await update(issue, { title: "zwei", state: { category: "closed" } });
    expect(answer).toMatchObject({ title: "zwei", state: { name: "Offen" } });
    expect(warnings).toMatchObject([{ field: "state", message: expect.stringMatching(/State/) }]);
  });

  test("with a reason that the process does not have is set without it, and told", async () => {
    const { issue, update } = await custom(null);
    const { issue: answer, warnings } = await update(issue, { state: { category: "closed", reason: "Keine Lust" } });
    expect(answer.state).toMatchObject({ name: "Fertig", reason: "Erledigt" });
    expect(warnings).toMatchObject([{ field: "state" }]);
  });

  test("of a name that the type does not have is told with those that it has", async () => {
    const { issue, update } = await custom(null);
    const { warnings } = await update(issue, { state: { category: "active", state: "Doing" } });
    expect(warnings[0]?.message).toMatch(/"Doing".*Offen, In Arbeit, Verworfen, Fertig/);
  });
});

describe("a refusal", () => {
  test("of a person leaves the rest of the change, and is told", async () => {
    const { fake, read, update } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    const assigneeIds = { add: ["00000000-0000-0000-0000-000000000000"], remove: [] };
    const { issue, warnings } = await update(await read(id), { title: "two", assigneeIds });
    expect(issue).toMatchObject({ title: "two", assignees: [] });
    expect(warnings).toMatchObject([{ field: "assignees" }]);
  });

  test("of new tags leaves the rest, and is told", async () => {
    const { fake, read, update } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one", tags: ["known"] });
    fake.changeToken(fake.token, { permissions: ["view", "edit"] });
    const { issue, warnings } = await update(await read(id), { title: "two", labels: { add: ["new"], remove: [] } });
    expect(issue).toMatchObject({ title: "two", labels: ["known"] });
    expect(warnings).toMatchObject([{ field: "labels", message: expect.stringMatching(/Create tag definition/) }]);
  });

  test("for a rule of the process names its fields", async () => {
    const { fake, read, update } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    const issue = await read(id);
    fake.setField(project, "Bug", field("Custom.Cause", "Cause", "string", { requiredInStates: ["Closed"] }));
    await expect(update(issue, { state: { category: "closed" } })).rejects.toMatchObject({
      failure: "permanent",
      field: "Custom.Cause",
      message: expect.stringMatching(/Give Custom\.Cause a value/),
    });
  });
});

describe("tags", () => {
  test("are added and removed one by one: what somebody else adds meanwhile stays", async () => {
    const { fake, blind } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one", tags: ["old", "other"] });
    const { issue } = await blind(id, { labels: { add: ["new"], remove: ["OLD", "missing"] } });
    expect(issue.labels).toEqual(["new", "other"]);
    expect((await blind(id, { labels: { add: [], remove: ["new", "other"] } })).issue.labels).toEqual([]);
  });

  test("are added without a look, and those that are there stay", async () => {
    const { fake, blind, sent } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one", tags: ["there"] });
    const mark = fake.mark();
    const { issue, warnings } = await blind(id, { labels: { add: ["new", "There"], remove: [] } });
    expect(issue.labels).toEqual(["new", "there"]);
    expect(warnings).toEqual([]);
    expect(sent(mark)[0]).toBe("PATCH 200");
  });

  test("with a comma or semicolon are left out, and told", async () => {
    const { fake, blind } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    const { issue, warnings } = await blind(id, { labels: { add: ["a;b", "good"], remove: [] } });
    expect(issue.labels).toEqual(["good"]);
    expect(warnings).toMatchObject([{ field: "labels", message: expect.stringMatching(/"a;b"/) }]);
  });

  test("that Azure DevOps drops without a word are told", async () => {
    const { fake, blind } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "one" });
    fake.faults.add({ kind: "drop-fields", fields: ["System.Tags"], match: { method: "PATCH" } });
    const { warnings } = await blind(id, { title: "two", labels: { add: ["new"], remove: [] } });
    expect(warnings).toEqual([{ field: "labels", message: 'Azure DevOps did not set the tag "new".' }]);
  });
});
