import { asObject, type JsonObject } from "../../../fake/json.ts";
import { tokensOf } from "../../oracle/meaning.ts";
import type { RequestDescription, RequestKind } from "../remote-tracker.ts";

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: RequestKind;
}

const issues = "^/api/v4/projects/(?<project>[^/]+)/issues";
const one = `${issues}/(?<number>\\d+)`;

/** What is not here concerns no issue: accounts, labels of a project, hooks. */
const routes: readonly Route[] = [
  { method: "GET", path: new RegExp(`${issues}$`), kind: "list" },
  { method: "POST", path: new RegExp(`${issues}$`), kind: "create" },
  { method: "GET", path: new RegExp(`${one}(?:/notes)?$`), kind: "read" },
  { method: "PUT", path: new RegExp(`${one}$`), kind: "update" },
  { method: "POST", path: new RegExp(`${one}/notes$`), kind: "comment" },
  { method: "PUT", path: new RegExp(`${one}/notes/\\d+$`), kind: "comment" },
  { method: "DELETE", path: new RegExp(`${one}/notes/\\d+$`), kind: "comment" },
];

export interface GitLabRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON object that was sent; empty where none was. */
  readonly body: JsonObject;
}

export function parseRequest(input: string | URL | Request, init: RequestInit | undefined): GitLabRequest {
  const isRequest = input instanceof Request;
  const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
  const { pathname: path, searchParams: query } = new URL(isRequest ? input.url : input);
  return { method, path, query, body: typeof init?.body === "string" ? asObject(JSON.parse(init.body)) : {} };
}

const longestText = 200;

/** What a request to GitLab's API is about, told from method, path and content alone. */
export function describeRequest(
  request: GitLabRequest,
  keyOf: (project: string, item: string) => string | null,
): RequestDescription {
  const { method, path, query, body } = request;
  const route = routes.find((candidate) => candidate.method === method && candidate.path.test(path));
  const { project = "", number } = route?.path.exec(path)?.groups ?? {};
  const numbers = number === undefined ? query.getAll("iids[]") : [number];
  const isBatch = route?.kind === "list" && numbers.length > 0;
  const description = typeof body["description"] === "string" ? body["description"] : "";
  const sent = Object.keys(body).length === 0 ? "" : ` ${JSON.stringify(body)}`;
  return {
    kind: isBatch ? "read" : (route?.kind ?? "other"),
    isWrite: method !== "GET",
    aspect: path.includes("/notes") ? "comments" : "issue",
    issues: numbers.flatMap((item) => keyOf(decodeURIComponent(project), item) ?? []),
    token: route?.kind === "create" ? (tokensOf(description)[0] ?? null) : null,
    text: `${method} ${path} ${query.getAll("iids[]").join(" ")}${sent}`.slice(0, longestText),
  };
}
