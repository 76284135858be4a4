/**
 * One poll over many changed issues, in a process of its own, so that its memory is that of a worker. Reads JSON of a
 * `PollWalkRequest`, prints JSON of a `PollWalk`.
 */
import { json } from "node:stream/consumers";
import { createBackref } from "@backref/core";
import { systemClock } from "@backref/core/storage";
import { createGitHubProvider } from "@backref/provider-github";
import { Pool } from "pg";
import { createPostgresStorage } from "../src/index.ts";
import { createLongIssueList } from "./long-issue-list.ts";
import { pollSettings } from "./poll-settings.ts";

export interface PollWalkRequest {
  readonly databaseUrl: string;
  /** Where everything but the list is asked. */
  readonly githubUrl: string;
  readonly known: readonly object[];
  readonly issues: number;
  /** Memory is looked at after each so many issues. */
  readonly lookEvery: number;
}

export interface PollWalk {
  /** Bytes, by the number of issues that were told so far. */
  readonly resident: readonly (readonly [issues: number, bytes: number])[];
  readonly durationMs: number;
  /** Links that were looked at because of the poll. */
  readonly links: number;
}

async function walk(request: PollWalkRequest): Promise<PollWalk> {
  const { databaseUrl, githubUrl, known, issues, lookEvery } = request;
  const { repository, schema, secretKeys, listAgeMs } = pollSettings;
  const resident: [number, number][] = [];
  const look = (told: number) => {
    const reached = Math.floor(told / lookEvery) * lookEvery;
    if (reached === (resident.at(-1)?.[0] ?? 0)) return;
    globalThis.gc?.();
    resident.push([reached, process.memoryUsage().rss]);
  };
  const startAt = systemClock.now() - listAgeMs;
  const list = createLongIssueList({ repository, count: issues, startAt, known, onPage: look });
  const pool = new Pool({ connectionString: databaseUrl, max: 4 });
  const backref = createBackref({
    storage: createPostgresStorage({ pool, schema }),
    providers: [createGitHubProvider()],
    secretKeys,
    limits: { leaseMs: 600_000 },
    fetch: async (input, init) => {
      const asked = new Request(input, init);
      const { pathname, search } = new URL(asked.url);
      return list.answer(asked) ?? fetch(new Request(new URL(pathname + search, githubUrl), asked));
    },
  });
  const startedAt = performance.now();
  const { processed } = await backref.sync.run({ maxMs: 600_000 });
  const durationMs = performance.now() - startedAt;
  look(issues);
  await backref.close();
  await pool.end();
  return { resident, durationMs, links: processed - 1 };
}

process.stdout.write(JSON.stringify(await walk((await json(process.stdin)) as PollWalkRequest)));
