import { StorageError } from "../errors/storage-error.ts";
import { inBatches } from "../issues/read-batch.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommitUnit, MarkWrite } from "../storage/commit.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";
import { firstScopeOf } from "./first-scope.ts";

/** What is left over waits for the next turn. */
const pagesPerTurn = 10;
const idsPerPage = 500;

/**
 * A changed value deserves the fresh start that an edit gets. A repetition would give it again and again, so it leaves alone
 * the links that fail and those whose issue is gone; the look of any other costs no request unless its defect did change.
 */
async function marksOf(
  runtime: Runtime,
  row: PollScopeRow,
  page: { readonly ids: readonly string[]; readonly isRepetition: boolean },
): Promise<readonly MarkWrite[]> {
  const { storage } = runtime;
  const scope = { tenantId: row.tenantId };
  const mark = { type: "mark", table: "link", afterMs: 0 } as const;
  const marks: MarkWrite[] = [];
  for (const ids of inBatches([...new Set(page.ids)], idsPerPage)) {
    const keys = ids.map((id) => [id, row.sourceId, 1]);
    if (!page.isRepetition) {
      marks.push({ ...mark, by: "defectSource", keys, reset: true });
      continue;
    }
    const links = await storage.find(scope, { table: "link", by: "defectSource", keys });
    const healthy = links.filter((link) => link.failure === null);
    const issueIds = healthy.flatMap((link) => link.issueId ?? []);
    const issues = await storage.find(scope, { table: "issue", by: "id", keys: issueIds.map((id) => [id]) });
    const live = new Set(issues.filter((issue) => issue.state === "live").map((issue) => issue.id));
    const woken = healthy.filter((link) => link.issueId !== null && live.has(link.issueId));
    if (woken.length > 0) marks.push({ ...mark, by: "id", keys: woken.map((link) => [link.id]) });
  }
  return marks;
}

async function readPages(runtime: Runtime, row: PollScopeRow): Promise<void> {
  const { defects, storage } = runtime;
  const { tenantId } = row;
  let cursor = row.defectCursor;
  for (let page = 0; page < pagesPerTurn; page += 1) {
    const found = await defects.changesSince?.({ tenantId, cursor, limit: idsPerPage });
    if (found === undefined) return;
    const isRepetition = found.cursor === cursor;
    const isFull = found.ids.length >= idsPerPage;
    const marks = await marksOf(runtime, row, { ids: found.ids, isRepetition });
    const units: CommitUnit[] = marks.length > 0 ? [{ write: marks }] : [];
    // The cursor follows the marks it stands for, never the other way round.
    if (!isRepetition) {
      units.push({
        require: [{ table: "pollScope", id: row.id, match: { fence: row.fence } }],
        write: [{ type: "update", table: "pollScope", id: row.id, set: { defectCursor: found.cursor } }],
      });
    }
    const outcomes = units.length > 0 ? await storage.commit({ tenantId }, units) : [];
    if (isRepetition && isFull) {
      logEvent(runtime, "defect-feed-stuck", { tenantId, sourceId: row.sourceId, limit: idsPerPage });
    }
    if (isRepetition || !isFull || outcomes.at(-1)?.status !== "committed") return;
    cursor = found.cursor;
  }
}

/**
 * Makes links of the source due whose defect changed in the host without a notice. One scope of a source asks for all. A
 * store that cannot answer is asked again next time, and holds up nothing else.
 */
export async function feedDefects(runtime: Runtime, row: PollScopeRow): Promise<void> {
  if (runtime.defects.changesSince === undefined) return;
  const { tenantId, sourceId } = row;
  const first = await firstScopeOf(runtime, { tenantId, id: sourceId });
  if (first?.id !== row.id) return;
  try {
    await readPages(runtime, row);
  } catch (error) {
    if (StorageError.isInstance(error)) throw error;
    logEvent(runtime, "defect-feed-failed", { tenantId, sourceId, ...loggedError(error) });
  }
}
