import type { FetchFunction, ProviderCall } from "@backref/core/provider";
import { readBoundedBody } from "./bounded-body.ts";
import { givenUp } from "./given-up.ts";
import { fetchFollowing } from "./redirects.ts";
import { TransportFailure } from "./transport-failure.ts";

/** How long an answer may take, and what it has to look like. */
export interface TransportOptions {
  /** From the first byte sent to the last byte read, redirects included. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** Longest answer accepted, after decompression. @default 16 MiB */
  readonly maxAnswerBytes?: number | undefined;
  /** Refuse successful answers that are not JSON. @default true */
  readonly json?: boolean;
  /**
   * Send a write again where a 307 or 308 of the same origin points: the tracker says so that it has done nothing.
   * @default false: a redirected write is a failure
   */
  readonly followWrites?: boolean;
}

/** Answers that cannot carry a body; `new Response` refuses one for them. */
const statusesWithoutBody = new Set([101, 103, 204, 205, 304]);

/**
 * A `fetch` for a tracker's own client: `call.fetch` with a time limit, a size limit, a content-type check and
 * redirects that never carry a credential to another origin. It answers with the whole body in memory and throws what
 * `call.fetch` throws, or a `TransportFailure`. It never retries.
 */
export function createTransport(
  call: Pick<ProviderCall, "fetch" | "scheduler" | "signal" | "logger">,
  options: TransportOptions = {},
): FetchFunction {
  const { timeoutMs = 30_000, maxAnswerBytes = 16 * 1024 * 1024, json = true, followWrites = false } = options;
  return async (input, init) => {
    if (call.signal.aborted) throw givenUp(call.signal);
    const stop = new AbortController();
    const finished = new AbortController();
    const exchange = async (): Promise<Response> => {
      const signal = AbortSignal.any([call.signal, stop.signal]);
      const answer = await fetchFollowing(call, input, init, signal, followWrites);
      const body = await readBoundedBody(answer.response, maxAnswerBytes);
      if (json && answer.response.ok && body.byteLength > 0) requireJson(answer.response);
      return rebuild(answer.response, body, answer.url, answer.redirected);
    };
    const expiry = async (): Promise<never> => {
      await call.scheduler.sleep(timeoutMs, AbortSignal.any([call.signal, finished.signal]));
      const failure = new TransportFailure({ kind: "timeout", message: `No complete answer within ${timeoutMs} ms.` });
      stop.abort(failure);
      throw failure;
    };
    const exchanging = exchange();
    const expiring = expiry();
    // Whichever loses the race still settles, and nobody listens then.
    exchanging.catch(() => {});
    expiring.catch(() => {});
    try {
      return await Promise.race([exchanging, expiring]);
    } finally {
      finished.abort();
    }
  };
}

function requireJson(response: Response): void {
  const contentType = response.headers.get("content-type") ?? "none";
  if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) return;
  throw new TransportFailure({
    kind: "not-json",
    message: `Expected JSON, got content type ${contentType}.`,
    status: response.status,
  });
}

function rebuild(response: Response, body: Uint8Array<ArrayBuffer>, url: string, redirected: boolean): Response {
  const copy = new Response(statusesWithoutBody.has(response.status) ? null : body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
  Object.defineProperty(copy, "url", { value: url });
  Object.defineProperty(copy, "redirected", { value: redirected });
  return copy;
}
