import { asText } from "../fake/json.ts";
import type { JiraAnswer, JiraCall, JiraOperation } from "./call.ts";
import { invalid } from "./failure.ts";
import { listOf } from "./issue-operations.ts";
import { findByJql } from "./jql-match.ts";
import { presentIssue } from "./views.ts";

/** Cloud pages by a token and demands a bound; Data Center pages by number and counts. */
export const searchOperations: readonly JiraOperation[] = [
  { method: "POST", template: "/search/jql", only: "cloud", scope: "read", handle: searchCloud },
  { method: "POST", template: "/search", only: "data-center", scope: "read", handle: searchServer },
];

function searchCloud(call: JiraCall): JiraAnswer {
  const jql = asText(call.body["jql"]) ?? "";
  if (jql.replace(/\border\s+by\b.*$/i, "").trim() === "")
    throw invalid("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
  const fresh = new Set(listOf((call.body["reconcileIssues"] as readonly unknown[] | undefined)?.map(String)));
  if (fresh.size > 50) throw invalid("No more than 50 issues can be reconciled.");
  const found = visible(call, findByJql(call.world, jql, { asOf: call.indexedAt, fresh }));
  const size = Math.min(Number(call.body["maxResults"] ?? 50), 100);
  const start = readPageToken(asText(call.body["nextPageToken"]));
  const page = found.slice(start, start + size);
  const fields = listOf(call.body["fields"]);
  const properties = listOf(call.body["properties"]);
  const issues = page.map((issue) => presentIssue(call, issue, fields.length === 0 ? ["id"] : fields, properties));
  const isLast = start + size >= found.length;
  return { status: 200, body: { issues, isLast, ...(!isLast && { nextPageToken: writePageToken(start + size) }) } };
}

function searchServer(call: JiraCall): JiraAnswer {
  const jql = asText(call.body["jql"]) ?? "";
  const isLenient = call.body["validateQuery"] === false;
  const found = visible(call, findByJql(call.world, jql, { asOf: call.indexedAt, isLenient }));
  const startAt = Number(call.body["startAt"] ?? 0);
  const maxResults = Math.min(Number(call.body["maxResults"] ?? 50), 1_000);
  const fields = listOf(call.body["fields"]);
  const issues = found
    .slice(startAt, startAt + maxResults)
    .map((issue) => presentIssue(call, issue, fields.length === 0 ? ["*navigable"] : fields));
  return { status: 200, body: { expand: "schema,names", startAt, maxResults, total: found.length, issues } };
}

function visible<Found>(call: JiraCall, found: Found[]): Found[] {
  return call.token.permissions.has("BROWSE_PROJECTS") ? found : [];
}

const prefix = "page:";

function writePageToken(start: number): string {
  return btoa(`${prefix}${start}`);
}

function readPageToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const text = /^[\w+/=]+$/.test(token) ? atob(token) : "";
  if (!text.startsWith(prefix)) throw invalid("The provided next page token is invalid or expired.");
  return Number(text.slice(prefix.length));
}
