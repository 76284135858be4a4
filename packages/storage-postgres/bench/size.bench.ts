import type { CommitUnit, Storage } from "@backref/core/storage";
import { sampleRow } from "@backref/testing";
import { startServer } from "backref-postgres-server";
import type { Figure } from "../../../scripts/figure.ts";
import { createPostgresStorage, type PostgresPool } from "../src/index.ts";
import { insertLinks, manyLinksTenantId as tenantId } from "../test/support/many-links.ts";
import { makeDue, workThrough } from "./link-work.ts";

export const title = "PostgreSQL: a hundred times as many links";
export const about =
  "The same work in a database with a million links, against ten thousand. Time per link must not grow with their number.";

const sizes = { few: 10_000, many: 1_000_000 } as const;
const rounds = 9;
const linksPerRound = 2_500;
const callsPerRound = 300;

interface World {
  readonly links: number;
  readonly schema: string;
  readonly pool: PostgresPool;
  readonly storage: Storage;
  /** Another number from 0 to `links` each time, all over the tables. */
  nextNumber(): number;
}

async function createWorld(pool: PostgresPool, links: number): Promise<World> {
  const schema = `links_${links}`;
  const storage = createPostgresStorage({ pool, schema });
  await storage.migrate();
  await insertLinks(pool, schema, { first: 0, count: links, sources: 10 });
  // No factor of either size, so every number comes before one comes again.
  const stride = 7_919;
  let number = 0;
  const nextNumber = () => {
    number = (number + stride) % links;
    return number;
  };
  return { links, schema, pool, storage, nextNumber };
}

const padded = (number: number) => String(number).padStart(9, "0");
let calls = 0;

/** What an edit in the host is recorded with. */
function edit(number: number): CommitUnit {
  const id = `defect-${padded(number)}`;
  calls += 1;
  return {
    write: [
      { type: "update", table: "defect", id, set: { title: `Changed ${calls}` } },
      { type: "mark", table: "link", by: "defect", keys: [[id]], afterMs: 0 },
      { type: "insert", table: "activity", row: sampleRow("activity", { tenantId, id: `a${calls}`, defectId: id }) },
    ],
  };
}

/** What a delivery about an issue is kept with: unless it is known already. */
function delivery(number: number): CommitUnit {
  calls += 1;
  const row = sampleRow("delivery", { tenantId, id: `d${calls}`, deliveryId: `d${calls}` });
  const mark = { type: "mark", table: "link", by: "issue", keys: [[`issue-${padded(number)}`, 1]] } as const;
  return {
    write: [
      { type: "insert", table: "delivery", row, ifExists: "skip" },
      { ...mark, afterMs: 0, checkIssue: true },
    ],
  };
}

async function timeCalls({ storage, nextNumber }: World, unitOf: (number: number) => CommitUnit): Promise<number> {
  const startedAt = performance.now();
  for (let call = 0; call < callsPerRound; call += 1) {
    const [outcome] = await storage.commit({ tenantId }, [unitOf(nextNumber())]);
    if (outcome?.status !== "committed") throw new TypeError(`A call was answered ${JSON.stringify(outcome)}.`);
  }
  return (performance.now() - startedAt) / callsPerRound;
}

const measures = {
  "claim and commit a link": async ({ storage, pool, schema }: World) => {
    await makeDue(pool, schema);
    return workThrough(storage, { batch: 50, workers: 1, links: linksPerRound });
  },
  "record an edit": (world: World) => timeCalls(world, edit),
  "take a webhook delivery": (world: World) => timeCalls(world, delivery),
} as const;

export async function figures(): Promise<readonly Figure[]> {
  // Room for the tables of the larger size, as a server of that size would have, and no checkpoint in between.
  const server = await startServer({ settings: { shared_buffers: "2GB", max_wal_size: "16GB" } });
  try {
    const pool = server.createPool({ max: 1 });
    const few = await createWorld(pool, sizes.few);
    const many = await createWorld(pool, sizes.many);
    const found: Figure[] = [];
    for (const [name, measure] of Object.entries(measures)) {
      const times: { readonly few: number; readonly many: number }[] = [];
      for (const world of [few, many]) await measure(world);
      for (let round = 0; round < rounds; round += 1) {
        if (round % 2 === 0) times.push({ few: await measure(few), many: await measure(many) });
        else {
          const ofMany = await measure(many);
          times.push({ few: await measure(few), many: ofMany });
        }
      }
      found.push(...figuresOf(name, times));
    }
    return found;
  } finally {
    await server.stop();
  }
}

function figuresOf(name: string, times: readonly { readonly few: number; readonly many: number }[]): readonly Figure[] {
  const perSecond = (time: number) => Math.round(1_000 / time);
  const ofFew = median(times.map(({ few }) => few));
  const ofMany = median(times.map(({ many }) => many));
  const ratio = median(times.map(({ few, many }) => many / few));
  return [
    {
      name: `storage-postgres: ${name}, one worker, ${sizes.many} links against ${sizes.few}`,
      value: perSecond(ofMany),
      unit: "per second",
      baseline: perSecond(ofFew),
    },
    {
      name: `storage-postgres: time to ${name} at ${sizes.many} links against ${sizes.few}`,
      value: Number(ratio.toFixed(2)),
      unit: "times",
      baseline: 1,
    },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
