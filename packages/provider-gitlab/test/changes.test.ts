import type { ChangesPage } from "@backref/core/provider";
import { expect, test } from "vitest";
import { project, setUp } from "./support.ts";

function world() {
  const parts = setUp();
  const { provider, call, time, fake } = parts;
  const startAt = time.now();
  /** Everything since a cursor, and what it took. */
  const poll = async (cursor: string | null, withComments = false) => {
    const mark = fake.mark();
    const pages: ChangesPage[] = [];
    let next = cursor;
    do {
      const page = await provider.changes.list(call(), { container: project, cursor: next, startAt, withComments });
      pages.push(page);
      next = page.cursor;
    } while (pages.at(-1)?.more);
    const issues = pages.flatMap((page) => page.issues.map(({ item }) => Number(item)));
    const [left, comments] = [pages.flatMap((page) => page.left ?? []), pages.flatMap((page) => page.comments)];
    return { issues, left, comments, cursor: next ?? "", requests: fake.requestsSince(mark).length };
  };
  return { ...parts, poll };
}

test("more changes than a page holds are told once each, also when some change meanwhile", async () => {
  const { poll, ann, time, fake, provider, call } = world();
  for (let count = 0; count < 250; count += 1) ann.createIssue(project, { title: `${count}` });
  const first = await provider.changes.list(call(), {
    ...{ container: project, cursor: null, startAt: time.now() - 1_000, withComments: false },
  });
  expect([first.issues.length, first.more]).toEqual([100, true]);
  // It leaves the pages that follow, and stands at their end.
  ann.editIssue(`${project}#120`, { title: "changed" });
  const rest = await poll(first.cursor);
  const told = [...first.issues.map(({ item }) => Number(item)), ...rest.issues];
  expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  await time.advance(60_000);
  const idle = await poll(rest.cursor);
  expect([idle.issues, idle.cursor]).toEqual([[], rest.cursor]);
  expect(fake.violations).toEqual([]);
});

test("a page full of changes of one moment does not lead in a circle", async () => {
  const { provider, call, time, answering } = world();
  const at = new Date(time.now()).toISOString();
  const row = (iid: number) => ({
    ...{ id: 1_000 + iid, iid, title: "x", description: null, state: "opened", labels: [], created_at: at },
    ...{ updated_at: at, references: { full: `${project}#${iid}` }, moved_to_id: null, user_notes_count: 0 },
  });
  const rows = Array.from({ length: 250 }, (_, index) => row(index + 1));
  const asked: string[] = [];
  const fetch: ReturnType<typeof call>["fetch"] = async (input) => {
    const { searchParams } = new URL(String(input));
    const page = Number(searchParams.get("page"));
    asked.push(`${page}`);
    const isLast = page * 100 >= rows.length;
    const headers = { "content-type": "application/json", "x-next-page": isLast ? "" : String(page + 1) };
    return new Response(JSON.stringify(rows.slice((page - 1) * 100, page * 100)), { headers });
  };
  const told: string[] = [];
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const request = { container: project, cursor, startAt: time.now() - 5_000, withComments: false };
    const page = await provider.changes.list({ ...answering(200, ""), fetch }, request);
    told.push(...page.issues.map(({ item }) => item));
    [cursor, more] = [page.cursor, page.more];
    expect(asked.length).toBeLessThan(20);
  }
  expect(new Set(told).size).toBe(250);
});

test("comments come with the issue that changed, a moved issue as one that left", async () => {
  const { poll, ann, time } = world();
  ann.createIssue(project, { title: "One" });
  ann.createIssue(project, { title: "Two" });
  ann.note(`${project}#1`, "hello");
  ann.note(`${project}#1`, "hush", { internal: true });
  const first = await poll(null, true);
  expect(first.comments.map(({ comment }) => [comment.body, comment.visibility])).toEqual([
    ["hello", "public"],
    ["hush", "internal"],
  ]);
  // One for the list, one for the issue that has comments.
  expect([first.issues, first.requests]).toEqual([[2, 1], 2]);
  await time.advance(20_000);
  ann.moveIssue(`${project}#2`, "acme/shop/api");
  const second = await poll(first.cursor, true);
  expect([second.issues, second.left.map(({ item }) => item)]).toEqual([[], ["2"]]);
});

test("a row that cannot be read holds up no other, and a cursor of another version begins anew", async () => {
  const { provider, call, time, fake, ann } = world();
  ann.createIssue(project, { title: "One" });
  const logged: string[] = [];
  const fetch: typeof fake.fetch = async (input, init) => {
    const rows = (await (await fake.fetch(input, init)).json()) as unknown[];
    return Response.json([{ id: 5 }, null, ...rows]);
  };
  const logger = { log: (_level: string, message: string) => void logged.push(message) };
  const request = { container: project, cursor: '{"since":"x"}', startAt: time.now() - 1_000, withComments: false };
  const page = await provider.changes.list(call({ fetch, logger }), request);
  expect([page.issues.map(({ item }) => item), logged.length]).toEqual([["1"], 2]);
});
