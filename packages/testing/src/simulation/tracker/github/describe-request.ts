import { asObject } from "../../../fake/json.ts";
import { tokensOf } from "../../oracle/meaning.ts";
import type { RequestDescription, RequestKind } from "../remote-tracker.ts";

/** Keys of issues, by what requests name them with. */
export interface IssueKeys {
  byNumber(repository: string, number: number): string | null;
  byComment(commentId: number): string | null;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: RequestKind;
}

const issue = "^/(?:repos/(?<repository>[^/]+/[^/]+)|repositories/\\d+)/issues";

/** What is not here concerns no issue: accounts, labels of a repository, hooks. */
const routes: readonly Route[] = [
  { method: "POST", path: /^\/graphql$/, kind: "read" },
  { method: "GET", path: new RegExp(`${issue}/(?<number>\\d+)$`), kind: "read" },
  { method: "GET", path: new RegExp(`${issue}(?:/comments)?$`), kind: "list" },
  { method: "GET", path: new RegExp(`${issue}/(?<number>\\d+)/comments$`), kind: "read" },
  { method: "GET", path: /\/labels$/, kind: "list" },
  { method: "POST", path: new RegExp(`${issue}$`), kind: "create" },
  { method: "PATCH", path: new RegExp(`${issue}/(?<number>\\d+)$`), kind: "update" },
  { method: "POST", path: new RegExp(`${issue}/(?<number>\\d+)/(?:labels|assignees)$`), kind: "update" },
  { method: "DELETE", path: new RegExp(`${issue}/(?<number>\\d+)/(?:labels/[^/]+|assignees)$`), kind: "update" },
  { method: "POST", path: new RegExp(`${issue}/(?<number>\\d+)/comments$`), kind: "comment" },
  { method: "PATCH", path: new RegExp(`${issue}/comments/(?<comment>\\d+)$`), kind: "comment" },
  { method: "DELETE", path: new RegExp(`${issue}/comments/(?<comment>\\d+)$`), kind: "comment" },
];

export interface GitHubRequest {
  readonly method: string;
  readonly path: string;
  /** The JSON object that was sent; empty where none was. */
  readonly body: Readonly<Record<string, unknown>>;
}

export function parseRequest(input: string | URL | Request, init: RequestInit | undefined): GitHubRequest {
  const isRequest = input instanceof Request;
  const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
  const { pathname: path } = new URL(isRequest ? input.url : input);
  return { method, path, body: typeof init?.body === "string" ? asObject(JSON.parse(init.body)) : {} };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Issues that a query asks for by node id or by number; the variables are those of the document that is sent. */
function queriedIssues(variables: Readonly<Record<string, unknown>>, keys: IssueKeys): readonly string[] {
  const ids = Array.isArray(variables["ids"]) ? variables["ids"].filter((id) => typeof id === "string") : [];
  const numbered = Object.entries(variables).flatMap(([name, value]) => {
    const place = /^number(\d+)_\d+$/.exec(name)?.[1];
    if (place === undefined || typeof value !== "number") return [];
    const repository = `${textOf(variables[`owner${place}`])}/${textOf(variables[`name${place}`])}`;
    return keys.byNumber(repository, value) ?? [];
  });
  return [...ids, ...numbered];
}

const longestText = 200;

function traceOf({ method, path, body }: GitHubRequest, issues: readonly string[]): string {
  if (path === "/graphql") return `read ${issues.join(" ")}`;
  const sent = Object.keys(body).length === 0 ? "" : ` ${JSON.stringify(body)}`;
  return `${method} ${path}${sent}`.slice(0, longestText);
}

/** What a request to GitHub's API is about, told from method, path and content alone. */
export function describeRequest(request: GitHubRequest, keys: IssueKeys): RequestDescription {
  const { method, path, body } = request;
  const route = routes.find((one) => one.method === method && one.path.test(path));
  const { repository, number, comment } = route?.path.exec(path)?.groups ?? {};
  const named =
    comment !== undefined
      ? keys.byComment(Number(comment))
      : repository !== undefined && number !== undefined
        ? keys.byNumber(repository, Number(number))
        : null;
  const isQuery = path === "/graphql";
  const issues = isQuery ? queriedIssues(asObject(body["variables"]), keys) : named === null ? [] : [named];
  return {
    kind: route?.kind ?? "other",
    isWrite: method !== "GET" && !isQuery,
    aspect: path.includes("/comments") ? "comments" : "issue",
    issues,
    token: route?.kind === "create" ? (tokensOf(textOf(body["body"]))[0] ?? null) : null,
    text: traceOf(request, issues),
  };
}
