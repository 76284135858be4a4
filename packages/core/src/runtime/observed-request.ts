import type { FetchFunction } from "../ports/fetch.ts";
import { logEvent } from "./log-event.ts";
import type { Runtime } from "./runtime.ts";

export interface ObservedRequest {
  readonly runtime: Pick<Runtime, "telemetry" | "logger" | "clock">;
  readonly source: { readonly tenantId: string; readonly id: string };
  readonly provider: { readonly id: string };
  /** Group and method of the provider's contract. */
  readonly operation: string;
  readonly method: string;
  readonly url: string;
}

function outcomeOf(status: number): string {
  if (status === 429) return "rate-limited";
  if (status >= 500) return "server-error";
  return status >= 400 ? "client-error" : "ok";
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** Nothing of a path or a query is told: they hold keys of issues, words of searches, and with some trackers tokens. */
function addressOf(url: string): { readonly host: string; readonly port: number } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) return { host: "", port: 0 };
  const { hostname: host, port, protocol } = parsed;
  return { host, port: port === "" ? (defaultPorts[protocol] ?? 0) : Number(port) };
}

export function methodOf(input: Parameters<FetchFunction>[0], init: RequestInit | undefined): string {
  const isRequest = typeof input === "object" && "method" in input;
  return (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
}

export function urlOf(input: Parameters<FetchFunction>[0]): string {
  return typeof input === "object" && "url" in input ? input.url : String(input);
}

/** Sends a request and tells how it went: a span, a duration, a line of the log. */
export function observeRequest(request: ObservedRequest, send: () => Promise<Response>): Promise<Response> {
  const { runtime, source, provider, operation, method, url } = request;
  const { host, port } = addressOf(url);
  const about = {
    "backref.provider": provider.id,
    "backref.operation": operation,
    "http.request.method": method,
  } as const;
  const attributes = { ...about, "server.address": host, "server.port": port };
  return runtime.telemetry.span({ name: method, kind: "client", attributes }, async (span) => {
    const startedAt = runtime.clock.monotonic();
    const told = (outcome: string, status: number | null, errorType: string | null) => {
      const durationMs = runtime.clock.monotonic() - startedAt;
      const result = {
        ...(status === null ? {} : { "http.response.status_code": status }),
        ...(errorType === null ? {} : { "error.type": errorType }),
      };
      span.set(result);
      if (errorType !== null) span.fail(errorType);
      const measured = { ...about, ...result, "backref.outcome": outcome };
      runtime.telemetry.measure("backref.request.duration", durationMs / 1_000, measured);
      const place = { tenantId: source.tenantId, sourceId: source.id, provider: provider.id, operation };
      logEvent(runtime, "request-ended", { ...place, method, host, status, outcome, durationMs });
    };
    try {
      const response = await send();
      const { status } = response;
      told(outcomeOf(status), status, status >= 400 ? String(status) : null);
      return response;
    } catch (error) {
      told("no-answer", null, error instanceof Error ? error.name : "Error");
      throw error;
    }
  });
}
