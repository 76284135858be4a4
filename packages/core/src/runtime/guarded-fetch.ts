import type { FetchFunction } from "../ports/fetch.ts";
import type { RateLimit } from "../provider/groups/rate-limits.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Runtime } from "./runtime.ts";
import { withTimeLimit } from "./time-limit.ts";
import { unsent } from "./unsent.ts";

export interface CallOptions {
  /** @default never aborts */
  readonly signal?: AbortSignal;
  /** By the clock's `monotonic`: nothing is sent after it. @default no deadline */
  readonly sendBy?: number;
  /** Somebody waits for it, so it goes before work that nobody waits for. @default false */
  readonly isUrgent?: boolean;
  /** Longest wait for an answer. @default `limits.requestTimeoutMs` */
  readonly timeoutMs?: number;
  /** Longest wait for room in the tracker's rate limits, before the call fails with `wait`. @default 1_000, urgent 5_000 */
  readonly patienceMs?: number;
}

interface Sending {
  readonly runtime: Runtime;
  readonly source: SourceRow;
  readonly provider: Provider;
  /** Of the source's site. */
  readonly rateLimits: readonly RateLimit[];
  readonly options: Required<CallOptions>;
}

function refuseToSend({ runtime, provider, options }: Sending): void {
  if (!options.signal.aborted && runtime.clock.monotonic() < options.sendBy) return;
  throw unsent(provider, {
    failure: "retry",
    message: "The time to send this request is over; it was not sent and will be tried again.",
  });
}

/** Waits until the tracker's documented limits have room for a request. */
async function spendFor(sending: Sending, input: string | URL | Request, init: RequestInit | undefined): Promise<void> {
  const { runtime, source, provider, rateLimits, options } = sending;
  const isRequest = typeof input === "object" && "method" in input;
  const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
  const cost = provider.rateLimits?.cost({ method, url: isRequest ? input.url : String(input) }) ?? {};
  const spent = rateLimits.filter(({ name }) => (cost[name] ?? 0) > 0);
  if (spent.length === 0) return;
  for (;;) {
    const grant = await runtime.budgets.spend({
      tenantId: source.tenantId,
      budgetId: source.budgetId,
      windows: rateLimits,
      amounts: rateLimits.map(({ name }) => cost[name] ?? 0),
      isUrgent: options.isUrgent,
      patienceMs: Math.min(options.patienceMs, options.sendBy - runtime.clock.monotonic()),
      signal: options.signal,
    });
    if ("waitMs" in grant) {
      const allowed = spent.map(({ limit, unit, windowMs }) => `${limit} ${unit} in ${windowMs / 1_000} s`).join(", ");
      throw unsent(provider, {
        failure: "wait",
        retryAfterMs: grant.waitMs,
        message: `The tracker allows ${allowed}. That is used up, so this request was not sent; it will be in ${Math.ceil(grant.waitMs / 1_000)} s.`,
      });
    }
    if (runtime.clock.monotonic() < grant.until) return;
  }
}

/** The only way out to a tracker: nothing is sent late, and nothing that its documented limits have no room for. */
export function guardedFetch(sending: Sending): FetchFunction {
  const { runtime, options } = sending;
  return async (input, init) => {
    refuseToSend(sending);
    await spendFor(sending, input, init);
    refuseToSend(sending);
    const { timeoutMs: durationMs } = options;
    const reason = () => new DOMException(`No answer within ${durationMs} ms.`, "TimeoutError");
    return withTimeLimit(runtime, { durationMs, reason }, (limit) => {
      const signals = [limit, options.signal, ...(init?.signal ? [init.signal] : [])];
      return runtime.fetch(input, { redirect: "manual", ...init, signal: AbortSignal.any(signals) });
    });
  };
}
