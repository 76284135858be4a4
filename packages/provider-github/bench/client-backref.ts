import { type Backref, createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createPostgresStorage } from "@backref/storage-postgres";
import { Pool } from "pg";
import { createGitHubProvider } from "../src/index.ts";
import type { ClientTools } from "./client.ts";

const projectId = "web";
const mostAtOnce = 1_000;

interface Host {
  readonly app: ReturnType<Backref["as"]>;
  close(): Promise<void>;
}

async function createHost({ task, fetch }: ClientTools): Promise<Host> {
  const pool = task.databaseUrl === null ? null : new Pool({ connectionString: task.databaseUrl, max: 8 });
  const backref = createBackref({
    storage: pool === null ? createMemoryStorage() : createPostgresStorage({ pool, schema: `host_${process.pid}` }),
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "bench", key: generateSecretKey() }],
    limits: { concurrencyPerSource: task.parallel, pushWaitMs: 600_000 },
    allowPrivateAddresses: true,
    fetch,
  });
  await backref.migrate();
  const app = backref.as({ tenantId: "acme", userId: "ann", role: "owner" });
  await app.sources.create({
    name: "GitHub",
    provider: "github",
    baseUrl: task.url,
    auth: { type: "token", token: task.token },
    targets: [{ projectId, container: task.repository }],
  });
  return {
    app,
    async close() {
      await backref.close();
      await pool?.end();
    },
  };
}

/** Numbers from 0, in groups as large as one call takes. */
function* groups(count: number): Generator<readonly number[]> {
  for (let first = 0; first < count; first += mostAtOnce) {
    yield Array.from({ length: Math.min(mostAtOnce, count - first) }, (_, index) => first + index);
  }
}

/** Written down before, made exactly once, known afterwards. */
export async function pushByBackref(tools: ClientTools): Promise<void> {
  const { app, close } = await createHost(tools);
  const ids: string[] = [];
  for (let number = 0; number < tools.task.count; number += 1) {
    const details = `It is wrong, for the ${number}th time.`;
    ids.push((await app.defects.create({ projectId, title: `Defect ${number}`, description: details })).id);
  }
  await tools.measure(async () => {
    for (const group of groups(ids.length)) {
      const outcomes = await app.defects.pushMany(group.flatMap((number) => ids[number] ?? []));
      const left = outcomes.find((outcome) => outcome.status !== "pushed" || outcome.link.status !== "synced");
      if (left !== undefined) throw new TypeError(`A push ended as ${JSON.stringify(left)}.`);
    }
  });
  await close();
}

export async function refreshByBackref(tools: ClientTools): Promise<void> {
  const { app, close } = await createHost(tools);
  for (const group of groups(tools.task.count)) {
    const object = { type: "test-case", id: "TC-1", projectId } as const;
    const issues = group.map((number) => `#${number + 1}`);
    await app.references.addMany(issues.map((issue) => ({ object, issue, relation: "relates-to" as const })));
  }
  await tools.measure(async () => {
    const { read } = await app.issues.refresh({ projectId });
    if (read !== tools.task.count) throw new TypeError(`${read} of ${tools.task.count} issues were read.`);
  });
  await close();
}
