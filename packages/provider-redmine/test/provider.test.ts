import type { IssueAddress } from "@backref/core/provider";
import { missingRedmine } from "backref-redmine-server";
import { describe, expect, test } from "vitest";
import { createUnderTest } from "./under-test.ts";

const missing = missingRedmine();

/** The provider and its calls, on a project of its own. */
async function createCalls(changes: object = {}) {
  const underTest = await createUnderTest("markdown");
  const { provider, redmine, container, time } = underTest;
  const auth = provider.describe().auth.parse(underTest.auth);
  const options = provider.describe().options.parse({ textFormat: "markdown", ...changes });
  if (!auth.ok || !options.ok) throw new Error("The forms refuse what is under test.");
  const call = (init: RequestInit = {}) => ({
    baseUrl: underTest.baseUrl,
    auth: auth.value,
    options: options.value,
    credentialId: "1",
    clock: time.clock,
    scheduler: time.scheduler,
    random: { bytes: (length: number) => new Uint8Array(length) },
    logger: { log: () => {} },
    signal: new AbortController().signal,
    fetch: async (input: string | URL | Request, given?: RequestInit) =>
      (underTest.fetch ?? fetch)(input, { ...given, headers: { ...given?.headers, ...init.headers } }),
  });
  const act = async (action: string, members: object = {}) => (await redmine.act({ action, ...members }))[0];
  const { read, changes: polling, create, update, comments } = provider;
  if (!(read && polling && create && update && comments)) throw new Error("The provider lacks a group.");
  return { ...underTest, call, act, read, polling, create, update, comments, container };
}

const addressed = (container: string, item: number): IssueAddress => {
  return { remoteId: String(item), container, item: String(item), raw: null };
};

describe.runIf(missing === null)("on a real Redmine", () => {
  test("a thousand issues are read with ten requests", async () => {
    const { act, read, call, container, countRequests } = await createCalls();
    const titles = Array.from({ length: 1_000 }, (_, index) => `Issue ${index}`);
    const items = (await act("create_issues", { project: container, titles })) as readonly number[];
    const before = countRequests();
    const outcomes = await read.issues(call(), { issues: items.map((item) => addressed(container, item)) });
    expect(outcomes.filter(({ kind }) => kind === "live")).toHaveLength(1_000);
    expect(countRequests() - before).toBe(10);
  });

  test("a key that Redmine does not know makes nothing look gone", async () => {
    const { act, read, call, container } = await createCalls();
    const item = Number(await act("create_issue", { project: container, title: "Private to the team" }));
    await act("publish_project", { project: container });
    await act("edit_issue", { item, is_private: true });
    const stranger = call({ headers: { "x-redmine-api-key": "unknown" } });
    const attempt = read.issues(stranger, { issues: [addressed(container, item)] });
    await expect(attempt).rejects.toMatchObject({ failure: "auth" });
  });

  test("private issues stay there unless the source says otherwise", async () => {
    const closed = await createCalls();
    const open = await createCalls({ privateIssues: true });
    for (const world of [closed, open]) {
      const { act, read, polling, call, container, time } = world;
      const item = Number(await act("create_issue", { project: container, title: "Secret" }));
      await act("edit_issue", { item, is_private: true });
      const [outcome] = await read.issues(call(), { issues: [addressed(container, item)] });
      const request = { container, cursor: null, startAt: time.now() - 60_000, withComments: false };
      const page = await polling.list(call(), request);
      const isOpen = world === open;
      expect(outcome?.kind).toBe(isOpen ? "live" : "no-access");
      expect([page.issues.length, page.left?.length]).toEqual(isOpen ? [1, 0] : [0, 1]);
    }
  });

  test("without a tracker's clock the last second is told again", async () => {
    const { act, polling, call, container, time } = await createCalls();
    await act("create_issue", { project: container, title: "Now" });
    await time.advance(60_000);
    const request = { container, cursor: null, startAt: time.now() - 120_000, withComments: false };
    const silent = call({ headers: { "x-test-no-date": "1" } });
    const first = await polling.list(silent, request);
    const second = await polling.list(silent, { ...request, cursor: first.cursor });
    expect([second.issues.length, second.cursor]).toEqual([1, first.cursor]);
    const third = await polling.list(call(), { ...request, cursor: second.cursor });
    const fourth = await polling.list(call(), { ...request, cursor: third.cursor });
    expect([third.issues.length, fourth.issues.length]).toEqual([1, 0]);
  });

  test("who cannot be assigned is warned of, and the rest goes out", async () => {
    const { act, create, update, call, container } = await createCalls();
    const common = { body: "", token: "t", labels: [], priority: null, type: null, fields: {} };
    const made = await create.create(call(), { ...common, container, title: "A", assigneeIds: ["1"] });
    expect(made.warnings).toMatchObject([{ field: "assignees" }]);
    const item = Number(made.issue.item);
    const person = String(await act("add_person", { project: container, name: "quinn" }));
    await act("edit_issue", { item, assigned_to_id: Number(person) });
    for (const stranger of ["1", "nobody"]) {
      const patch = { title: `For ${stranger}`, assigneeIds: { add: [stranger], remove: [] } };
      const result = await update.update(call(), { issue: addressed(container, item), patch, ifVersion: null });
      expect(result.warnings).toMatchObject([{ field: "assignees" }]);
      expect(result.issue).toMatchObject({ title: `For ${stranger}`, assignees: [{ id: person }] });
    }
    const patch = { assigneeIds: { add: [], remove: [person] } };
    const cleared = await update.update(call(), { issue: addressed(container, item), patch, ifVersion: null });
    expect([cleared.issue.assignees, cleared.warnings]).toEqual([[], []]);
  });

  test("fields and trackers go by their names; what there is not is told", async () => {
    const { create, call, container } = await createCalls({ priorities: "name" });
    const common = { body: "", token: "t", labels: [], assigneeIds: [], container, title: "A" };
    const fields = { due_date: "2026-12-24", estimated_hours: 2.5, nonsense: 1 };
    const made = await create.create(call(), { ...common, priority: "Urgent", type: "feature", fields });
    expect(made.issue).toMatchObject({ type: "Feature", priority: "Urgent" });
    expect(made.warnings).toMatchObject([{ field: "fields" }]);
    const wrong = { ...common, fields: {}, priority: null, type: "Epic" };
    await expect(create.create(call(), wrong)).rejects.toMatchObject({ failure: "permanent", field: "type" });
    const unknown = { ...common, fields: {}, priority: "Whenever", type: null };
    await expect(create.create(call(), unknown)).rejects.toMatchObject({ failure: "permanent", field: "priority" });
    const hidden = { ...common, fields: { is_private: true }, priority: null, type: null };
    await expect(create.create(call(), hidden)).rejects.toMatchObject({ failure: "permanent", field: "is_private" });
  });
});

if (missing !== null) test("on a real Redmine", ({ skip }) => skip(missing));
