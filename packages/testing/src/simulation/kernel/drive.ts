import type { EventLoop } from "./event-loop.ts";

/** Lets time pass until a task has ended, at most for so long. */
export async function drive<Result>(loop: EventLoop, task: Promise<Result>, mostMs = 600_000): Promise<Result> {
  let state: "waiting" | "done" = "waiting";
  let result: Result | undefined;
  let problem: { readonly error: unknown } | null = null;
  void task.then(
    (value) => {
      state = "done";
      result = value;
    },
    (error: unknown) => {
      state = "done";
      problem = { error };
    },
  );
  await loop.runUntil(loop.now() + mostMs, () => state === "done");
  if (problem !== null) throw (problem as { readonly error: unknown }).error;
  if (state === "waiting") throw new Error(`Nothing came of it within ${mostMs} ms of simulated time.`);
  return result as Result;
}
