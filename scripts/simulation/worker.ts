/** One thread of a simulation. It answers jobs one after the other, in their order. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { SeedOptions, TrackerProviders } from "@backref/testing/simulation";
import type { Answer, Job, WorkerMessage, WorkerSettings } from "./messages.ts";

if (parentPort === null) throw new TypeError("This module is the entry of a worker thread.");
const port = parentPort;
const { mutation }: WorkerSettings = workerData;

// Whatever is to be patched has to be loaded after its patch.
const patched = mutation === null ? null : await (await import("./mutation.ts")).takeOut(mutation);
const { attemptSeed, shrink } = await import("@backref/testing/simulation");
const { createMemoryStorage } = await import("@backref/storage-memory");
const { createGitHubProvider } = await import("@backref/provider-github");
const { createAzureDevOpsProvider } = await import("@backref/provider-azure-devops");
const { createGitLabProvider } = await import("@backref/provider-gitlab");
const { createJiraProvider } = await import("@backref/provider-jira");
const { createLinearProvider } = await import("@backref/provider-linear");
patched?.checkLoaded();
const providers: TrackerProviders = {
  "azure-devops": createAzureDevOpsProvider,
  github: createGitHubProvider,
  gitlab: createGitLabProvider,
  jira: createJiraProvider,
  linear: createLinearProvider,
};

/** Some histories take seconds, and two hundred of them more patience than anybody has. */
const longestSearchMs = 60_000;

const send = (message: WorkerMessage) => port.postMessage(message);

async function work({ choice, switches, isRepeated, withTrace, isShrunk }: Job): Promise<Omit<Answer, "durationMs">> {
  const options: SeedOptions = {
    ...choice,
    switches,
    withTrace,
    createStorage: (clock) => createMemoryStorage({ clock }),
    providers,
  };
  const run = (tried: SeedOptions) => attemptSeed({ ...tried, isRepeated });
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > longestSearchMs;
  const shrunk = isShrunk ? await shrink({ failing: options, run, isOver }) : null;
  return shrunk ?? { switches, result: await run(options), runs: 1 };
}

port.on("message", async (job: Job) => {
  const startedAt = performance.now();
  const { switches, result, runs } = await work(job);
  // A rejection that nobody handles ends this thread now, and so is a violation of this seed and of no other.
  await nextTurn();
  send({ kind: "answer", answer: { switches, result, runs, durationMs: performance.now() - startedAt } });
});
send({ kind: "ready" });
