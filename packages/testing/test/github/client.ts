import { expect } from "vitest";
import { loadContract } from "../../src/github/contract.ts";
import type { FakeGitHub } from "../../src/github/index.ts";
import { allOperations, operationName } from "../../src/github/operations.ts";
import { RateLimits } from "../../src/github/rate-limits.ts";
import type { ApiVersion } from "../../src/github/view.ts";
import type { GraphqlBody } from "./bodies.ts";

export const operationNames = allOperations(new RateLimits(Date.now, false), () => {}).map(operationName);

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Text where the answer is not JSON. */
  readonly body: Body;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly redirect?: "follow" | "manual";
  readonly base?: string;
  readonly send?: typeof fetch;
}

export interface Client {
  <Body>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<Body>>;
  graphql<Data>(
    query: string,
    variables?: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Answer<GraphqlBody<Data>>>;
}

/** Sends requests and holds every successful answer against GitHub's contract. */
export function createClient(fake: FakeGitHub): Client {
  const call = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer<Body>> => {
    const token = options.token === undefined ? fake.token : options.token;
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { "user-agent": "backref-test", ...authorization, ...options.headers };
    const init: RequestInit = { method, headers, redirect: options.redirect ?? "follow" };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const send = options.send ?? fake.fetch;
    const response = await send(`${options.base ?? "https://api.github.com"}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const read: unknown = isJson ? JSON.parse(text) : text;
    const answer = { status: response.status, headers: response.headers, body: read as Body };
    checkAnswer(fake, method, answer, (headers as Record<string, string>)["x-github-api-version"]);
    return answer;
  };
  const graphql = <Data>(query: string, variables: Record<string, unknown> = {}, options: CallOptions = {}) =>
    call<GraphqlBody<Data>>("POST", "/graphql", { query, variables }, options);
  return Object.assign(call, { graphql });
}

function checkAnswer(fake: FakeGitHub, method: string, answer: Answer, version = "2022-11-28"): void {
  const { operation } = fake.requests.at(-1) ?? { operation: "unknown" };
  const name = `${method} ${operation}`;
  const isJsonOrEmpty = typeof answer.body !== "string" || answer.body === "";
  if (answer.status >= 300 || !operationNames.includes(name) || !isJsonOrEmpty) return;
  const contract = loadContract(version as ApiVersion, operationNames);
  const body = answer.body === "" ? undefined : answer.body;
  expect(contract.checkResponse(name, answer.status, body), name).toEqual([]);
}

/** A clock that stands still until it is moved. */
export function createClock(start = Date.parse("2026-11-20T10:00:00.400Z")): {
  now: () => number;
  advance: (ms: number) => void;
} {
  const state = { at: start };
  return {
    now: () => state.at,
    advance: (ms) => {
      state.at += ms;
    },
  };
}
