import type { IssueAddress, IssueSnapshot } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabClient } from "./client.ts";
import { issueAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";

const noteShape = z.object({ body: z.string(), system: z.boolean().nullish() });
const movedTo = /^moved to (?:([\w.-]+(?:\/[\w.-]+)*))?#(\d+)/;

/**
 * Where an issue was moved. GitLab tells a global id, by which only administrators may read, and says the place in a note of
 * its own: `moved to acme/api#3`, within one group `moved to api#3`. That it is the same issue is checked by the id.
 */
export async function followMove(
  client: GitLabClient,
  operation: Operation,
  { snapshot, movedToId }: ReadIssue,
): Promise<IssueSnapshot | null> {
  const place = await findPlace(client, operation, snapshot);
  if (place === null) return null;
  try {
    const answer = await client.request(operation, "GET", issueAddress(place));
    const { snapshot: moved } = answer.as(mapIssue);
    return moved.remoteId === movedToId ? moved : null;
  } catch (error) {
    if (hasStatus(error, 403, 404)) return null;
    throw error;
  }
}

export function addressOf({ remoteId, container, item, raw }: IssueSnapshot): IssueAddress {
  return { remoteId, container, item, raw };
}

async function findPlace(
  client: GitLabClient,
  operation: Operation,
  { container, item }: IssueSnapshot,
): Promise<{ readonly container: string; readonly item: string } | null> {
  const path = `${issueAddress({ container, item })}/notes`;
  const query = { activity_filter: "only_activity", sort: "desc", order_by: "created_at" };
  for await (const notes of listPages(client, operation, path, query, (row) => parseShape(noteShape, row, "note"))) {
    for (const { body, system } of notes) {
      const [, project, number] = system === true ? (movedTo.exec(body) ?? []) : [];
      if (number !== undefined) return { container: fullPath(container, project), item: number };
    }
  }
  return null;
}

/** A name alone is a project of the same group. */
function fullPath(container: string, named: string | undefined): string {
  if (named === undefined) return container;
  return named.includes("/") ? named : `${container.slice(0, container.lastIndexOf("/"))}/${named}`;
}
