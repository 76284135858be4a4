import { asObject, type JsonObject } from "../../../fake/json.ts";
import { operationOf } from "../../../linear/exchange.ts";
import { tokensOf } from "../../oracle/meaning.ts";
import type { RequestDescription, RequestKind } from "../remote-tracker.ts";

/** Keys of issues, by what requests name them with. */
export interface IssueKeys {
  /** By id or identifier. */
  byName(named: string): string | null;
  byComment(commentId: string): string | null;
}

/** By the documents' own names. What is not here concerns no issue: accounts, teams, labels, hooks. */
const kinds: Readonly<Record<string, RequestKind>> = {
  "query issues": "read",
  "query issue": "read",
  "query comments": "read",
  "query comment": "read",
  "query changes": "list",
  "mutation issueCreate": "create",
  "mutation issueUpdate": "update",
  "mutation commentCreate": "comment",
  "mutation commentUpdate": "comment",
  "mutation commentDelete": "comment",
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const longestText = 200;

/** Issues that a filter asks for: by id, or by team and number. */
function filteredNames(filter: JsonObject): readonly string[] {
  return listOf(filter["or"]).flatMap((part) => {
    const { id, team, number } = asObject(part);
    const key = textOf(asObject(asObject(team)["key"])["eq"]);
    return [
      ...listOf(asObject(id)["in"]).map(textOf),
      ...listOf(asObject(number)["in"]).map((wanted) => `${key}-${wanted}`),
    ];
  });
}

/** The document's name, as in `mutation issueUpdate`, and what it is sent with. */
export function parseRequest(init: RequestInit | undefined): {
  readonly operation: string;
  readonly variables: JsonObject;
} {
  const body = textOf(init?.body);
  return { operation: operationOf(body), variables: asObject(asObject(JSON.parse(body))["variables"]) };
}

/** What a request to Linear's API is about, told from document and variables alone. */
export function describeRequest(init: RequestInit | undefined, keys: IssueKeys): RequestDescription {
  const { operation, variables } = parseRequest(init);
  const { id, filter } = variables;
  const input = asObject(variables["input"]);
  const kind = kinds[operation] ?? "other";
  const aspect = operation.includes("omment") ? "comments" : "issue";
  const byComment = aspect === "comments" && operation !== "query comments" && typeof id === "string";
  const names = [textOf(id), textOf(input["issueId"]), ...filteredNames(asObject(filter))].filter(Boolean);
  const issues =
    kind === "other" || kind === "create"
      ? []
      : names.flatMap((name) => (byComment ? keys.byComment(name) : keys.byName(name)) ?? []);
  return {
    kind,
    isWrite: operation.startsWith("mutation"),
    aspect,
    issues,
    token: kind === "create" ? (tokensOf(textOf(input["description"]))[0] ?? null) : null,
    text: `${operation} ${issues.join(" ")} ${JSON.stringify(input)}`.slice(0, longestText),
  };
}
