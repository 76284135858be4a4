import assert from "node:assert/strict";
import type { DefectStoreContext } from "./context.ts";

export interface FeedPage {
  readonly ids: readonly string[];
  readonly cursor: string;
}

/** More pages than any rule needs; a feed that never ends is a mistake. */
const mostPages = 500;

export async function askFeed(
  context: DefectStoreContext,
  cursor: string | null,
  limit = 500,
  tenantId: string = context.tenantId,
): Promise<FeedPage> {
  const page = await context.store.changesSince?.({ tenantId, cursor, limit });
  assert.ok(page !== undefined, "the store has no `changesSince`");
  assert.equal(typeof page.cursor, "string", "the cursor is a text");
  assert.ok(page.ids.length <= limit, `${page.ids.length} ids where at most ${limit} were asked for`);
  return page;
}

/** Reads on as Backref does: until a page is not full. Answers all ids and the cursor for the next time. */
export async function drainFeed(
  context: DefectStoreContext,
  from: string | null,
  limit = 500,
  tenantId: string = context.tenantId,
): Promise<FeedPage> {
  const ids: string[] = [];
  let cursor = from;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await askFeed(context, cursor, limit, tenantId);
    ids.push(...page.ids);
    if (page.ids.length < limit) return { ids, cursor: page.cursor };
    assert.notEqual(page.cursor, cursor, "the cursor moves past a full page, or what is behind it is never told");
    cursor = page.cursor;
  }
  throw new Error(`after ${mostPages} pages of ${limit} the feed has not come to an end`);
}

/** The cursor behind everything there is. */
export async function feedEnd(context: DefectStoreContext): Promise<string> {
  return (await drainFeed(context, null)).cursor;
}

/** Runs the change and asserts that the feed tells the defect, under a cursor that has moved. */
export async function assertTold(
  context: DefectStoreContext,
  defectId: string,
  what: string,
  change: () => Promise<unknown>,
): Promise<void> {
  const before = await feedEnd(context);
  await change();
  const { ids, cursor } = await drainFeed(context, before);
  assert.ok(ids.includes(defectId), `${what} was not told`);
  assert.notEqual(cursor, before, `${what} did not move the cursor, so it is taken for a repetition`);
}
