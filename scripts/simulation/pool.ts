import type { Answer, Job } from "./messages.ts";
import { startThread, type Thread } from "./thread.ts";

export interface Pool {
  /** Takes the jobs in their order, as threads become free. The answers come in any order. */
  run(jobs: Iterable<Job>, onAnswer: (job: Job, answer: Answer) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface PoolOptions {
  readonly workers: number;
  readonly mutation: string | null;
}

export function createPool({ workers, mutation }: PoolOptions): Pool {
  const threads = Array.from({ length: workers }, () => startThread({ mutation }));
  let isStopped = false;

  return {
    async run(jobs, onAnswer) {
      const left = jobs[Symbol.iterator]();
      const workOff = async (thread: Thread) => {
        for (let next = left.next(); next.done !== true && !isStopped; next = left.next()) {
          onAnswer(next.value, await thread.run(next.value));
        }
      };
      await Promise.all(threads.map(workOff));
    },
    async stop() {
      isStopped = true;
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}
