import { noLongerAwaited } from "./no-longer-awaited.ts";
import type { Runtime } from "./runtime.ts";

/** Runs work with a signal that aborts once the time is over. Leaves no timer behind. */
export async function withTimeLimit<Result>(
  runtime: Pick<Runtime, "scheduler">,
  limit: { readonly durationMs: number; readonly reason: () => unknown },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const expiry = new AbortController();
  const finished = new AbortController();
  const timer = runtime.scheduler.sleep(limit.durationMs, finished.signal).then(
    () => expiry.abort(limit.reason()),
    () => {},
  );
  try {
    return await work(expiry.signal);
  } finally {
    finished.abort(noLongerAwaited);
    await timer;
  }
}
