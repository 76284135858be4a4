import type { ProviderCall } from "@backref/core/provider";
import {
  createTransport,
  type FileUpload,
  linkTarget,
  mapAnswer,
  type Operation,
  readAnswer,
  type TransportOptions,
} from "@backref/provider-kit";
import { errors, fromAnswer } from "./errors.ts";
import { apiUrlOf } from "./site.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

export type GitLabCall = ProviderCall<GitLabAuth, GitLabOptions>;

export interface ClientSettings extends Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes"> {
  readonly userAgent: string;
}

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: GitLabCall) => GitLabClient;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;

export interface RequestContent {
  /** A list is sent as `name[]`, once for each entry. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** JSON. */
  readonly body?: unknown;
  /** A form with a file, in place of JSON. */
  readonly file?: FileUpload;
}

export interface GitLabAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Number of the list's next page; null on the last. */
  readonly nextPage: number | null;
  /** Maps the content, and tells a wrong shape as a `ProviderError`. */
  as<Value>(map: (data: unknown) => Value): Value;
}

export interface GitLabClient {
  /** Throws `ProviderError`s only. `path` follows `/api/v4`. */
  request(operation: Operation, method: Method, path: string, content?: RequestContent): Promise<GitLabAnswer>;
}

export function createClient(call: GitLabCall, settings: ClientSettings): GitLabClient {
  const send = createTransport(call, settings);
  return {
    async request(operation, method, path, { query = {}, body, file } = {}) {
      const url = new URL(apiUrlOf(call.baseUrl) + path);
      for (const [name, value] of Object.entries(query)) addTo(url.searchParams, name, value);
      const headers = {
        accept: "application/json",
        "user-agent": settings.userAgent,
        ...credentialOf(call.auth),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...file?.headers,
      };
      const content = file === undefined ? body !== undefined && { body: JSON.stringify(body) } : bodyOf(file);
      const init = { method, headers, ...content } as RequestInit;
      const answer = await readAnswer({ errors, clock: call.clock }, operation, () => send(url.href, init));
      if (answer.status < 200 || answer.status >= 300) throw fromAnswer(operation, answer, call.clock.now());
      return {
        status: answer.status,
        headers: answer.headers,
        nextPage: nextPageOf(answer.headers),
        as: (map) => mapAnswer(errors, operation, answer.data, map),
      };
    },
  };
}

function addTo(parameters: URLSearchParams, name: string, value: QueryValue): void {
  if (value === null || value === undefined) return;
  if (typeof value !== "object") parameters.set(name, String(value));
  else for (const entry of value) parameters.append(`${name}[]`, String(entry));
}

function bodyOf({ body, duplex }: FileUpload): object {
  return { body, duplex };
}

/** Headers that carry the credential. Tokens that people make have one of their own. */
function credentialOf(auth: GitLabAuth): Readonly<Record<string, string>> {
  return auth.type === "oauth" ? { authorization: `Bearer ${auth.accessToken}` } : { "private-token": auth.token };
}

/** The number that GitLab tells, or that of the link to the next page. */
function nextPageOf(headers: Headers): number | null {
  const told = headers.get("x-next-page") ?? "";
  if (/^\d+$/.test(told)) return Number(told);
  const target = linkTarget(headers, "next");
  const page = target === null || !URL.canParse(target) ? null : new URL(target).searchParams.get("page");
  return page !== null && /^\d+$/.test(page) ? Number(page) : null;
}
