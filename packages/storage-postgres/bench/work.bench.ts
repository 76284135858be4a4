import { startServer } from "backref-postgres-server";
import type { Figure } from "../../../scripts/figure.ts";
import { createPostgresStorage } from "../src/index.ts";
import { insertLinks } from "../test/support/many-links.ts";
import { makeDue, workThrough } from "./link-work.ts";

export const title = "PostgreSQL: work in batches";
export const about = "Claiming due links and committing what became of them, in batches, against one by one.";

const links = 100_000;
const batch = 50;
const workers = 3;
const schema = "bench";

export async function figures(): Promise<readonly Figure[]> {
  const server = await startServer();
  try {
    const pool = server.createPool({ max: workers });
    const storage = createPostgresStorage({ pool, schema });
    await storage.migrate();
    await insertLinks(pool, schema, { first: 0, count: links, sources: 10 });
    const perSecond = async (size: number, durationMs: number) =>
      1_000 / (await workThrough(storage, { batch: size, workers, durationMs }));
    await perSecond(batch, 500);
    const single = await perSecond(1, 3_000);
    await makeDue(pool, schema);
    const batched = await perSecond(batch, 3_000);
    return [
      {
        name: `storage-postgres: claim + fenced commit in batches of ${batch}, ${links} links, ${workers} workers`,
        value: Math.round(batched),
        unit: "links/s",
        baseline: Math.round(single),
      },
      {
        name: "storage-postgres: batched against one by one",
        value: Number((batched / single).toFixed(1)),
        unit: "times",
        baseline: 1,
      },
    ];
  } finally {
    await server.stop();
  }
}
