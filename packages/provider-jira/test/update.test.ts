import { describe, expect, test } from "vitest";
import { setUp } from "./support.ts";

const noScreen = { fields: [] } as const;

describe("the status", () => {
  test("is walked to by all steps between, with a resolution where a screen asks for one", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const { issue, warnings } = await update("WEB-1", { state: { category: "closed", reason: "duplicate" } });
    expect(issue.state).toMatchObject({ name: "Done", category: "closed", reason: "Duplicate" });
    expect(warnings).toEqual([]);
    expect((await update("WEB-1", { state: { category: "active", state: "In Review" } })).issue.state.name).toBe(
      "In Review",
    );
    expect(fake.issue("WEB-1")?.resolution).toBe(null);
  });

  test("that is right already costs no step", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    await update("WEB-1", { state: { category: "open" } });
    expect(fake.requests.filter(({ operation }) => operation.endsWith("/transitions"))).toEqual([]);
  });

  test("that no step leads to stays, and the warning says what the workflow offers", async () => {
    const { fake, update } = await setUp();
    const transitions = [{ id: "1", name: "Park", from: ["1"], to: "3", ...noScreen }];
    fake.addProject({ key: "OPS", workflow: { initial: "1", transitions } });
    fake.as("ann").createIssue("OPS", { summary: "one" });
    const { issue, warnings } = await update("OPS-1", { state: { category: "closed" } });
    expect(issue.state.name).toBe("In Progress");
    expect(warnings).toMatchObject([
      {
        field: "state",
        message: expect.stringMatching(/stays at "In Progress".*no way to a status of the category closed/s),
      },
    ]);
  });

  test("is entered at once where a step leads there, and no status is entered twice", async () => {
    const { fake, update } = await setUp();
    const transitions = [
      { id: "1", name: "Start", from: null, to: "3", ...noScreen },
      { id: "2", name: "Review", from: null, to: "4", ...noScreen },
      { id: "3", name: "Stop", from: null, to: "1", ...noScreen },
    ];
    fake.addProject({ key: "OPS", workflow: { initial: "1", transitions } });
    fake.as("ann").createIssue("OPS", { summary: "one" });
    const steps = () =>
      fake.requests.filter(({ method, operation }) => method === "POST" && operation.endsWith("/transitions"));
    await update("OPS-1", { state: { category: "active", state: "In Review" } });
    expect(steps()).toHaveLength(1);
    await update("OPS-1", { state: { category: "closed" } });
    expect(steps().length).toBeLessThanOrEqual(3);
  });

  test("is found behind another way where the first one ends", async () => {
    const { fake, update } = await setUp();
    const transitions = [
      { id: "1", name: "Park", from: ["1"], to: "3", ...noScreen },
      { id: "2", name: "Unpark", from: ["3"], to: "1", ...noScreen },
      { id: "3", name: "Review", from: ["1"], to: "4", ...noScreen },
      { id: "4", name: "Close", from: ["4"], to: "5", ...noScreen },
    ];
    fake.addProject({ key: "OPS", workflow: { initial: "1", transitions } });
    fake.as("ann").createIssue("OPS", { summary: "one" });
    const { issue, warnings } = await update("OPS-1", { state: { category: "closed" } });
    expect(warnings).toEqual([]);
    expect(issue.state.name).toBe("Done");
    const steps = fake.requests.filter(
      ({ method, operation }) => method === "POST" && operation.endsWith("/transitions"),
    );
    expect(steps).toHaveLength(4);
  });

  test("behind a screen that asks for what nobody knows stays, and the warning names the field", async () => {
    const { fake, update } = await setUp();
    const severity = {
      id: "customfield_10010",
      name: "Severity",
      kind: "text",
      required: false,
      options: [],
      defaultValue: null,
    } as const;
    const transitions = [
      { id: "1", name: "Close", from: ["1"], to: "5", fields: [{ id: severity.id, required: true }] },
    ];
    fake.addProject({ key: "OPS", workflow: { initial: "1", transitions }, fields: [severity] });
    fake.as("ann").createIssue("OPS", { summary: "one" });
    const { warnings } = await update("OPS-1", { state: { category: "closed" } });
    expect(warnings).toMatchObject([{ field: "state", message: expect.stringMatching(/asks for Severity/) }]);
    expect(fake.issue("OPS-1")?.status).toBe("To Do");
  });

  test("of an issue whose account may not move it is told with the permission", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    fake.changeToken(fake.token, ["BROWSE_PROJECTS", "EDIT_ISSUES"]);
    const { warnings } = await update("WEB-1", { state: { category: "closed" } });
    expect(warnings[0]?.message).toMatch(/Transition Issues/);
  });
});

describe("labels", () => {
  test("are added and removed one by one: what somebody else adds meanwhile stays", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one", labels: ["old", "other"] });
    const { issue } = await update("WEB-1", { labels: { add: ["new"], remove: ["old", "missing"] } });
    expect(issue.labels).toEqual(["new", "other"]);
  });

  test("with spaces are left out, and told", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const { issue, warnings } = await update("WEB-1", { labels: { add: ["needs info", "good"], remove: [] } });
    expect(issue.labels).toEqual(["good"]);
    expect(warnings).toMatchObject([{ field: "labels", message: expect.stringMatching(/"needs info"/) }]);
  });

  test("that Jira drops without a word are told", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    fake.faults.add({ kind: "drop-fields", fields: ["labels"], match: { method: "PUT" } });
    const { warnings } = await update("WEB-1", { labels: { add: ["new"], remove: [] } });
    expect(warnings).toEqual([{ field: "labels", message: 'Jira did not set the label "new".' }]);
  });
});

describe("a description", () => {
  const mention = { type: "mention", attrs: { id: "5b10", text: "@Ann" } };
  const text = (value: string, colour?: string) => ({
    type: "text",
    text: value,
    ...(colour !== undefined && { marks: [{ type: "textColor", attrs: { color: colour } }] }),
  });
  const document = {
    type: "doc",
    version: 1,
    content: [
      { type: "paragraph", content: [text("Ask "), mention, text(" about "), text("red", "#ff0000")] },
      { type: "expand", attrs: { title: "Log" }, content: [{ type: "paragraph", content: [text("line")] }] },
      { type: "paragraph", content: [text("Last.")] },
    ],
  };

  test("keeps every block that reads as before, bit by bit, where another is changed", async () => {
    const { fake, read, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one", description: document });
    const { body } = await read("WEB-1");
    expect(body).toBe("Ask @Ann about red\n\n**Log**\n\nline\n\nLast.");
    const { issue } = await update("WEB-1", { body: body.replace("Last.", "Changed *here*.") });
    expect(issue.body).toBe("Ask @Ann about red\n\n**Log**\n\nline\n\nChanged *here*.");
    const after = fake.issue("WEB-1")?.description as typeof document;
    expect(after.content.slice(0, 2)).toEqual(document.content.slice(0, 2));
    expect(after.content).toHaveLength(3);
  });

  test("is not sent with a change of something else", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one", description: document });
    await update("WEB-1", { title: "two", priority: "1" });
    expect(fake.issue("WEB-1")).toMatchObject({ summary: "two", priority: "1", description: document });
  });

  test("that people change in Jira is read as it is now, our block still known", async () => {
    const { fake, provider, call, read } = await setUp();
    const block =
      "<!-- backref:br-01j0 -->\n---\nLinked defect: [D-1](<https://tests.example.com/1>)\n<!-- /backref:br-01j0 -->";
    const { draft } = await import("./support.ts");
    const { issue } = await provider.create.create(call(), { ...draft, body: `* one\n\n${block}` });
    expect(issue.body).toBe(`* one\n\n${block}`);
    const before = fake.issue("WEB-1")?.description as typeof document;
    const added = { type: "paragraph", content: [text("By a person.")] };
    fake.as("ann").editIssue("WEB-1", { description: { ...before, content: [...before.content, added] } });
    const { body } = await read("WEB-1");
    expect(body).toMatch(
      /^- one\n\n<!-- backref:br-01j0 -->\n---\n\nLinked defect: .*\n<!-- \/backref:br-01j0 -->\n\nBy a person\.$/,
    );
  });
});

describe("a look after a write", () => {
  const stale = { kind: "stale", ms: 60_000, match: { method: "GET", operation: "/issue/{issueIdOrKey}" } } as const;

  test("that shows an older issue than the write is taken once more", async () => {
    const { fake, time, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    await time.advance(120_000);
    fake.faults.add(stale);
    const updating = update("WEB-1", { title: "two" });
    await time.advance(5_000);
    expect((await updating).issue.title).toBe("two");
  });

  test("that still does says nothing of the write", async () => {
    const { fake, time, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    await time.advance(120_000);
    fake.faults.add({ ...stale, times: 2 });
    const updating = expect(update("WEB-1", { title: "two" })).rejects.toMatchObject({ failure: "ambiguous" });
    await time.advance(5_000);
    await updating;
  });
});

describe("a walk that is broken off", () => {
  test("after a step is in doubt, even where the next request certainly did nothing", async () => {
    const { fake, update } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const listing = { method: "GET", operation: "/issue/{issueIdOrKey}/transitions" };
    fake.faults.add({ kind: "refuse", match: { ...listing, nth: 2 } });
    await expect(update("WEB-1", { state: { category: "closed" } })).rejects.toMatchObject({ failure: "ambiguous" });
    expect(fake.issue("WEB-1")?.status).toBe("In Progress");
  });

  test("since somebody moved the issue meanwhile is taken up again", async () => {
    const { fake, update, call, provider, address } = await setUp();
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const fetch: typeof fake.fetch = (input, init) => {
      const isStep = init?.method === "POST" && String(input).endsWith("/transitions");
      if (isStep && fake.issue("WEB-1")?.status === "To Do") fake.as("ann").moveTo("WEB-1", "In Review");
      return fake.fetch(input, init);
    };
    const request = { issue: address("WEB-1"), patch: { state: { category: "closed" } }, ifVersion: null } as const;
    await expect(provider.update.update(call({ fetch }), request)).rejects.toMatchObject({ failure: "retry" });
    expect((await update("WEB-1", request.patch)).issue.state.name).toBe("Done");
  });
});
