import { createSeededRandom } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { startServer, type TestServer } from "backref-postgres-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage } from "../../src/index.ts";
import { createHost, type Death, type HostSettings, leaseMs } from "./host.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";
import { createWorkload, repository } from "./workload.ts";

/** `BACKREF_KILLS=1000` is the deep mode. */
const kills = Number(process.env["BACKREF_KILLS"] ?? "50");
const workersAtOnce = 3;
const lookMs = 200;
const patienceMs = 120_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const sleep = (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs));

function createChoice(seed: number) {
  const { bytes } = createSeededRandom(seed);
  return () => ((bytes(1)[0] ?? 0) * 256 + (bytes(1)[0] ?? 0)) / 65_536;
}

/** Every other worker dies at a named point by its own hand; the rest are killed at some moment. */
function deathOf(random: () => number): Death | null {
  if (random() < 0.5) return null;
  const call = (["claim", "commit", "find", "fetch"] as const)[Math.floor(random() * 4)] ?? "commit";
  return { call, when: random() < 0.5 ? "before" : "after", number: 1 + Math.floor(random() * 12) };
}

async function prepare(schema: string, seed: number) {
  const random = createChoice(seed);
  const pool = server.createPool({ max: 8 });
  const storage = createPostgresStorage({ pool, schema });
  await storage.migrate();
  const github = createFakeGitHub({ repositories: [repository] });
  const port = await github.listen();
  const host = createHost(storage, fetch);
  const workload = await createWorkload(host, github, { githubUrl: port.url, defects: 12, random });
  const settings: HostSettings = { databaseUrl: server.url, schema, githubUrl: port.url, death: null };
  return { random, pool, schema, storage, github, port, host, workload, settings };
}

/** One healthy worker, until nothing is due any more and both sides agree. A link that failed often waits longer. */
async function settle({ host, storage, workload }: Awaited<ReturnType<typeof prepare>>): Promise<void> {
  const stop = host.sync.start();
  try {
    for (let looks = 0; looks < patienceMs / lookMs; looks += 1) {
      await sleep(lookMs);
      if ((await storage.system.nextDueInMs("link")) === null && (await workload.problems()).length === 0) return;
    }
  } finally {
    await stop();
  }
}

/** Leases of the dead that have run out, and that a pass has not taken over. */
async function forsaken({ pool, schema }: Awaited<ReturnType<typeof prepare>>): Promise<number> {
  const statement = `SELECT id FROM ${schema}.link_work WHERE due_at <= lease_until AND lease_until < ${schema}.storage_now() - 1000`;
  return (await pool.query(statement)).rows.length;
}

describe("workers that are killed", () => {
  test(`${kills} times: one issue per defect, no edit lost, no link stuck`, {
    timeout: 240_000 + kills * 3_000,
  }, async () => {
    const world = await prepare("killed", 1);
    const { random, workload, settings, port } = world;
    const workers: WorkerProcess[] = [];
    let killed = 0;
    const errors: string[] = [];
    try {
      while (killed < kills) {
        while (workers.length < workersAtOnce) workers.push(startWorker({ ...settings, death: deathOf(random) }));
        for (let edit = 0; edit < 2; edit += 1) await workload.act();
        await sleep(20 + random() * 150);
        const victim = workers.findIndex((worker) => worker.isGone || worker.isReady);
        const worker = workers[victim];
        if (worker === undefined) continue;
        await worker.kill();
        errors.push(worker.errors);
        workers.splice(victim, 1);
        killed += 1;
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()));
    }
    expect(errors.filter((text) => text !== "")).toEqual([]);
    await sleep(leaseMs);
    await world.host.sync.run({ maxMs: 5_000 });
    expect(await forsaken(world)).toBe(0);
    await settle(world);
    expect(await workload.problems()).toEqual([]);
    await world.host.close();
    await port.close();
  });

  test("or cut off from the database, again and again, and over a restart of it, go on by themselves", {
    timeout: 240_000,
  }, async ({ skip }) => {
    const { restart } = server;
    if (restart === null) return skip("own-server: only a server of the test's own may be restarted");
    const world = await prepare("cut_off", 2);
    const { pool, workload, settings, port } = world;
    const workers = Array.from({ length: workersAtOnce }, () => startWorker(settings));
    const cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'backref-worker'";
    try {
      while (!workers.every((worker) => worker.isReady)) await sleep(20);
      for (let round = 0; round < 30; round += 1) {
        for (let edit = 0; edit < 2; edit += 1) await workload.act();
        await sleep(50 + world.random() * 100);
        await pool.query(cut);
        if (round === 15) await restart();
      }
      expect(workers.filter((worker) => worker.isGone)).toEqual([]);
      for (let looks = 0; looks < patienceMs / lookMs && (await workload.problems()).length > 0; looks += 1) {
        await sleep(lookMs);
      }
      expect(await workload.problems()).toEqual([]);
      expect(workers.map((worker) => worker.errors).filter((text) => text !== "")).toEqual([]);
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()));
    }
    await world.host.close();
    await port.close();
  });
});
