import { asObject, type JsonObject } from "../../../fake/json.ts";
import type { RequestDescription, RequestKind } from "../remote-tracker.ts";

/** Ids of issues, by what requests name them with: an id or a key. */
export type IssueNames = (named: string) => string | null;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const longestText = 200;
const quoted = /"([A-Z]+-\d+)"|\b(\d{5,})\b/g;

/** A request to Jira's REST API in parts. */
export interface ParsedRequest {
  readonly method: string;
  /** Below `/rest/api/N`. */
  readonly path: string;
  readonly body: JsonObject;
  /** Of one issue, the fields asked for. */
  readonly fields: readonly string[];
}

export function parseRequest(input: string | URL | Request, init: RequestInit | undefined): ParsedRequest {
  const url = new URL(input instanceof Request ? input.url : input);
  const body = textOf(init?.body);
  return {
    method: (init?.method ?? "GET").toUpperCase(),
    path: url.pathname.replace(/^.*\/rest\/api\/\d/, ""),
    body: body === "" ? {} : asObject(JSON.parse(body)),
    fields: url.searchParams.get("fields")?.split(",") ?? [],
  };
}

/** What is not here concerns no issue, or nothing that people change: accounts, projects, workflows, links, properties. */
function kindOf({ method, path, body, fields }: ParsedRequest): RequestKind {
  const request = `${method} ${path.replace(/\/issue\/[A-Z0-9-]+/, "/issue/ID").replace(/\/comment\/\d+$/, "/comment/ID")}`;
  const known: Readonly<Record<string, RequestKind>> = {
    "POST /issue": "create",
    "POST /issue/bulkfetch": "read",
    "GET /issue/ID": "read",
    "PUT /issue/ID": "update",
    "POST /issue/ID/transitions": "update",
    "GET /issue/ID/comment": "read",
    "GET /issue/ID/comment/ID": "read",
    "POST /issue/ID/comment": "comment",
    "PUT /issue/ID/comment/ID": "comment",
    "DELETE /issue/ID/comment/ID": "comment",
    "POST /search/jql": "list",
  };
  if (isLook({ method, path, fields })) return "other";
  if (request === "POST /search") return /^(?:id|key) in/.test(textOf(body["jql"])) ? "read" : "list";
  return known[request] ?? "other";
}

/** Before a write, at what it builds on alone. */
const isLook = ({ method, path, fields }: Pick<ParsedRequest, "method" | "path" | "fields">) =>
  method === "GET" &&
  (/^\/issue\/[^/]+\/transitions$/.test(path) || (/^\/issue\/[^/]+$/.test(path) && !fields.includes("summary")));

/** Of the property that a create carries. */
function tokenIn(body: JsonObject): string | null {
  const [property] = Array.isArray(body["properties"]) ? body["properties"] : [];
  return textOf(asObject(asObject(property)["value"])["token"]) || null;
}

function namesIn({ path, body }: ParsedRequest): readonly string[] {
  const [, inPath] = /^\/issue\/([A-Z0-9-]+)/.exec(path) ?? [];
  if (inPath !== undefined) return [inPath];
  const asked = Array.isArray(body["issueIdsOrKeys"]) ? body["issueIdsOrKeys"].map(textOf) : [];
  const inQuery = [...textOf(body["jql"]).matchAll(quoted)].map(([, key, id]) => key ?? id ?? "");
  return [...asked, ...inQuery];
}

/** What a request to Jira's API is about, told from method, path and body alone. @param indexLagMs of searches */
export function describeRequest(request: ParsedRequest, names: IssueNames, indexLagMs: number): RequestDescription {
  const kind = kindOf(request);
  const { method, path, body } = request;
  const isReading = kind === "read" || kind === "list" || method === "GET";
  const issues =
    kind === "create" || kind === "list" ? [] : [...new Set(namesIn(request).flatMap((named) => names(named) ?? []))];
  return {
    kind,
    isWrite: !isReading,
    aspect: path.includes("/comment") ? "comments" : "issue",
    issues,
    isLook: isLook(request),
    lagMs: path.startsWith("/search") ? indexLagMs : 0,
    token: kind === "create" ? tokenIn(body) : null,
    text: `${method} ${path} ${JSON.stringify(body)}`.slice(0, longestText),
  };
}
