import type { ProviderCall } from "@backref/core/provider";
import { createTransport, type TransportOptions } from "@backref/provider-kit";
import { type FailedAnswer, fromAnswer, fromThrown, type Operation, unexpectedAnswer } from "./errors.ts";
import { UnexpectedShape } from "./shapes.ts";
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
      const answer = await read(operation, call, () => send(url.href, init));
      if (answer.status < 200 || answer.status >= 300) throw fromAnswer(operation, answer, call.clock.now());
      return { headers: answer.headers, as: (map) => mapped(operation, answer, map) };
    },
  };
}

/** What is no JSON stays text; an answer without a body is `undefined`. */
async function read(
  operation: Operation,
  { clock }: Pick<RedmineCall, "clock">,
  send: () => Promise<Response>,
): Promise<FailedAnswer> {
  try {
    const response = await send();
    const text = await response.text();
    return { status: response.status, headers: response.headers, data: parse(text) };
  } catch (error) {
    throw fromThrown(operation, error, clock.now());
  }
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function mapped<Value>(operation: Operation, { data }: FailedAnswer, map: (data: unknown) => Value): Value {
  try {
    return map(data);
  } catch (error) {
    if (error instanceof UnexpectedShape) throw unexpectedAnswer(operation, error.message, typeof data === "string");
    throw error;
  }
}
