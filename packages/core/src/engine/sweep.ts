import type { Runtime } from "../runtime/runtime.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";
import { isUncounted } from "./comment-count.ts";
import { firstScopeOf } from "./first-scope.ts";

const linksAtOnce = 100;

/**
 * Marks the next idle links of a source to be looked at, whatever polls and webhooks say, with their comments where the
 * tracker does not count those. One scope of a source does it for all. Returns what the scope has to remember.
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
    const ids = idle.flatMap(({ issueId }) => (issueId === null ? [] : [[issueId]]));
    const issues = await storage.find(scope, { table: "issue", by: "id", keys: ids });
    const uncounted = new Set(issues.filter(isUncounted).map(({ id }) => id));
    const isListed = ({ issueId }: LinkRow) => issueId !== null && uncounted.has(issueId);
    const [listed, counted] = [idle.filter(isListed), idle.filter((link) => !isListed(link))];
    const mark = { type: "mark", table: "link", by: "id", afterMs: 0, checkIssue: true } as const;
    await storage.commit(scope, [
      {
        write: [
          ...(counted.length > 0 ? [{ ...mark, keys: counted.map(({ id }) => [id]) }] : []),
          ...(listed.length > 0 ? [{ ...mark, keys: listed.map(({ id }) => [id]), checkComments: true }] : []),
        ],
      },
    ]);
  }
  const isAtEnd = links.length < linksAtOnce;
  return { lastSweptAt: now, sweepCursor: isAtEnd ? null : (links.at(-1)?.id ?? null) };
}
