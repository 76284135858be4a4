import type { Runtime } from "../runtime/runtime.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";
import { firstScopeOf } from "./first-scope.ts";

const linksAtOnce = 100;

/**
 * Marks the next idle links of a source to be looked at, whatever polls and webhooks say. One scope of a source does it for
 * all. Returns what the scope has to remember.
 */
export async function sweep(runtime: Runtime, row: PollScopeRow): Promise<Partial<PollScopeRow>> {
  const { storage, clock, limits } = runtime;
  const now = clock.now();
  const { lastSweptAt } = row;
  // A scope that begins has nothing to sweep yet: its links were read a moment ago.
  if (lastSweptAt === null) return { lastSweptAt: now };
  if (now - lastSweptAt < limits.sweepIntervalMs) return {};
  const scope = { tenantId: row.tenantId };
  const first = await firstScopeOf(runtime, { tenantId: row.tenantId, id: row.sourceId });
  if (first?.id !== row.id) return { lastSweptAt: now };
  const links = await storage.find(scope, {
    table: "link",
    by: "source",
    keys: [[row.sourceId]],
    limit: linksAtOnce,
    ...(row.sweepCursor === null ? {} : { after: row.sweepCursor }),
  });
  const idle = links.filter((link) => link.active === 1 && link.issueId !== null && link.dueAt === null);
  if (idle.length > 0) {
    const keys = idle.map((link) => [link.id]);
    await storage.commit(scope, [
      { write: [{ type: "mark", table: "link", by: "id", keys, afterMs: 0, checkIssue: true }] },
    ]);
  }
  const isAtEnd = links.length < linksAtOnce;
  return { lastSweptAt: now, sweepCursor: isAtEnd ? null : (links.at(-1)?.id ?? null) };
}
