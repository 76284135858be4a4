import type { IssuePatch } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { address, failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const group = provider.update ?? expect.unreachable();

const issueRoute = "/repos/{owner}/{repo}/issues/{issue_number}";

function withIssue(labels: readonly string[] = ["keep", "old"]) {
  const context = setUp();
  const issue = context.fake.as("ann").createIssue("acme/web", { title: "Title", body: "Body", labels });
  const update = (patch: IssuePatch, call = context.call) =>
    group.update(call, { issue: address(issue), patch, ifVersion: null });
  return { ...context, issue, update };
}

describe("update", () => {
  test("title, body and state go out in one request; the answer is the snapshot", async () => {
    const { update, sent, fake } = withIssue();
    const state = { category: "closed", reason: "not_planned" } as const;
    const { issue, warnings } = await update({ title: "New", body: "New body", state });
    expect(warnings).toEqual([]);
    expect(issue).toMatchObject({
      title: "New",
      body: "New body",
      state: { id: "closed", category: "closed", reason: "not_planned" },
      labels: ["keep", "old"],
    });
    expect(sent()).toEqual([`PATCH ${issueRoute}`]);
    expect(fake.violations).toEqual([]);
  });

  test.each([
    [{ category: "closed" }, "completed"],
    [{ category: "closed", reason: "not-planned" }, "not_planned"],
    [{ category: "closed", reason: "Duplicate" }, "duplicate"],
    [{ category: "closed", reason: "somebody's own word" }, "completed"],
  ] as const)("%j closes as %s", async (state, reason) => {
    const { update } = withIssue();
    expect((await update({ state })).issue.state).toMatchObject({ id: "closed", reason });
  });

  test.each(["open", "active"] as const)("%s opens again", async (category) => {
    const { update, fake } = withIssue();
    fake.as("ann").closeIssue("acme/web", 1);
    const { issue, warnings } = await update({ state: { category } });
    expect(issue.state).toEqual({ id: "open", name: "Open", category: "open", reason: null });
    expect(warnings).toEqual([]);
  });

  test("another reason for an issue that is closed already is told", async () => {
    const { update, fake } = withIssue();
    fake.as("ann").closeIssue("acme/web", 1, "duplicate");
    const { warnings } = await update({ state: { category: "closed", reason: "completed" } });
    expect(warnings).toEqual([{ field: "state", message: expect.stringContaining('keeps the reason "duplicate"') }]);
  });

  test("labels are added and removed one by one; only labels cost a read-back", async () => {
    const { update, sent, fake } = withIssue();
    const { issue, warnings } = await update({ labels: { add: ["priority: high", "x/y"], remove: ["old", "absent"] } });
    expect(issue.labels).toEqual(["keep", "priority: high", "x/y"]);
    expect(warnings).toEqual([]);
    expect(sent()).toEqual([
      `POST ${issueRoute}/labels`,
      `DELETE ${issueRoute}/labels/{name}`,
      `DELETE ${issueRoute}/labels/{name}`,
      `GET ${issueRoute}`,
    ]);
    expect(fake.violations).toEqual([]);
  });

  test.each([".", ".."])(
    "a label that no address can name is left, and no other request made of it: %s",
    async (name) => {
      const { update, fake } = withIssue();
      await update({ labels: { add: [name], remove: [] } });
      const mark = fake.mark();
      const { issue, warnings } = await update({ labels: { add: [], remove: [name] } });
      expect(issue.labels).toEqual([name, "keep", "old"]);
      expect(warnings).toEqual([{ field: "labels", message: expect.stringContaining("cannot address") }]);
      expect(fake.requestsSince(mark).map(({ method }) => method)).toEqual(["GET"]);
    },
  );

  test("labels together with other fields need no read-back", async () => {
    const { update, sent } = withIssue();
    const { issue } = await update({ title: "New", labels: { add: ["new"], remove: [] } });
    expect(issue).toMatchObject({ title: "New", labels: ["keep", "new", "old"] });
    expect(sent()).toEqual([`POST ${issueRoute}/labels`, `PATCH ${issueRoute}`]);
  });

  test("labels that are refused are a warning, and the rest goes out", async () => {
    const { update, fake, callWith } = withIssue();
    const token = fake.createToken({ login: "ann", access: "read" });
    const patch = { title: "New", labels: { add: ["new"], remove: ["old"] } };
    const { issue, warnings } = await update(patch, callWith({ token }));
    expect(issue).toMatchObject({ title: "New", labels: ["keep", "old"] });
    expect(new Set(warnings.map((warning) => warning.field))).toEqual(new Set(["labels"]));
    expect(warnings.length).toBeGreaterThan(0);
  });

  test("fields that GitHub drops without a word are told", async () => {
    const { update, fake } = withIssue();
    fake.faults.add({ kind: "drop-fields", fields: ["title", "state"] });
    const { issue, warnings } = await update({ title: "New", body: "B", state: { category: "closed" } });
    expect(issue).toMatchObject({ title: "Title", body: "B" });
    expect(warnings.map(({ field }) => field)).toEqual(["title", "state"]);
  });

  test("space and line ends that GitHub changes are no difference", async () => {
    const { update } = withIssue();
    expect((await update({ title: " New ", body: "a\r\nb\n" })).warnings).toEqual([]);
  });

  test("a deleted issue is gone, also where only labels change", async () => {
    const { update, fake } = withIssue();
    fake.as("ann").deleteIssue("acme/web", 1);
    expect(await failureOf(update({ title: "New" }))).toMatchObject({ failure: "gone", status: 410 });
    expect(await failureOf(update({ labels: { add: ["a"], remove: ["b"] } }))).toMatchObject({ failure: "gone" });
  });

  test("a transferred issue is gone and nothing is written elsewhere", async () => {
    const { update, fake } = withIssue();
    fake.addRepository("acme/api");
    fake.transferIssue("acme/web", 1, "acme/api");
    expect(await failureOf(update({ title: "New" }))).toMatchObject({ failure: "gone" });
    expect(fake.issue("acme/api", 1)?.title).toBe("Title");
  });

  test("where a label to add is dropped without a word, the one it replaces stays", async () => {
    const { update, fake, callWith, sent } = withIssue();
    const token = fake.createToken({ login: "ann", access: "triage" });
    const { issue, warnings } = await update({ labels: { add: ["new"], remove: ["old"] } }, callWith({ token }));
    expect(issue.labels).toEqual(["keep", "old"]);
    expect(warnings).toEqual([{ field: "labels", message: expect.stringContaining('did not set "new"') }]);
    expect(sent()).toEqual([`POST ${issueRoute}/labels`, `GET ${issueRoute}`]);
  });

  test("labels that were written are no refusal, though the read-back is older", async () => {
    const { update, fake, time } = withIssue();
    await time.advance(60_000);
    fake.faults.add({ kind: "stale", ms: 10_000, match: { method: "GET", operation: issueRoute } });
    const { issue, warnings } = await update({ labels: { add: ["new"], remove: ["old"] } });
    expect(issue.labels).toEqual(["keep", "new"]);
    expect(warnings).toEqual([]);
  });

  test.each([
    ["a read-back that fails", { kind: "status-before", status: 503 }, { method: "GET" }],
    ["a read-back that meets the rate limit", { kind: "rate-limit-primary", resetSeconds: 60 }, { method: "GET" }],
    [
      "a second label that meets the rate limit",
      { kind: "rate-limit-secondary", retryAfterSeconds: 9 },
      { method: "DELETE" },
    ],
    ["a refused connection", { kind: "refuse" }, { method: "DELETE" }],
  ] as const)("after a label was written, %s leaves the update in doubt", async (_what, fault, match) => {
    const { update, fake } = withIssue();
    fake.faults.add({ ...fault, match });
    const error = await failureOf(update({ labels: { add: ["new"], remove: ["old"] } }));
    expect(error).toMatchObject({ failure: "ambiguous", operation: "issue.update" });
    expect(fake.issue("acme/web", 1)?.labels).toContain("new");
  });

  test("before anything was written, a failure is what it is", async () => {
    const { update, fake } = withIssue();
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 9 });
    const error = await failureOf(update({ title: "New", labels: { add: ["new"], remove: [] } }));
    expect(error).toMatchObject({ failure: "wait", retryAfterMs: 9_000 });
  });

  test("a write without an answer is ambiguous, whichever it was", async () => {
    const { update, fake } = withIssue();
    fake.faults.add({ kind: "lost-after" });
    expect(await failureOf(update({ labels: { add: ["new"], remove: [] } }))).toMatchObject({ failure: "ambiguous" });
    fake.faults.add({ kind: "status-after", status: 502 });
    expect(await failureOf(update({ title: "New" }))).toMatchObject({ failure: "ambiguous" });
  });
});
