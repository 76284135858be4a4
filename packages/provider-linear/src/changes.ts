import type { ChangesGroup, ChangesPage } from "@backref/core/provider";
import { answerTime, parseCursor, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { type ChangesStream, cursorShape, firstStream, onward } from "./changes-cursor.ts";
import type { LinearCall, OpenClient } from "./client.ts";
import { changesDocument } from "./documents.ts";
import { errors, type Operation, unknownTeam } from "./errors.ts";
import { mapComment } from "./map-comment.ts";
import { mapIssue } from "./map-issue.ts";
import { readOne } from "./read.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation: Operation = { name: "changes.list", isWrite: false };

const listShape = z.object({
  nodes: z.array(z.unknown()),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
});
const dataShape = z.object({
  teams: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
  issues: listShape.optional(),
  comments: listShape.optional(),
});
const placeShape = z.object({
  issue: z.object({ number: z.number().int(), team: z.object({ key: z.string() }) }).nullish(),
});

type List = z.infer<typeof listShape>;
type PolledComment = ChangesPage["comments"][number];

/** Issues and comments of a team since a moment, in one request. A team is followed when its key is changed: rows say the new one. */
export function createChangesGroup(open: OpenClient): ChangesGroup<LinearAuth, LinearOptions> {
  return {
    async list(call: LinearCall, { container, cursor, startAt, withComments }) {
      if (container === null) throw errors.refused(operation, "Linear is polled by team: name one.");
      const client = open(call);
      const before = parseCursor(cursorShape, cursor) ?? { issues: firstStream(startAt), comments: null, teamId: null };
      const comments = withComments ? (before.comments ?? firstStream(startAt)) : null;
      // While one list has pages left, the other is not asked again for each of them.
      const isCatchingUp = before.issues.after !== null || comments?.after != null;
      const withIssues = !isCatchingUp || before.issues.after !== null;
      const asksComments = comments !== null && (!isCatchingUp || comments.after !== null);
      const team = before.teamId === null ? { key: { eq: container } } : { id: { eq: before.teamId } };
      const since = (stream: ChangesStream) => ({ gte: new Date(stream.since).toISOString() });
      const { data, clockAt } = await client.ask(
        operation,
        changesDocument,
        {
          team,
          issueFilter: { team, updatedAt: since(before.issues) },
          issuesAfter: before.issues.after,
          withIssues,
          commentFilter: { issue: { team }, updatedAt: since(comments ?? before.issues) },
          commentsAfter: comments?.after ?? null,
          withComments: asksComments,
        },
        (answer, headers) => ({ data: parseShape(dataShape, answer, "data"), clockAt: answerTime(headers, 0) }),
      );
      // Without this a team that is gone, or hidden, looks like one in which nothing happens.
      const [known] = data.teams.nodes;
      if (known === undefined) throw unknownTeam(operation, container);

      const found = mapRows(call, data.issues, mapIssue);
      // Of an issue with more labels than a page shows there is no complete snapshot in it.
      const whole = await Promise.all(
        found.map(async (row) => (row.isCut ? ((await readOne(client, row.issue.remoteId, operation)) ?? row) : row)),
      );
      const rows = mapRows(call, data.comments, mapCommentRow);
      const issuesNext =
        data.issues === undefined
          ? before.issues
          : step(
              before.issues,
              data.issues,
              found.map(({ issue }) => issue.updatedAt),
              clockAt,
            );
      const commentsNext =
        comments === null || data.comments === undefined
          ? comments
          : step(
              comments,
              data.comments,
              rows.map((row) => row?.comment.updatedAt ?? 0),
              clockAt,
            );
      return {
        issues: whole.flatMap(({ issue, isTrashed }) => (isTrashed ? [] : [issue])),
        comments: rows.flatMap((row) => row ?? []),
        cursor: JSON.stringify({ issues: issuesNext, comments: commentsNext ?? before.comments, teamId: known.id }),
        more: issuesNext.after !== null || commentsNext?.after != null,
      };
    },
  };
}

function step(stream: ChangesStream, list: List, times: readonly number[], clockAt: number): ChangesStream {
  const next = list.pageInfo.hasNextPage ? (list.pageInfo.endCursor ?? null) : null;
  return onward(stream, { times, next, clockAt });
}

/** A row that cannot be read is left out and told: it must not hold up the others. */
function mapRows<Row>(call: LinearCall, list: List | undefined, map: (node: unknown) => Row): readonly Row[] {
  return (list?.nodes ?? []).flatMap((node) => {
    try {
      return [map(node)];
    } catch (error) {
      if (!(error instanceof UnexpectedShape)) throw error;
      call.logger.log("warn", "Left out a row that Linear sent", { problem: error.message });
      return [];
    }
  });
}

/** Null for a comment of something else than an issue. */
function mapCommentRow(node: unknown): PolledComment | null {
  const { issue } = parseShape(placeShape, node, "comment");
  if (issue == null) return null;
  return { issueItem: String(issue.number), container: issue.team.key, comment: mapComment(node) };
}
