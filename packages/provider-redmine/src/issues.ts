import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineCall, RedmineClient, RequestContent } from "./client.ts";
import { projectAddress } from "./keys.ts";
import { listPages, readPage } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";

/** What limits a list of issues to one project, without those below it, and shows the closed ones as well. */
export function ofProject(container: string): NonNullable<RequestContent["query"]> {
  return { project_id: container, subproject_id: "!*", status_id: "*" };
}

/** A list's value that asks for times from this second on. */
export function since(timeMs: number): string {
  return `>=${new Date(Math.floor(timeMs / 1000) * 1000).toISOString().replace(".000Z", "Z")}`;
}

/** The database's largest number. */
const largestNumber = 2_147_483_647;

/** A number that Redmine can have: a wrong one among others would fail the request for all. */
export function isItem(item: string): boolean {
  return /^[1-9]\d{0,9}$/.test(item) && Number(item) <= largestNumber;
}

/** At most a page of issues of one project, by number. What is missing is not there, or not in this project. */
export async function readItems(
  call: RedmineCall,
  client: RedmineClient,
  operation: Operation,
  container: string,
  items: readonly string[],
): Promise<ReadonlyMap<string, ReadIssue>> {
  const wanted = [...new Set(items)].filter(isItem);
  if (wanted.length === 0) return new Map();
  const query = { ...ofProject(container), issue_id: wanted.join(",") };
  const read = (row: unknown) => mapIssue(row, container, call.options);
  const { rows } = await readPage(client, operation, "/issues", query, read);
  return new Map(rows.map((issue) => [issue.snapshot.item, issue]));
}

/** Issues of all projects that the account sees; one request more for each project, which is asked for its identifier. */
export async function* listAnywhere(
  call: RedmineCall,
  client: RedmineClient,
  operation: Operation,
  query: NonNullable<RequestContent["query"]>,
): AsyncGenerator<ReadIssue, void> {
  const identifiers = new Map<string, string | null>();
  const everywhere = { ...query, status_id: "*" };
  const read = (row: unknown) => mapIssue(row, "", call.options);
  for await (const rows of listPages(client, operation, "/issues", everywhere, read)) {
    for (const issue of rows) {
      const { projectId, snapshot } = issue;
      const known = identifiers.get(projectId);
      const container = known === undefined ? await identifierOf(client, operation, projectId) : known;
      identifiers.set(projectId, container);
      if (container !== null) yield { ...issue, snapshot: { ...snapshot, container } };
    }
  }
}

const projectShape = z.object({ project: z.object({ identifier: z.string() }) });

/** Null where the account does not see the project any more. */
async function identifierOf(client: RedmineClient, operation: Operation, projectId: string): Promise<string | null> {
  try {
    const answer = await client.request(operation, "GET", projectAddress(projectId));
    return answer.as((data) => parseShape(projectShape, data, "answer").project.identifier);
  } catch (error) {
    if (hasStatus(error, 403, 404)) return null;
    throw error;
  }
}
