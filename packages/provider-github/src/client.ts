import type { FetchFunction, ProviderCall } from "@backref/core/provider";
import {
  createTransport,
  lazy,
  linkTarget,
  mapAnswer,
  type Operation,
  type TransportOptions,
} from "@backref/provider-kit";
import type { Octokit } from "@octokit/core";
import type { Authorization } from "./authorization.ts";
import { errors, type FailedAnswer, fromAnswer, fromGraphql } from "./errors.ts";
import { parseGraphqlBody } from "./shapes.ts";
import { graphqlUrlOf, webUrlOf } from "./site.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

export type GitHubCall = ProviderCall<GitHubAuth, GitHubOptions>;

export interface ClientSettings extends Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes"> {
  /** Put before Octokit's own. */
  readonly userAgent: string;
}

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: GitHubCall) => GitHubClient;

export interface GitHubAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Absolute URL of the list's next page; null on the last. */
  readonly next: string | null;
  /** Maps the content, and tells a wrong shape as a `ProviderError`. */
  as<Value>(map: (data: unknown) => Value): Value;
}

export interface GitHubClient {
  /** Throws `ProviderError`s only; 304 is an answer. `route` is `GET /path/{name}` or a method and an absolute URL. */
  request(operation: Operation, route: string, parameters?: Readonly<Record<string, unknown>>): Promise<GitHubAnswer>;
  /** Answers with `data` and with the errors that concern single items; throws for all others. */
  query(
    operation: Operation,
    document: string,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly data: unknown; as<Value>(map: (data: unknown) => Value): Value }>;
}

/** Works under the API version 2026-03-10 as well: nothing that it removed is read. */
const apiVersion = "2022-11-28";

export const loadOctokit: () => Promise<typeof Octokit> = lazy(async () => (await import("@octokit/core")).Octokit);

export function createClient(call: GitHubCall, settings: ClientSettings, authorization: Authorization): GitHubClient {
  const transport = createTransport(call, { ...settings, followWrites: true });
  const octokit = lazy(async () => build(await loadOctokit(), call, settings, transport));

  const request: GitHubClient["request"] = async (operation, route, parameters = {}) => {
    const ask = async (header: string) => {
      const headers = { ...(parameters["headers"] as object | undefined), authorization: header };
      return send(operation, call, async () => (await octokit()).request(route, { ...parameters, headers }));
    };
    const header = await authorization.header();
    let answer = await ask(header);
    if (answer.status === 401 && authorization.renew(header, answer)) answer = await ask(await authorization.header());
    if (answer.status !== 304 && (answer.status < 200 || answer.status >= 300)) {
      const failed = { ...answer, webUrl: webUrlOf(call) };
      throw fromAnswer(explained(operation, answer, authorization), failed, call.clock.now());
    }
    return {
      status: answer.status,
      headers: answer.headers,
      next: nextPage(answer.headers, call.baseUrl),
      as: (map) => mapAnswer(errors, operation, answer.data, map),
    };
  };

  return {
    request,
    async query(operation, document, variables) {
      const answer = await request(operation, `POST ${graphqlUrlOf(call.baseUrl)}`, { query: document, variables });
      const { data, problems } = answer.as(parseGraphqlBody);
      if (problems.length > 0) throw fromGraphql(operation, problems, answer.headers, call.clock.now());
      return { data, as: (map) => mapAnswer(errors, operation, data, map) };
    },
  };
}

function build(Client: typeof Octokit, call: GitHubCall, settings: ClientSettings, fetch: FetchFunction): Octokit {
  const warn = (message: string) => call.logger.log("warn", message);
  const log = { debug: () => {}, info: () => {}, warn, error: warn };
  const octokit = new Client({
    baseUrl: call.baseUrl,
    userAgent: settings.userAgent,
    log,
    request: { fetch, log },
  });
  octokit.request = octokit.request.defaults({
    headers: { accept: "application/vnd.github+json", "x-github-api-version": apiVersion },
  });
  return octokit;
}

/** What this kind of credential knows about a failure says more than the operation does. */
function explained(operation: Operation, answer: FailedAnswer, authorization: Authorization): Operation {
  const explanation = authorization.explain(answer);
  if (explanation === null) return operation;
  return { ...operation, explain: { ...operation.explain, [answer.status]: explanation } };
}

/** The next page by its own link, but always on the base URL's origin: a link must not lead the token elsewhere. */
function nextPage(headers: Headers, baseUrl: string): string | null {
  const next = linkTarget(headers, "next");
  if (next === null || !URL.canParse(next, baseUrl)) return null;
  const { pathname, search } = new URL(next, baseUrl);
  return new URL(baseUrl).origin + pathname + search;
}

/** Octokit throws for 304 and for failures alike; here they are answers again, and only lost answers are thrown. */
async function send(
  operation: Operation,
  call: GitHubCall,
  dispatch: () => Promise<{ status: number; headers: object; data: unknown }>,
): Promise<FailedAnswer> {
  try {
    return withHeaders(await dispatch());
  } catch (error) {
    const { response } = error as { response?: { status: number; headers: object; data: unknown } };
    if (response !== undefined) return withHeaders(response);
    throw errors.fromThrown(operation, error, call.clock.now());
  }
}

function withHeaders(response: { status: number; headers: object; data: unknown }): FailedAnswer {
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
  return { status: response.status, headers, data: response.data };
}
