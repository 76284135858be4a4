import type { ProviderCall } from "@backref/core/provider";
import { createTransport, mapAnswer, type Operation, readAnswer, type TransportOptions } from "@backref/provider-kit";
import { errors, fromAnswer } from "./errors.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

export type RedmineCall = ProviderCall<RedmineAuth, RedmineOptions>;

export interface ClientSettings extends Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes"> {
  readonly userAgent: string;
}

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: RedmineCall) => RedmineClient;

export type Method = "GET" | "POST" | "PUT";

export interface RequestContent {
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  /** JSON. */
  readonly body?: unknown;
  /** Bytes as they come, in place of JSON. */
  readonly content?: { readonly stream: ReadableStream<Uint8Array>; readonly sizeBytes: number };
}

export interface RedmineAnswer {
  readonly headers: Headers;
  /** Maps the content, and tells a wrong shape as a `ProviderError`. */
  as<Value>(map: (data: unknown) => Value): Value;
}

export interface RedmineClient {
  /** Throws `ProviderError`s only. `path` follows the base URL; `.json` is added. */
  request(operation: Operation, method: Method, path: string, content?: RequestContent): Promise<RedmineAnswer>;
}

export function createClient(call: RedmineCall, settings: ClientSettings): RedmineClient {
  const send = createTransport(call, settings);
  return {
    async request(operation, method, path, { query = {}, body, content } = {}) {
      const url = new URL(`${call.baseUrl}${path}.json`);
      for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
      }
      const headers = {
        accept: "application/json",
        "user-agent": settings.userAgent,
        "x-redmine-api-key": call.auth.apiKey,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(content !== undefined && {
          "content-type": "application/octet-stream",
          "content-length": String(content.sizeBytes),
        }),
      };
      const sent = content === undefined ? { body: JSON.stringify(body) } : { body: content.stream, duplex: "half" };
      const init = { method, headers, ...(body !== undefined || content !== undefined ? sent : {}) } as RequestInit;
      const answer = await readAnswer({ errors, clock: call.clock }, operation, () => send(url.href, init));
      if (answer.status < 200 || answer.status >= 300) throw fromAnswer(operation, answer, call.clock.now());
      return { headers: answer.headers, as: (map) => mapAnswer(errors, operation, answer.data, map) };
    },
  };
}
