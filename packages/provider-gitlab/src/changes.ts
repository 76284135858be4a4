import type { ChangesGroup, ChangesPage, IssueSnapshot } from "@backref/core/provider";
import { advanceCursor, answerTime, type Operation, overlappingCursor, UnexpectedShape } from "@backref/provider-kit";
import { type ChangesCursor, cursorShape, overlapMs } from "./changes-cursor.ts";
import type { GitLabCall, OpenClient } from "./client.ts";
import { listComments } from "./comments.ts";
import { errors, projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { pageSize, parseList } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";
import { addressOf } from "./moved-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

/** One list per project, by time of change; with comments, one more request for each issue that changed and has any. */
export function createChangesGroup(open: OpenClient): ChangesGroup<GitLabAuth, GitLabOptions> {
  return {
    async list(call: GitLabCall, request): Promise<ChangesPage> {
      const { container, withComments } = request;
      const operation = operationOf(container ?? "");
      if (container === null) throw errors.refused(operation, "GitLab is polled by project: name one.");
      const client = open(call);
      const before = overlappingCursor(cursorShape, request);
      const { from, number } = before.page ?? { from: before.since - overlapMs, number: 1 };
      const query = {
        // The list has milliseconds, the database more.
        updated_after: new Date(Math.floor(from)).toISOString(),
        state: "all",
        scope: "all",
        order_by: "updated_at",
        sort: "asc",
        per_page: pageSize,
        page: number,
      };
      const answer = await client.request(operation, "GET", `${projectAddress(container)}/issues`, { query });
      const rows = answer.as((data) => parseList(data).flatMap((row) => readRow(call, row) ?? []));
      const found = rows.map(({ snapshot }) => snapshot);

      const known = new Map(before.seen);
      const fresh = found.filter(({ remoteId, updatedAt }) => known.get(remoteId) !== updatedAt);
      const gone = new Set(rows.filter(({ movedToId }) => movedToId !== null).map(({ snapshot }) => snapshot));
      const here = fresh.filter((issue) => !gone.has(issue));
      const comments: ChangesPage["comments"][number][] = [];
      for (const issue of withComments ? here.filter(({ commentCount }) => commentCount !== 0) : []) {
        const all = await listComments(call, client, addressOf(issue));
        comments.push(...all.map((comment) => ({ issueItem: issue.item, container: issue.container, comment })));
      }
      const last = Math.max(from, ...found.map(({ updatedAt }) => updatedAt));
      const page =
        answer.nextPage === null ? null : last > from ? { from: last, number: 1 } : { from, number: number + 1 };
      const cursor = cursorAfter(before, fresh, page, answerTime(answer.headers, before.since));
      const left = fresh
        .filter((issue) => gone.has(issue))
        .map(({ remoteId, container: place, item }) => ({ remoteId, container: place, item }));
      return { issues: here, left, comments, cursor: JSON.stringify(cursor), more: page !== null };
    },
  };
}

/** While nothing changed the cursor is the same text, but one that is ahead of GitLab's clock would never tell anything. */
function cursorAfter(
  before: ChangesCursor,
  fresh: readonly IssueSnapshot[],
  page: ChangesCursor["page"],
  nowMs: number,
): ChangesCursor {
  if (fresh.length === 0 && page === null && before.page === null) {
    return nowMs < before.since ? { ...before, since: nowMs } : before;
  }
  return advanceCursor(
    before,
    fresh.map(({ remoteId, updatedAt }): [string, number] => [remoteId, updatedAt]),
    page,
    overlapMs,
  );
}

/** A row that cannot be read is left out and told: it must not hold up the others. */
function readRow(call: GitLabCall, row: unknown): ReadIssue | null {
  try {
    return mapIssue(row);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    call.logger.log("warn", "Left out a row that GitLab sent", { problem: error.message });
    return null;
  }
}

function operationOf(container: string): Operation {
  return { name: "changes.list", isWrite: false, explain: { 404: projectUnknown(container) } };
}
