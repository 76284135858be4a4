import { asObject, asText } from "../../../fake/json.ts";
import { tokensOf } from "../../oracle/meaning.ts";
import type { RequestDescription, RequestKind } from "../remote-tracker.ts";

/** Keys of issues, by what requests name them with. */
export interface IssueKeys {
  byId(id: string): string | null;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: RequestKind;
}

const items = "/_apis/wit/workitems";

/** What is not here concerns no issue: accounts, projects, types, hooks. */
const routes: readonly Route[] = [
  { method: "POST", path: /\/_apis\/wit\/workitemsbatch$/i, kind: "read" },
  { method: "POST", path: new RegExp(`${items}/\\$[^/]+$`, "i"), kind: "create" },
  { method: "GET", path: new RegExp(`${items}/(?<id>\\d+)$`, "i"), kind: "read" },
  { method: "PATCH", path: new RegExp(`${items}/(?<id>\\d+)$`, "i"), kind: "update" },
  { method: "GET", path: new RegExp(`${items}/(?<id>\\d+)/comments(?:/\\d+)?$`, "i"), kind: "read" },
  { method: "POST", path: new RegExp(`${items}/(?<id>\\d+)/comments$`, "i"), kind: "comment" },
  { method: "PATCH", path: new RegExp(`${items}/(?<id>\\d+)/comments/\\d+$`, "i"), kind: "comment" },
  { method: "DELETE", path: new RegExp(`${items}/(?<id>\\d+)/comments/\\d+$`, "i"), kind: "comment" },
  { method: "GET", path: /\/_apis\/wit\/reporting\/workitemrevisions$/i, kind: "list" },
  { method: "POST", path: /\/_apis\/wit\/wiql$/i, kind: "list" },
];

export interface AzureDevOpsRequest {
  readonly method: string;
  readonly path: string;
  /** The JSON that was sent; undefined where none was. */
  readonly body: unknown;
}

export function parseRequest(input: string | URL | Request, init: RequestInit | undefined): AzureDevOpsRequest {
  const isRequest = input instanceof Request;
  const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
  const { pathname: path } = new URL(isRequest ? input.url : input);
  return { method, path, body: typeof init?.body === "string" && init.body !== "" ? JSON.parse(init.body) : undefined };
}

/** Reference names of the fields that a document of JSON Patch sets, in its order. */
export function patchedFields(body: unknown): readonly string[] {
  const steps = Array.isArray(body) ? body.map(asObject) : [];
  return steps.flatMap((step) => /^\/fields\/(.+)$/.exec(asText(step["path"]) ?? "")?.[1] ?? []);
}

const longestText = 200;

/** What a request to the API of Azure DevOps is about, told from method, path and content alone. */
export function describeRequest({ method, path, body }: AzureDevOpsRequest, keys: IssueKeys): RequestDescription {
  const route = routes.find((one) => one.method === method && one.path.test(path));
  const kind = route?.kind ?? "other";
  const id = route?.path.exec(path)?.groups?.["id"];
  const { ids } = asObject(body);
  const named = id === undefined ? (Array.isArray(ids) ? ids.map(String) : []) : [id];
  const text = body === undefined ? "" : JSON.stringify(body);
  return {
    kind,
    isWrite: method !== "GET" && kind !== "read" && kind !== "list",
    aspect: path.includes("/comments") ? "comments" : "issue",
    issues: kind === "other" ? [] : named.flatMap((one) => keys.byId(one) ?? []),
    token: kind === "create" ? (tokensOf(text)[0] ?? null) : null,
    text: `${method} ${path} ${text}`.slice(0, longestText),
  };
}
