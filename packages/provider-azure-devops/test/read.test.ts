import { customType } from "@backref/testing/azure-devops";
import { describe, expect, test, vi } from "vitest";
import { draft, project, setUp } from "./support.ts";

const other = "Überblick 東京";

describe("reading", () => {
  test("10,000 work items takes 50 requests", async () => {
    const { fake, provider, call, read } = await setUp("services", {}, { fake: {} });
    const ann = fake.as("Ann");
    const items = Array.from({ length: 10_000 }, (_, index) => ann.createIssue(project, { title: `Item ${index}` }).id);
    // What the states of the type mean, kept for five minutes.
    await read(items[0] ?? "");
    const mark = fake.mark();
    let count = 0;
    for (let from = 0; from < items.length; from += 200) {
      const issues = items
        .slice(from, from + 200)
        .map((item) => ({ remoteId: item, container: project, item, raw: null }));
      const outcomes = await provider.read.issues(call(), { issues });
      count += outcomes.filter(({ kind }) => kind === "live").length;
    }
    expect(count).toBe(10_000);
    expect(fake.mark() - mark).toBe(50);
  });

  test("tells what lies in the recycle bin from what is not there, and from what may not be seen", async () => {
    const { fake, provider, call, address } = await setUp();
    const ann = fake.as("Ann");
    const [deleted, destroyed, hidden] = [1, 2, 3].map(() => ann.createIssue(project, { title: "x" }).id) as [
      string,
      string,
      string,
    ];
    ann.deleteIssue(deleted);
    ann.destroyIssue(destroyed);
    ann.moveIssue(hidden, other);
    fake.changeToken(fake.token, { projects: [project] });
    const issues = [deleted, destroyed, hidden, "999999"].map((item) => address(item));
    const kinds = (await provider.read.issues(call(), { issues })).map(({ kind }) => kind);
    expect(kinds).toEqual(["deleted", "no-access", "no-access", "no-access"]);
  });

  test("finds an item by its id in whatever project it is, as moved, and by a project that is not there not at all", async () => {
    const { fake, provider, call } = await setUp();
    const { id } = fake.as("Ann").createIssue(other, { title: "x" });
    const issues = [project, other.toUpperCase(), "Nowhere"].map((container) => ({
      remoteId: null,
      container,
      item: id,
      raw: null,
    }));
    const outcomes = await provider.read.issues(call(), { issues });
    expect(outcomes).toMatchObject([
      { kind: "moved", to: { container: other, item: id } },
      { kind: "live" },
      { kind: "no-access", reason: "there is no project Nowhere" },
    ]);
  });

  test("goes on where no process ever had one of the usual fields", async () => {
    const { fake, provider, call, address } = await setUp("server");
    const { id } = fake.as("Ann").createIssue(project, { title: "x", tags: ["a"] });
    const message = "TF51535: Cannot find field Microsoft.VSTS.TCM.ReproSteps.";
    const fetch: typeof fake.fetch = async (input, init) =>
      String(init?.body ?? "").includes("ReproSteps")
        ? Response.json({ message, typeKey: "WorkItemTrackingFieldDefinitionNotFoundException" }, { status: 400 })
        : fake.fetch(input, init);
    const [outcome] = await provider.read.issues(call({ fetch }), { issues: [address(id)] });
    expect(outcome).toMatchObject({ kind: "live", issue: { title: "x", labels: ["a"], body: "" } });
  });

  test("does not take a field for descriptions that is none for one that was emptied", async () => {
    const { fake, provider, call, address } = await setUp("services", { bodyField: "Custom.Nope" });
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    const reading = provider.read.issues(call(), { issues: [address(id)] });
    await expect(reading).rejects.toMatchObject({ failure: "permanent", field: "Custom.Nope" });
  });

  test("goes on where states of a type may not be seen: names of the usual processes are known", async () => {
    const { fake, provider, call, address } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    fake.as("Ann").moveTo(id, "Closed");
    const fetch: typeof fake.fetch = async (input, init) =>
      String(input).includes("/states") ? new Response("{}", { status: 403 }) : fake.fetch(input, init);
    const [outcome] = await provider.read.issues(call({ fetch }), { issues: [address(id)] });
    expect(outcome).toMatchObject({ kind: "live", issue: { state: { name: "Closed", category: "closed" } } });
  });

  test("waits for what another call reads no longer than it is waited for itself", async () => {
    const { fake, provider, call, address, time } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const fetch: typeof fake.fetch = async (input, init) => {
      if (String(input).includes("/states")) {
        asked.resolve();
        await held.promise;
      }
      return fake.fetch(input, init);
    };
    const issues = [address(id)];
    const first = provider.read.issues(call({ fetch }), { issues });
    await asked.promise;
    const patience = new AbortController();
    const mark = fake.mark();
    const second = provider.read.issues(call({ signal: patience.signal }), { issues });
    const third = provider.read.issues(call(), { issues });
    // Both have read the item and miss what its state means.
    await vi.waitFor(() => expect(fake.mark() - mark).toBe(2));
    await time.advance(1);
    patience.abort();
    await expect(second).rejects.toMatchObject({ failure: "retry", operation: "issue.read" });
    held.resolve();
    expect([await first, await third]).toMatchObject([[{ kind: "live" }], [{ kind: "live" }]]);
    expect(fake.requestsSince(mark).filter(({ path }) => path.includes("/states"))).toHaveLength(1);
  });

  test("learns of a state that was added to the process since", async () => {
    const { fake, read, time } = await setUp("services", { workItemType: "Störung" });
    const states = [
      { name: "Neu", category: "Proposed", reasons: ["Neu"] },
      { name: "Prüfung", category: "Resolved", reasons: ["Behoben"] },
    ] as const;
    fake.setType(project, customType({ name: "Störung", states: [states[0]] }));
    const ann = fake.as("Ann");
    const { id } = ann.createIssue(project, { type: "Störung", title: "x" });
    expect((await read(id)).state.category).toBe("open");
    fake.setType(project, customType({ name: "Störung", states }));
    ann.moveTo(id, "Prüfung");
    await time.advance(61_000);
    expect((await read(id)).state.category).toBe("active");
  });
});

test("a search for a number that no id can be looks in titles alone", async () => {
  const { fake, provider, call } = await setUp();
  const { id } = fake.as("Ann").createIssue(project, { title: "Order 9999999999 is lost" });
  const found = (text: string) => provider.search.issues(call(), { containers: [project], text, limit: 5 });
  expect(await found("9999999999")).toMatchObject([{ item: id }]);
  expect(await found(`#${id}`)).toMatchObject([{ item: id }]);
});

describe("a create", () => {
  test("carries everything in one request, the marker in a link to the defect", async () => {
    const { fake, provider, call, read, sent } = await setUp("services", { setsSeverity: true });
    await read(fake.as("Ann").createIssue(project, { title: "x" }).id);
    const mark = fake.mark();
    const block = `<!-- backref:${draft.token} -->\n---\nLinked defect: [D-1](<https://tests.example.com/1>)\n<!-- /backref:${draft.token} -->`;
    const fields = { "System.AreaPath": project, "Microsoft.VSTS.Common.ValueArea": "Architectural" };
    const request = { ...draft, body: `It *fails*.\n\n${block}`, labels: ["a", "b"], priority: "1", fields };
    const { issue, warnings } = await provider.create.create(call(), request);
    expect(sent(mark)).toEqual(["GET 200", "POST 200"]);
    expect(warnings).toEqual([]);
    expect(issue).toMatchObject({ body: request.body, labels: ["a", "b"], priority: "1", type: "Bug" });
    expect(fake.issue(issue.item)).toMatchObject({
      relations: [
        { rel: "Hyperlink", url: "https://tests.example.com/1", attributes: { comment: `D-1 [${draft.token}]` } },
      ],
      fields: { "Microsoft.VSTS.Common.Severity": "1 - Critical", ...fields },
    });
  });

  test("of any type keeps its text where the type shows it", async () => {
    const { fake, provider, call } = await setUp();
    const type = "Fehler/Störung №1";
    fake.setType(project, customType({ name: type }));
    for (const [name, field] of [
      ["Bug", "Microsoft.VSTS.TCM.ReproSteps"],
      ["Task", "System.Description"],
      [type, "System.Description"],
    ] as const) {
      const { issue } = await provider.create.create(call(), { ...draft, type: name });
      expect(issue).toMatchObject({ type: name, body: draft.body });
      expect(fake.issue(issue.item)?.fields[field]).toBe(draft.body);
    }
    const options = {
      deployment: null,
      workItemType: "Task",
      bodyField: "Microsoft.VSTS.TCM.SystemInfo",
      setsSeverity: false,
    };
    const { issue } = await provider.create.create(call({ options }), { ...draft, type: "Bug" });
    expect(issue.body).toBe(draft.body);
  });

  test("with a person or tags that are refused is made without them, and told", async () => {
    const { fake, provider, call } = await setUp();
    fake.changeToken(fake.token, { permissions: ["view", "edit"] });
    const assigneeIds = ["00000000-0000-0000-0000-000000000000"];
    const { issue, warnings } = await provider.create.create(call(), { ...draft, labels: ["new"], assigneeIds });
    expect(issue).toMatchObject({ labels: [], assignees: [] });
    expect(warnings.map(({ field }) => field).sort()).toEqual(["assignees", "labels"]);
  });

  test.each(["System.Title", "system.title"])(
    "whose defaults take over %s is refused before it is sent",
    async (name) => {
      const { fake, provider, call } = await setUp();
      const creating = provider.create.create(call(), { ...draft, fields: { [name]: "x" } });
      await expect(creating).rejects.toMatchObject({ field: "System.Title" });
      expect(fake.issues(project)).toEqual([]);
    },
  );

  test("takes defaults where it has no value of its own, and tags of both", async () => {
    const { fake, provider, call } = await setUp();
    fake.addUser("Quinn");
    fake.addUser("Ravi");
    const find = async (text: string) =>
      (await provider.people.search(call(), { container: project, text, limit: 1 }))[0]?.id ?? expect.unreachable();
    const [quinn, ravi] = [await find("Quinn"), await find("Ravi")];
    const fields = {
      "microsoft.vsts.common.priority": 3,
      "System.AssignedTo": "Quinn@example.com",
      "System.Tags": "b; c",
    };
    const own = { priority: "1", labels: ["a"], assigneeIds: [ravi] };
    const made = await provider.create.create(call(), { ...draft, ...own, fields });
    expect(made).toMatchObject({
      issue: { priority: "1", labels: ["a", "b", "c"], assignees: [{ id: ravi }] },
      warnings: [],
    });
    const { issue } = await provider.create.create(call(), { ...draft, fields });
    expect(issue).toMatchObject({ priority: "3", labels: ["b", "c"], assignees: [{ id: quinn }] });
  });

  test.each([
    ["System.AreaPath", "Web Shop\\Nowhere", /no such area or iteration/],
    ["Custom.f0e1-Cause", "x", /no such field/],
    ["Custom.A/B~C", "x", /Cannot find field/],
  ])("that gives %s a value which cannot be is refused by the name of the field", async (field, value, advice) => {
    const { provider, call } = await setUp();
    const creating = provider.create.create(call(), { ...draft, fields: { [field]: value } });
    await expect(creating).rejects.toMatchObject({
      failure: "permanent",
      field: expect.stringMatching(/^(?:System|Custom)\./),
      message: expect.stringMatching(advice),
    });
  });

  test("in a project that does not have the source's type finds its people all the same", async () => {
    const { fake, provider, call, read } = await setUp("services", { workItemType: "Defect" });
    fake.addUser("Quinn");
    const [person] = await provider.people.search(call(), { container: project, text: "quinn", limit: 5 });
    const assigneeIds = [person?.id ?? expect.unreachable()];
    const { issue } = await provider.create.create(call(), { ...draft, type: "Issue", assigneeIds });
    expect(issue).toMatchObject({ type: "Issue", assignees: [{ displayName: "Quinn" }] });
    const elsewhere = provider.people.search(call(), { container: "Nowhere", text: "", limit: 5 });
    await expect(elsewhere).rejects.toMatchObject({ failure: "gone", message: expect.stringMatching(/Nowhere/) });
    expect((await read(issue.item)).state.category).toBe("active");
  });
});

describe("pace", () => {
  test("a successful answer that asks to slow down holds the next operation back, in this process", async () => {
    const { fake, provider, call, address, time, read } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    await read(id);
    fake.faults.add({ kind: "slow-down", retryAfterSeconds: 20, match: {} });
    await read(id);
    const mark = fake.mark();
    const attempt = () => provider.read.issues(call(), { issues: [address(id)] });
    await expect(attempt()).rejects.toMatchObject({ failure: "wait", retryAfterMs: 20_000 });
    expect(fake.mark()).toBe(mark);
    const stranger = call({ credentialId: "credential-2" });
    expect(await provider.read.issues(stranger, { issues: [address(id)] })).toMatchObject([{ kind: "live" }]);
    await time.advance(20_000);
    expect(await attempt()).toMatchObject([{ kind: "live" }]);
  });

  test("is held back for no longer than what the limit counts, whatever an answer asks", async () => {
    const { fake, read } = await setUp();
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    fake.faults.add({ kind: "slow-down", retryAfterSeconds: 8_640_000, match: {} });
    await read(id).catch(() => {});
    await expect(read(id)).rejects.toMatchObject({ failure: "wait", retryAfterMs: 300_000 });
  });
});
