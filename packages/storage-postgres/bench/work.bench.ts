import type { CommitUnit, LinkRow, Storage } from "@backref/core/storage";
import type { Figure } from "../../../scripts/figure.ts";
import { createPostgresStorage, type PostgresPool } from "../src/index.ts";
import { insertLinks, manyLinksTenantId } from "../test/support/many-links.ts";
import { startServer } from "../test/support/server.ts";

const links = 100_000;
const batch = 50;

const workers = 3;

/** Claims links and commits what was learned of them, as workers do; links per second. */
async function workThrough(storage: Storage, size: number, durationMs: number): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  const work = async () => {
    while (performance.now() - startedAt < durationMs) {
      const claim = { table: "link", owner: "bench", leaseMs: 60_000, limit: size, limitPerSource: size } as const;
      const { rows } = await storage.system.claim(claim);
      if (rows.length === 0) return;
      await storage.commit({ tenantId: manyLinksTenantId }, rows.map(release));
      count += rows.length;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return (count * 1_000) / (performance.now() - startedAt);
}

function release(link: LinkRow): CommitUnit {
  const { id, fence, mark, seenVersion } = link;
  const set = { seenVersion: seenVersion + 1, syncedAt: 1_790_000_000_000 };
  return {
    require: [{ table: "link", id, match: { fence, active: 1 } }],
    write: [{ type: "release", table: "link", id, fence, seenMark: mark, nextAfterMs: null, set }],
  };
}

async function makeDue(pool: PostgresPool): Promise<void> {
  await pool.query("UPDATE bench.link_work SET due_at = 1, mark = mark + 1, lease_until = NULL WHERE due_at IS NULL");
  await pool.query("VACUUM ANALYZE bench.link_work");
}

export async function figures(): Promise<readonly Figure[]> {
  const server = await startServer();
  try {
    const pool = server.createPool({ max: workers });
    const storage = createPostgresStorage({ pool, schema: "bench" });
    await storage.migrate();
    await insertLinks(pool, "bench", { first: 0, count: links, sources: 10 });
    await workThrough(storage, batch, 500);
    const single = await workThrough(storage, 1, 3_000);
    await makeDue(pool);
    const batched = await workThrough(storage, batch, 3_000);
    return [
      {
        name: `claim + fenced commit in batches of ${batch}, ${links} links`,
        value: Math.round(batched),
        unit: "links/s",
        baseline: Math.round(single),
      },
      { name: "batched against one by one", value: Number((batched / single).toFixed(1)), unit: "times", baseline: 1 },
    ];
  } finally {
    await server.stop();
  }
}
