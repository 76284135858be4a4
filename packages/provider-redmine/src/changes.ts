import type { ChangesGroup, ChangesPage } from "@backref/core/provider";
import { advanceCursor, hasStatus, type Operation, overlappingCursor, UnexpectedShape } from "@backref/provider-kit";
import { type ChangesCursor, cursorShape, overlapMs, type SeenChange } from "./changes-cursor.ts";
import type { OpenClient, RedmineCall } from "./client.ts";
import { listComments } from "./comments.ts";
import { errors, projectUnknown } from "./errors.ts";
import { ofProject, since } from "./issues.ts";
import { readPage } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

/** One list per project, by time of change; with comments, one more request for each issue that changed. */
export function createChangesGroup(open: OpenClient): ChangesGroup<RedmineAuth, RedmineOptions> {
  return {
    async list(call: RedmineCall, request): Promise<ChangesPage> {
      const { container, withComments } = request;
      const operation = operationOf(container ?? "");
      if (container === null) throw errors.refused(operation, "Redmine is polled by project: name one.");
      const client = open(call);
      const before = overlappingCursor(cursorShape, request);
      const { from, offset } = before.page ?? { from: before.since - overlapMs, offset: 0 };
      const query = { ...ofProject(container), updated_on: since(from), sort: "updated_on,id", offset };
      const page = await readPage(client, operation, "/issues", query, (row) => readRow(call, row, container));
      const rows = page.rows.filter((row) => row !== null);

      const nowMs = trackerTime(page.headers);
      const known = new Map(before.seen.map((change) => [change[0], change]));
      const isKnown = ({ snapshot: { remoteId, updatedAt } }: ReadIssue) => {
        const [, toldAt, isSettled = false] = known.get(remoteId) ?? [];
        return toldAt === updatedAt && isSettled;
      };
      const fresh = rows.filter((row) => !isKnown(row));
      const here = fresh.filter(({ isPrivate }) => !isPrivate || call.options.privateIssues);
      const left = fresh.filter((row) => !here.includes(row)).map(({ snapshot }) => snapshot);
      const comments: ChangesPage["comments"][number][] = [];
      for (const { snapshot } of withComments ? here : []) {
        const all = await commentsOf(call, open, snapshot.item);
        comments.push(...all.map((comment) => ({ issueItem: snapshot.item, container, comment })));
      }
      const last = Math.max(from, ...rows.map(({ snapshot }) => snapshot.updatedAt));
      const next = page.nextOffset;
      const waiting = next === null ? null : last > from ? { from: last, offset: 0 } : { from, offset: next };
      const told = fresh.map(({ snapshot: { remoteId, updatedAt } }): SeenChange => {
        return [remoteId, updatedAt, nowMs !== null && nowMs - updatedAt >= 1000];
      });
      return {
        issues: here.map(({ snapshot }) => snapshot),
        left: left.map(({ remoteId, item }) => ({ remoteId, container, item })),
        comments,
        cursor: JSON.stringify(cursorAfter(before, told, waiting, nowMs)),
        more: waiting !== null,
      };
    },
  };
}

/** One that was deleted, or hidden, between both requests has none. */
async function commentsOf(call: RedmineCall, open: OpenClient, item: string) {
  try {
    return await listComments(call, open(call), { item }, "changes.list");
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}

/** By the web server in front of Redmine; null where there is none that says it. Redmine's answers hold no time. */
function trackerTime(headers: Headers): number | null {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date;
}

/** While nothing changed the cursor is the same text, but one that is ahead of Redmine's clock would never tell anything. */
function cursorAfter(
  before: ChangesCursor,
  told: readonly SeenChange[],
  page: ChangesCursor["page"],
  nowMs: number | null,
): ChangesCursor {
  if (told.length === 0 && page === null && before.page === null) {
    return nowMs !== null && nowMs + 1000 < before.since ? { ...before, since: nowMs } : before;
  }
  return advanceCursor(before, told, page, overlapMs);
}

/** A row that cannot be read is left out and told: it must not hold up the others. */
function readRow(call: RedmineCall, row: unknown, container: string): ReadIssue | null {
  try {
    return mapIssue(row, container, call.options);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    call.logger.log("warn", "Left out a row that Redmine sent", { problem: error.message });
    return null;
  }
}

function operationOf(container: string): Operation {
  return { name: "changes.list", isWrite: false, explain: projectUnknown(container) };
}
