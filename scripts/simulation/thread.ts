import { Worker } from "node:worker_threads";
import { noFigures, thrown } from "@backref/testing/simulation";
import type { Answer, Job, WorkerMessage, WorkerSettings } from "./messages.ts";

/** A worker thread that is replaced when a job takes it down. */
export interface Thread {
  /**
   * One job at a time. A thread that ends, or that has not answered after a while, is a violation of the job's seed.
   * @throws where the thread cannot load what it needs
   */
  run(job: Job): Promise<Answer>;
  stop(): Promise<void>;
}

const file = new URL("worker.ts", import.meta.url);
/** A seed takes a tenth of a second, and the search for a short history stops by itself. Only what hangs takes longer. */
const longestRunMs = 60_000;
const longestShrinkingMs = 300_000;

type Ending = { readonly message: WorkerMessage } | { readonly problem: string };

/** The next message of a worker, or why there will be none. */
function nextMessage(worker: Worker, mostMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    const end = (ending: Ending) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(ending);
    };
    const onMessage = (message: WorkerMessage) => end({ message });
    const onError = (error: unknown) => end({ problem: thrown(error) });
    const onExit = (code: number) => end({ problem: `ended the thread with exit code ${code}` });
    const timer = setTimeout(() => end({ problem: `hangs: no answer after ${mostMs / 1_000} s` }), mostMs);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}

export function startThread(settings: WorkerSettings): Thread {
  let worker: Worker | null = null;

  const start = async (): Promise<Worker> => {
    const started = new Worker(file, { workerData: settings, execArgv: [] });
    const ending = await nextMessage(started, longestRunMs);
    if ("problem" in ending) throw new Error(`The simulation cannot be loaded. It ${ending.problem}`);
    worker = started;
    return started;
  };

  const stop = async () => {
    const stopped = worker;
    worker = null;
    // A thread that is torn down while it works may complain once more.
    stopped?.on("error", () => {});
    await stopped?.terminate();
  };

  return {
    async run(job) {
      const startedAt = performance.now();
      const running = worker ?? (await start());
      const answering = nextMessage(running, job.isShrunk ? longestShrinkingMs : longestRunMs);
      running.postMessage(job);
      const ending = await answering;
      if ("message" in ending && ending.message.kind === "answer") return ending.message.answer;
      await stop();
      const problem = "problem" in ending ? ending.problem : "answered out of turn";
      return {
        switches: job.switches,
        result: { violations: [problem], figures: { ...noFigures }, hash: 0, trace: [] },
        runs: 1,
        durationMs: performance.now() - startedAt,
      };
    },
    stop,
  };
}
