import type { ChangesGroup, ChangesPage, IssueSnapshot } from "@backref/core/provider";
import { type Operation, parseCursor, UnexpectedShape } from "@backref/provider-kit";
import { type ChangesCursor, cursorShape, firstCursor } from "./changes-cursor.ts";
import { type PolledPage, type PollTarget, pollStream } from "./changes-stream.ts";
import type { GitHubCall, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { mapRestComment } from "./map-comment.ts";
import { containerOf, isPullRequest, mapRestIssue } from "./map-issue.ts";
import { repositoryUrl } from "./rest-values.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

type PolledComment = ChangesPage["comments"][number];

const operation: Operation = { name: "changes.list", isWrite: false };

/**
 * Two lists per repository, issues and comments, each sorted by change and asked from a point in time on. An idle poll
 * is a 304 for each, which GitHub does not count.
 */
export function createChangesGroup(open: OpenClient): ChangesGroup<GitHubAuth, GitHubOptions> {
  return {
    async list(call: GitHubCall, request) {
      if (request.container === null) throw errors.refused(operation, "GitHub is polled by repository: name one.");
      const before = parseCursor(cursorShape, request.cursor) ?? firstCursor(call.credentialId, request.startAt);
      const first = firstCursor(call.credentialId, request.startAt);
      const target: PollTarget = {
        client: open(call),
        operation,
        url: repositoryUrl(call.baseUrl, request.container),
        trustsValidators: before.credentialId === call.credentialId,
      };
      const streams = {
        issues: before.issues,
        comments: request.withComments ? (before.comments ?? first.issues) : null,
      };
      // While one list has pages left, the other is not asked again for each of them.
      const isCatchingUp = streams.issues.more || streams.comments?.more === true;
      const isDue = (stream: { readonly more: boolean }) => !isCatchingUp || stream.more;

      const issues = isDue(streams.issues)
        ? await pollStream(target, "issues?state=all&", streams.issues)
        : idle(streams.issues);
      const comments =
        streams.comments === null
          ? null
          : isDue(streams.comments)
            ? await pollStream(target, "issues/comments?", streams.comments)
            : idle(streams.comments);

      const after: ChangesCursor = {
        credentialId: call.credentialId,
        issues: issues.next,
        comments: comments?.next ?? before.comments,
      };
      return {
        issues: mapRows(call, issues.rows, (row) => mapIssueRow(row, call.options.priorityField ?? null)),
        comments: mapRows(call, comments?.rows ?? [], mapCommentRow),
        cursor: JSON.stringify(after),
        more: issues.next.more || comments?.next.more === true,
      };
    },
  };
}

function idle(stream: PolledPage["next"]): PolledPage {
  return { rows: [], next: stream };
}

/** A row that cannot be read is left out and told: it must not hold up the others. */
function mapRows<Row>(call: GitHubCall, rows: readonly unknown[], map: (row: unknown) => Row | null): readonly Row[] {
  return rows.flatMap((row) => {
    try {
      const mapped = map(row);
      return mapped === null ? [] : [mapped];
    } catch (error) {
      if (!(error instanceof UnexpectedShape)) throw error;
      call.logger.log("warn", "Left out a row that GitHub sent", { problem: error.message });
      return [];
    }
  });
}

function mapIssueRow(row: unknown, priorityField: string | null): IssueSnapshot | null {
  return isPullRequest(row) ? null : mapRestIssue(row, { priorityField });
}

/** Comments of pull requests stand in the same list; only their page's address tells. */
function mapCommentRow(row: unknown): PolledComment | null {
  const { issue_url: issueUrl, html_url: pageUrl } = (row ?? {}) as { issue_url?: unknown; html_url?: unknown };
  if (typeof pageUrl === "string" && /\/pull\/\d+(?:#|$)/.test(pageUrl)) return null;
  const issueItem = typeof issueUrl === "string" ? /\/issues\/(\d+)$/.exec(issueUrl)?.[1] : undefined;
  if (issueItem === undefined) throw new UnexpectedShape("comment.issue_url: Expected the issue's API URL");
  return { issueItem, container: containerOf(String(issueUrl)), comment: mapRestComment(row) };
}
