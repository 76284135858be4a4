import type { CommitUnit, LinkRow, Storage } from "@backref/core/storage";
import type { PostgresPool } from "../src/index.ts";
import { manyLinksTenantId } from "../test/support/many-links.ts";

export interface WorkRequest {
  /** Links per claim and commit. */
  readonly batch: number;
  readonly workers: number;
  /** Ends when so many links are done, or nothing is due any more, or this time is over. */
  readonly links?: number;
  readonly durationMs?: number;
}

/** Claims links and commits what was learned of them, as workers do. Answers milliseconds per link. */
export async function workThrough(storage: Storage, request: WorkRequest): Promise<number> {
  const { batch, workers, links = Number.POSITIVE_INFINITY, durationMs = Number.POSITIVE_INFINITY } = request;
  const startedAt = performance.now();
  let count = 0;
  const work = async () => {
    while (count < links && performance.now() - startedAt < durationMs) {
      const claim = { table: "link", owner: "bench", leaseMs: 60_000, limit: batch, limitPerSource: batch } as const;
      const { rows } = await storage.system.claim(claim);
      if (rows.length === 0) return;
      await storage.commit({ tenantId: manyLinksTenantId }, rows.map(release));
      count += rows.length;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return (performance.now() - startedAt) / count;
}

function release(link: LinkRow): CommitUnit {
  const { id, fence, mark, seenVersion } = link;
  const set = { seenVersion: seenVersion + 1, syncedAt: 1_790_000_000_000 };
  return {
    require: [{ table: "link", id, match: { fence, active: 1 } }],
    write: [{ type: "release", table: "link", id, fence, seenMark: mark, nextAfterMs: null, set }],
  };
}

/** Everything is due again, and the database has cleaned up. */
export async function makeDue(pool: PostgresPool, schema: string): Promise<void> {
  await pool.query(
    `UPDATE ${schema}.link_work SET due_at = 1, mark = mark + 1, lease_until = NULL WHERE due_at IS NULL OR lease_until IS NOT NULL`,
  );
  await pool.query(`VACUUM ANALYZE ${schema}.link_work`);
}
