import assert from "node:assert/strict";
import type { ChangesPage, IssueSnapshot, ProviderCall } from "@backref/core/provider";
import type { ProviderContext } from "./context.ts";
import { groupOf } from "./define-rules.ts";

/** A cursor that still says "more" after so many pages never ends. */
const mostPages = 200;

export interface PollOptions {
  readonly cursor: string | null;
  readonly startAt?: number;
  readonly withComments?: boolean;
  readonly call?: ProviderCall;
}

export interface Polled {
  readonly issues: readonly IssueSnapshot[];
  readonly comments: ChangesPage["comments"];
  readonly cursor: string;
  readonly pageCount: number;
}

/** One page of changes, the way core asks for it. */
export async function pollPage(context: ProviderContext, options: PollOptions): Promise<ChangesPage> {
  const { cursor, call = context.call(), withComments = context.provider.comments !== undefined } = options;
  const page = await groupOf(context, "changes").list(call, {
    container: context.capabilities.pollScope === "source" ? null : context.container,
    cursor,
    startAt: options.startAt ?? context.tracker.now() - 600_000,
    withComments,
  });
  assert.ok(Array.isArray(page.issues) && Array.isArray(page.comments), "a page has issues and comments");
  assert.ok(typeof page.cursor === "string" && page.cursor !== "", `the cursor is ${JSON.stringify(page.cursor)}`);
  return page;
}

/** Follows the cursor until no more pages wait. */
export async function poll(context: ProviderContext, options: PollOptions): Promise<Polled> {
  const issues: IssueSnapshot[] = [];
  const comments: ChangesPage["comments"][number][] = [];
  let cursor = options.cursor;
  for (let pageCount = 1; pageCount <= mostPages; pageCount += 1) {
    const page = await pollPage(context, { ...options, cursor });
    issues.push(...page.issues);
    comments.push(...page.comments);
    if (!page.more) return { issues, comments, cursor: page.cursor, pageCount };
    assert.notEqual(page.cursor, cursor, "more pages wait, but the cursor did not move");
    cursor = page.cursor;
  }
  assert.fail(`the cursor still says "more" after ${mostPages} pages`);
}

export function itemsOf({ issues }: Pick<Polled, "issues">): readonly string[] {
  return issues.map(({ item }) => item);
}

/** The newest of the rows about an issue: rows may repeat. */
export function lastRow({ issues }: Pick<Polled, "issues">, item: string): IssueSnapshot {
  const row = issues.findLast((issue) => issue.item === item);
  assert.ok(
    row !== undefined,
    `the change of issue ${item} did not appear; got ${JSON.stringify(itemsOf({ issues }))}`,
  );
  return row;
}
