import type { JsonValue } from "../domain/json.ts";
import { BackrefError, ProviderError } from "../errors/index.ts";
import type { FetchFunction } from "../ports/fetch.ts";
import type { ProviderCall } from "../provider/call.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../provider/capabilities.ts";
import type { RateLimit } from "../provider/groups/rate-limits.ts";
import type { IssueSite, Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Runtime } from "./runtime.ts";
import { withTimeLimit } from "./time-limit.ts";

/** A source that is ready to be spoken to: credential read, options parsed. Lives for one pass or one service call. */
export interface SourceSession {
  readonly source: SourceRow;
  readonly provider: Provider;
  readonly capabilities: ResolvedCapabilities;
  readonly site: IssueSite<unknown>;
  call(request?: CallOptions): ProviderCall;
}

export interface CallOptions {
  /** @default never aborts */
  readonly signal?: AbortSignal;
  /** By the clock's `monotonic`: nothing is sent after it. @default no deadline */
  readonly sendBy?: number;
  /** Somebody waits for it, so it goes before work that nobody waits for. @default false */
  readonly isUrgent?: boolean;
  /** Longest wait for room in the tracker's rate limits, before the call fails with `wait`. @default 1_000, urgent 5_000 */
  readonly patienceMs?: number;
}

const usualPatienceMs = 1_000;
const urgentPatienceMs = 5_000;

/** The provider of a source. Throws `provider-unknown` where the host no longer brings it. */
export function providerOf(runtime: Runtime, providerId: string): Provider {
  const provider = runtime.providers.get(providerId);
  if (provider !== undefined) return provider;
  const known = [...runtime.providers.keys()].join(", ") || "none";
  throw new BackrefError({
    code: "provider-unknown",
    message: `No provider "${providerId}" was given to createBackref (known: ${known}). Add it to \`providers\`.`,
    providerId,
  });
}

/** Keys and URLs of a source can be read without its credential. */
export function siteOf(source: Pick<SourceRow, "baseUrl" | "options">): IssueSite<JsonValue> {
  return { baseUrl: source.baseUrl, options: source.options };
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
  throw new ProviderError({
    failure: "retry",
    providerId: provider.id,
    operation: "send",
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
      throw new ProviderError({
        failure: "wait",
        retryAfterMs: grant.waitMs,
        providerId: provider.id,
        operation: "send",
        message: `The tracker allows ${allowed}. That is used up, so this request was not sent; it will be in ${Math.ceil(grant.waitMs / 1_000)} s.`,
      });
    }
    if (runtime.clock.monotonic() < grant.until) return;
  }
}

function guardedFetch(sending: Sending): FetchFunction {
  const { runtime, options } = sending;
  return async (input, init) => {
    refuseToSend(sending);
    await spendFor(sending, input, init);
    refuseToSend(sending);
    const { requestTimeoutMs: durationMs } = runtime.limits;
    const reason = () => new DOMException(`No answer within ${durationMs} ms.`, "TimeoutError");
    return withTimeLimit(runtime, { durationMs, reason }, (limit) => {
      const signals = [limit, options.signal, ...(init?.signal ? [init.signal] : [])];
      return runtime.fetch(input, { redirect: "manual", ...init, signal: AbortSignal.any(signals) });
    });
  };
}

const neverAborts = new AbortController().signal;

export async function openSession(runtime: Runtime, source: SourceRow): Promise<SourceSession> {
  const provider = providerOf(runtime, source.providerId);
  await runtime.installation.check();
  const stored = await runtime.credentials.read({ tenantId: source.tenantId, sourceId: source.id, name: "auth" });
  const parsed = provider.describe().auth.parse(JSON.parse(stored));
  if (!parsed.ok) {
    throw new BackrefError({
      code: "credentials-missing",
      message: `The stored credential of source "${source.name}" does not fit provider "${provider.id}" any more. Enter it again.`,
      providerId: provider.id,
      issues: parsed.issues,
    });
  }
  const site = siteOf(source);
  const rateLimits = provider.rateLimits?.limits(site) ?? [];
  return {
    source,
    provider,
    capabilities: resolveSourceCapabilities(provider, source.options),
    site,
    call(given = {}) {
      const { signal = neverAborts, sendBy = Number.POSITIVE_INFINITY, isUrgent = false } = given;
      const { patienceMs = isUrgent ? urgentPatienceMs : usualPatienceMs } = given;
      return {
        baseUrl: source.baseUrl,
        auth: parsed.value,
        options: source.options,
        credentialId: `${source.id}:${source.credentialVersion}`,
        fetch: guardedFetch({
          runtime,
          source,
          provider,
          rateLimits,
          options: { signal, sendBy, isUrgent, patienceMs },
        }),
        clock: runtime.clock,
        scheduler: runtime.scheduler,
        random: runtime.random,
        logger: runtime.logger,
        signal,
      };
    },
  };
}
