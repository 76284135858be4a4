/**
 * One way to do many things at GitHub, in a process of its own, so that neither the fake nor another way is in its time.
 * Reads JSON of a `ClientTask`, prints JSON of a `ClientResult`.
 */
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { FetchFunction } from "@backref/core";
import { pushByBackref, refreshByBackref } from "./client-backref.ts";
import { pushByFetch, pushByOctokit, refreshByOctokit } from "./client-plain.ts";

export interface ClientTask {
  readonly way: "push-fetch" | "push-octokit" | "push-backref" | "refresh-octokit" | "refresh-backref";
  /** Base of the API. */
  readonly url: string;
  readonly token: string;
  /** As `owner/name`. */
  readonly repository: string;
  /** Issues to make, or to read. */
  readonly count: number;
  /** At the same time. */
  readonly parallel: number;
  /** Added to every request, for the way there and back. */
  readonly latencyMs: number;
  /** Where Backref keeps its data; null for memory. */
  readonly databaseUrl: string | null;
}

export interface ClientResult {
  readonly durationMs: number;
}

/** What a way is given. `measure` runs what counts; all before it is preparation. */
export interface ClientTools {
  readonly task: ClientTask;
  readonly fetch: FetchFunction;
  readonly measure: (work: () => Promise<void>) => Promise<void>;
}

const ways: Readonly<Record<ClientTask["way"], (tools: ClientTools) => Promise<void>>> = {
  "push-fetch": pushByFetch,
  "push-octokit": pushByOctokit,
  "push-backref": pushByBackref,
  "refresh-octokit": refreshByOctokit,
  "refresh-backref": refreshByBackref,
};

async function run(task: ClientTask): Promise<ClientResult> {
  let durationMs = Number.NaN;
  await ways[task.way]({
    task,
    async fetch(input, init) {
      if (task.latencyMs > 0) await wait(task.latencyMs);
      return fetch(input, init);
    },
    async measure(work) {
      const startedAt = performance.now();
      await work();
      durationMs = performance.now() - startedAt;
    },
  });
  return { durationMs };
}

process.stdout.write(JSON.stringify(await run((await json(process.stdin)) as ClientTask)));
