import type { ChangesGroup, ChangesPage, IssueSnapshot } from "@backref/core/provider";
import { advanceCursor, type Operation, overlappingCursor, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { addressOf } from "./address.ts";
import { type EmbeddedComments, embeddedComments, readComments } from "./changes-comments.ts";
import { type ChangesCursor, cursorShape, overlapMs } from "./changes-cursor.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { listComments } from "./comments.ts";
import { errors, projectUnknown } from "./errors.ts";
import { quote } from "./jql.ts";
import { mapIssue, propertyKey, snapshotFields } from "./map-issue.ts";
import { loadRichText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const pageSize = 100;

/** One search per project, by time of change; with comments, one more request for those of all that changed. */
export function createChangesGroup(open: OpenClient): ChangesGroup<JiraAuth, JiraOptions> {
  return {
    async list(call: JiraCall, request): Promise<ChangesPage> {
      const { container } = request;
      const operation = operationOf(container ?? "");
      if (container === null) throw errors.refused(operation, "Jira is polled by project: name one.");
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const before = overlappingCursor(cursorShape, request);
      const from = before.page?.from ?? before.since - overlapMs;
      const found = await search(client, operation, {
        container,
        from,
        token: before.page?.token ?? null,
        withComments: request.withComments,
      });

      const known = new Map(before.seen);
      const rows: { readonly issue: IssueSnapshot; readonly embedded: EmbeddedComments }[] = [];
      for (const row of found.rows) {
        try {
          const issue = mapIssue(row, richText, client.priorities).snapshot;
          if (known.get(issue.remoteId) !== issue.updatedAt) rows.push({ issue, embedded: embeddedComments(row) });
        } catch (error) {
          // A row that cannot be read is left out and told: it must not hold up the others.
          if (!(error instanceof UnexpectedShape)) throw error;
          call.logger.log("warn", "Left out a row that Jira sent", { problem: error.message });
        }
      }
      const comments: ChangesPage["comments"][number][] = [];
      if (request.withComments) {
        const whole = rows.filter(({ embedded }) => embedded.total === embedded.rows.length);
        comments.push(...(await readComments(call, client, whole, richText)));
        for (const { issue } of rows.filter(({ embedded }) => embedded.total > embedded.rows.length)) {
          const all = await listComments(call, client, addressOf(issue), richText);
          comments.push(...all.map((comment) => ({ issueItem: issue.item, container: issue.container, comment })));
        }
      }
      const told = rows.map(({ issue }): [string, number] => [issue.remoteId, issue.updatedAt]);
      const page = found.next === null ? null : { from, token: found.next };
      return {
        issues: rows.map(({ issue }) => issue),
        comments,
        cursor: JSON.stringify(cursorAfter(before, told, page)),
        more: found.next !== null,
      };
    },
  };
}

/** While nothing changed the cursor is the same text. */
function cursorAfter(
  before: ChangesCursor,
  told: readonly (readonly [string, number])[],
  page: ChangesCursor["page"],
): ChangesCursor {
  return told.length === 0 && page === null && before.page === null
    ? before
    : advanceCursor(before, told, page, overlapMs);
}

function operationOf(container: string): Operation {
  return { name: "changes.list", isWrite: false, explain: { 400: { ...projectUnknown(container), failure: "gone" } } };
}

const cloudShape = z.object({
  issues: z.array(z.unknown()),
  isLast: z.boolean().nullish(),
  nextPageToken: z.string().nullish(),
});
const serverShape = z.object({ issues: z.array(z.unknown()), total: z.number() });

/** Times without quotes, in milliseconds: what stands in quotes has minutes only, of the account's own time zone. */
async function search(
  client: JiraClient,
  operation: Operation,
  query: {
    readonly container: string;
    readonly from: number;
    readonly token: string | null;
    readonly withComments: boolean;
  },
): Promise<{ readonly rows: readonly unknown[]; readonly next: string | null }> {
  const jql = `project = ${quote(query.container)} AND updated >= ${Math.floor(query.from)} ORDER BY updated ASC, key ASC`;
  const fields = query.withComments ? [...snapshotFields, "comment"] : snapshotFields;
  if (client.deployment === "cloud") {
    const token = query.token === null ? {} : { nextPageToken: query.token };
    const body = { jql, fields, maxResults: pageSize, properties: [propertyKey], ...token };
    const answer = await client.request(operation, "POST", "/search/jql", { body });
    const page = answer.as((data) => parseShape(cloudShape, data, "answer"));
    return { rows: page.issues, next: page.isLast === true ? null : (page.nextPageToken ?? null) };
  }
  const startAt = Number(query.token ?? 0);
  const answer = await client.request(operation, "POST", "/search", {
    body: { jql, fields, startAt, maxResults: pageSize },
  });
  const page = answer.as((data) => parseShape(serverShape, data, "answer"));
  const next = startAt + page.issues.length;
  return { rows: page.issues, next: page.issues.length > 0 && next < page.total ? String(next) : null };
}
