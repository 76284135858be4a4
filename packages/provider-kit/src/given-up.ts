import { TransportFailure } from "./transport-failure.ts";

/** What work ends with whose caller has given up before anything was sent for it. */
export function givenUp(signal: AbortSignal): TransportFailure {
  const message = "Nobody waits for the answer any more; nothing was sent.";
  return new TransportFailure({ kind: "not-sent", message, cause: signal.reason });
}

/**
 * The outcome of work that does not know the signal, such as another caller's; a `TransportFailure` of the kind `not-sent` as
 * soon as the signal aborts. The work itself goes on.
 */
export async function unlessGivenUp<Value>(work: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) throw givenUp(signal);
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(givenUp(signal)), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}
