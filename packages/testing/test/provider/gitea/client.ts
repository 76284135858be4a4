import { type BackrefErrorCode, type FailureClass, type ProviderCall, ProviderError } from "@backref/core/provider";
import type { SignInAuth } from "../../../src/index.ts";

export type GiteaAuth =
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "app"; readonly token: string; readonly installation: string }
  | SignInAuth;

export interface GiteaOptions {
  /** Issues have a field for their priority. */
  readonly hasPriorities?: boolean;
}

export type GiteaCall = ProviderCall<GiteaAuth, GiteaOptions>;

/** An answer, or a part of it, is not what Gitea's API promises. */
export class UnexpectedShape extends Error {
  override readonly name: string = "UnexpectedShape";
}

export interface GiteaRequest<Value> {
  /** For example `issue.create`. */
  readonly operation: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: object;
  /** Sent as it comes, in place of `body`. */
  readonly stream?: { readonly content: ReadableStream<Uint8Array>; readonly contentType: string };
  readonly map: (data: unknown) => Value;
}

export interface GiteaAnswer<Value> {
  readonly value: Value;
  /** The tracker's clock, milliseconds since 1970 UTC. */
  readonly at: number;
}

/** Sends one request and maps its answer. Throws `ProviderError`s only, and never sends anything twice. */
export async function request<Value>(call: GiteaCall, asked: GiteaRequest<Value>): Promise<GiteaAnswer<Value>> {
  const { operation, method = "GET", path, body, stream, map } = asked;
  const isWrite = method !== "GET";
  if (call.signal.aborted) throw failure(operation, "retry", "Nobody waits for the answer; nothing was sent.");
  let response: Response;
  let text: string;
  try {
    response = await call.fetch(`${call.baseUrl}/api/v1${path}`, {
      method,
      redirect: "manual",
      signal: call.signal,
      headers: {
        authorization: `token ${call.auth.type === "sign-in" ? call.auth.access : call.auth.token}`,
        "content-type": stream?.contentType ?? "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(stream !== undefined && { body: stream.content, duplex: "half" }),
    } as RequestInit);
    text = await response.text();
  } catch (error) {
    const message = `Gitea could not be asked: ${error instanceof Error ? error.message : "no answer"}`;
    throw failure(operation, isWrite ? "ambiguous" : "retry", message);
  }
  if (!response.ok) throw refusal(operation, response, isWrite, text);
  try {
    const data: unknown = text === "" ? null : JSON.parse(text);
    return { value: map(data), at: Date.parse(response.headers.get("date") ?? "") || 0 };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    const message = "Gitea's answer is not what its API promises; is the base URL right?";
    throw failure(operation, isWrite ? "ambiguous" : "permanent", message, { code: "tracker-unexpected" });
  }
}

/** The field that a refusal is about. */
function fieldIn(text: string): string | undefined {
  const [, field] = /"field":"(\w+)"/.exec(text) ?? [];
  return field;
}

function refusal(operation: string, { status, headers }: Response, isWrite: boolean, text: string): ProviderError {
  const message = `Gitea answered ${status} to ${operation}.`;
  if (status === 429) {
    const retryAfterMs = Number(headers.get("retry-after") ?? 60) * 1_000;
    return failure(operation, "wait", message, { status, retryAfterMs });
  }
  return failure(operation, classOf(status, isWrite), message, { status, field: fieldIn(text) });
}

function classOf(status: number, isWrite: boolean): FailureClass {
  if (status >= 500) return isWrite ? "ambiguous" : "retry";
  if (status === 401) return "auth";
  if (status === 403) return "forbidden";
  return status === 404 || status === 410 || status < 400 ? "gone" : "permanent";
}

export function failure(
  operation: string,
  kind: FailureClass,
  message: string,
  more: {
    readonly status?: number;
    readonly retryAfterMs?: number;
    readonly code?: BackrefErrorCode;
    readonly field?: string | undefined;
  } = {},
): ProviderError {
  return new ProviderError({ providerId: "gitea", operation, failure: kind, message, ...more });
}

/** True for an error of one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ProviderError {
  return ProviderError.isInstance(error) && statuses.includes(error.status ?? 0);
}

export const largestPage = 50;

/** A whole list, page by page. */
export async function requestAll<Row>(
  call: GiteaCall,
  operation: string,
  path: string,
  map: (row: unknown) => Row,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const url = `${path}${path.includes("?") ? "&" : "?"}limit=${largestPage}&page=${page}`;
    const { value } = await request(call, { operation, path: url, map: (data) => asList(data).map(map) });
    rows.push(...value);
    if (value.length < largestPage) return rows;
  }
}

export function asList(data: unknown): readonly unknown[] {
  if (!Array.isArray(data)) throw new UnexpectedShape("expected a list");
  return data;
}
