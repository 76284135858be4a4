import { ProviderError } from "../errors/provider-error.ts";
import { connectionProblem } from "../outgoing/connection-problem.ts";
import type { FetchFunction } from "../ports/fetch.ts";
import type { RateLimit } from "../provider/groups/rate-limits.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { logEvent } from "./log-event.ts";
import { methodOf, observeRequest, urlOf } from "./observed-request.ts";
import type { Runtime } from "./runtime.ts";
import { requireSendable } from "./sendable.ts";
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

export interface Sending {
  readonly runtime: Runtime;
  readonly source: SourceRow;
  readonly provider: Provider;
  /** Of the source's site. */
  readonly rateLimits: readonly RateLimit[];
  readonly options: Required<CallOptions>;
  /** Group and method of the provider's contract that it is for. */
  readonly operation: string;
  /** Told of each request that is sent. */
  readonly onRequest: () => void;
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
  const { runtime, source, provider, rateLimits, options, operation } = sending;
  const cost = provider.rateLimits?.cost({ method: methodOf(input, init), url: urlOf(input) }) ?? {};
  const spent = rateLimits.filter(({ name }) => (cost[name] ?? 0) > 0);
  if (spent.length === 0) return;
  const startedAt = runtime.clock.monotonic();
  const measure = (outcome: string) =>
    runtime.telemetry.measure("backref.rate_limit.wait", (runtime.clock.monotonic() - startedAt) / 1_000, {
      "backref.provider": provider.id,
      "backref.operation": operation,
      "backref.outcome": outcome,
    });
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
      const { tenantId, id: sourceId } = source;
      measure("held-back");
      logEvent(runtime, "request-held-back", {
        ...{ tenantId, sourceId, provider: provider.id, operation },
        waitMs: grant.waitMs,
      });
      const allowed = spent.map(({ limit, unit, windowMs }) => `${limit} ${unit} in ${windowMs / 1_000} s`).join(", ");
      throw unsent(provider, {
        failure: "wait",
        retryAfterMs: grant.waitMs,
        message: `The tracker allows ${allowed}. That is used up, so this request was not sent; it will be in ${Math.ceil(grant.waitMs / 1_000)} s.`,
      });
    }
    if (runtime.clock.monotonic() >= grant.until) continue;
    measure("granted");
    return;
  }
}

/** A connection that was never made is told in words, the same for every tracker; it can be tried again. */
function explained({ provider }: Sending, error: unknown): unknown {
  const problem = connectionProblem(error);
  if (problem === null) return error;
  return new ProviderError({
    failure: "retry",
    providerId: provider.id,
    operation: "connect",
    message: `${provider.describe().name} could not be reached: ${problem}`,
    cause: error,
  });
}

const sendings = new WeakMap<FetchFunction, Sending>();

/** What a `ProviderCall` sends with; null for anything else. */
export function sendingOf(call: unknown): Sending | null {
  const fetch = typeof call === "object" && call !== null && "fetch" in call ? call.fetch : null;
  return typeof fetch === "function" ? (sendings.get(fetch as FetchFunction) ?? null) : null;
}

/**
 * The only way out to a tracker: nothing is sent late, nothing that its documented limits have no room for, and nothing that
 * follows a redirect by itself.
 */
export function guardedFetch(sending: Sending): FetchFunction {
  const { runtime, options } = sending;
  const fetch: FetchFunction = async (input, init) => {
    requireSendable(sending.provider, input, init);
    refuseToSend(sending);
    await spendFor(sending, input, init);
    refuseToSend(sending);
    const { timeoutMs: durationMs } = options;
    const reason = () => new DOMException(`No answer within ${durationMs} ms.`, "TimeoutError");
    const connection = { caCertificate: sending.source.caCertificate };
    sending.onRequest();
    return observeRequest({ ...sending, method: methodOf(input, init), url: urlOf(input) }, () =>
      withTimeLimit(runtime, { durationMs, reason }, async (limit) => {
        const signal = AbortSignal.any([limit, options.signal, ...(init?.signal ? [init.signal] : [])]);
        try {
          return await runtime.fetch(input, { ...init, redirect: "manual", signal }, connection);
        } catch (error) {
          throw explained(sending, error);
        }
      }),
    );
  };
  sendings.set(fetch, sending);
  return fetch;
}
