import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFakeGitHub } from "@backref/testing/github";
import { startServer } from "backref-postgres-server";
import type { ClientResult, ClientTask } from "./client.ts";

const program = fileURLToPath(new URL("client.ts", import.meta.url));
const repository = "acme/web";

export type Task = Pick<ClientTask, "way" | "count" | "parallel" | "latencyMs"> & { readonly keptIn?: "postgres" };

export interface Clients {
  /** Milliseconds, of one run against a GitHub of its own. */
  time(task: Task): Promise<number>;
}

/** A GitHub of its own for every run, on a port, with as many issues as are read. */
async function timeOne({ keptIn, ...task }: Task, databaseUrl: string): Promise<number> {
  const github = createFakeGitHub({ repositories: [repository], checkContract: false, webhooks: "manual" });
  if (task.way.startsWith("refresh")) {
    for (let number = 1; number <= task.count; number += 1) {
      github.as("lena").createIssue(repository, { title: `Issue ${number}` });
    }
  }
  const port = await github.listen();
  try {
    const running = promisify(execFile)(process.execPath, [program]);
    const request: ClientTask = {
      ...task,
      url: port.url,
      token: github.token,
      repository,
      databaseUrl: keptIn === "postgres" ? databaseUrl : null,
    };
    running.child.stdin?.end(JSON.stringify(request));
    const { durationMs }: ClientResult = JSON.parse((await running).stdout);
    const made = github.issues(repository).length;
    if (made !== task.count) throw new TypeError(`${task.way} left ${made} issues and not ${task.count}.`);
    return durationMs;
  } finally {
    await port.close();
  }
}

/** Runs what is measured with a PostgreSQL at hand, and stops it afterwards. */
export async function withClients<Result>(work: (clients: Clients) => Promise<Result>): Promise<Result> {
  const server = await startServer();
  try {
    return await work({ time: (task) => timeOne(task, server.url) });
  } finally {
    await server.stop();
  }
}

export interface Comparison {
  /** Milliseconds, the median. */
  readonly ours: number;
  readonly baseline: number;
  /** Of each round, and of them the median. */
  readonly ratio: number;
}

/** Both in turn, so that what else the machine does meets both. */
export async function compare(clients: Clients, ours: Task, baseline: Task, rounds: number): Promise<Comparison> {
  const times: { readonly ours: number; readonly baseline: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await clients.time(baseline);
    times.push({ ours: await clients.time(ours), baseline: first });
  }
  return {
    ours: median(times.map((time) => time.ours)),
    baseline: median(times.map((time) => time.baseline)),
    ratio: median(times.map((time) => time.ours / time.baseline)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
