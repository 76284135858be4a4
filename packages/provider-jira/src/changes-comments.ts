import type { ChangesPage, IssueSnapshot } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, JiraClient } from "./client.ts";
import { formatIssue } from "./keys.ts";
import { mapComment } from "./map-comment.ts";
import { idShape } from "./shapes.ts";
import type { RichText } from "./text.ts";

const operation: Operation = { name: "changes.comments", isWrite: false };

/** Most comments that one request reads: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/ */
const batchSize = 1_000;

export interface EmbeddedComments {
  readonly rows: readonly unknown[];
  /** How many there are; searches show some of them only. */
  readonly total: number;
}

const embeddedShape = z.object({
  fields: z.object({
    comment: z
      .object({ comments: z.array(z.unknown()), total: z.number() })
      .nullish()
      .catch(null),
  }),
});

/** The comments that stand within an issue. */
export function embeddedComments(row: unknown): EmbeddedComments {
  const { comment } = parseShape(embeddedShape, row, "issue").fields;
  return { rows: comment?.comments ?? [], total: comment?.total ?? 0 };
}

const identifiedShape = z.object({ id: idShape });
const listShape = z.object({ values: z.array(z.unknown()) });

/**
 * Comments of many issues. On Cloud what is remembered beside a comment stands in a property of it, which searches do not
 * tell: all are read once more, together.
 */
export async function readComments(
  call: JiraCall,
  client: JiraClient,
  issues: readonly { readonly issue: IssueSnapshot; readonly embedded: EmbeddedComments }[],
  richText: RichText,
): Promise<readonly ChangesPage["comments"][number][]> {
  const found = issues.flatMap(({ issue, embedded }) => embedded.rows.map((row) => ({ issue, row, id: idOf(row) })));
  const whole =
    client.deployment === "cloud"
      ? await withProperties(
          client,
          found.map(({ id }) => id),
        )
      : new Map<string, unknown>();
  return found.map(({ issue, row, id }) => ({
    issueItem: issue.item,
    container: issue.container,
    comment: mapComment(whole.get(id) ?? row, richText, formatIssue(issue, call).url),
  }));
}

function idOf(row: unknown): string {
  return parseShape(identifiedShape, row, "comment").id;
}

async function withProperties(client: JiraClient, ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  for (let start = 0; start < ids.length; start += batchSize) {
    const body = { ids: ids.slice(start, start + batchSize).map(Number) };
    const answer = await client.request(operation, "POST", "/comment/list", { query: { expand: "properties" }, body });
    const { values } = answer.as((data) => parseShape(listShape, data, "answer"));
    for (const value of values)
      found.set(
        answer.as(() => idOf(value)),
        value,
      );
  }
  return found;
}
