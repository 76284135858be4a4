import type { ChangesGroup } from "@backref/core/provider";
import {
  asList,
  type GiteaAuth,
  type GiteaCall,
  type GiteaOptions,
  largestPage,
  request,
  UnexpectedShape,
} from "./client.ts";
import { repositoryPath } from "./keys.ts";
import { isPull, mapComment, mapIssue, membersOf, textOf } from "./mapping.ts";

/** How far one list was read. Its order is not that of the changes, so the whole list counts, or nothing. */
interface Stream {
  readonly since: number;
  readonly page: number;
  /** Latest change seen since page 1. */
  readonly latest: number;
  /** When page 1 was answered: what changed on it after that is for the next round. */
  readonly startedAt: number;
}

interface Cursor {
  readonly issues: Stream;
  readonly comments: Stream | null;
}

function atRest(since: number): Stream {
  return { since, page: 1, latest: since, startedAt: 0 };
}

async function readPage<Row>(call: GiteaCall, path: string, stream: Stream, mapRow: (row: unknown) => Row | null) {
  const { since, page } = stream;
  const query = `since=${new Date(since).toISOString()}&limit=${largestPage}&page=${page}`;
  const { value: rows, at } = await request(call, {
    operation: "changes.list",
    path: `${path}${query}`,
    map: (data) => asList(data).map((row) => ({ at: updatedAt(row), mapped: mapRow(row) })),
  });
  const latest = Math.max(stream.latest, ...rows.map((row) => row.at));
  const startedAt = page === 1 ? at : stream.startedAt;
  const more = rows.length === largestPage;
  const next = more ? { since, page: page + 1, latest, startedAt } : atRest(Math.min(latest, startedAt || latest));
  return { rows: rows.flatMap(({ mapped }) => (mapped === null ? [] : [mapped])), more, next };
}

function updatedAt(row: unknown): number {
  return Date.parse(textOf(membersOf(row), "updated_at"));
}

/** Comments of pull requests stand in the same list. */
function mapCommentRow(row: unknown) {
  const page = textOf(membersOf(row), "issue_url");
  if (page === "") return null;
  const [, container, issueItem] = /([^/]+\/[^/]+)\/issues\/(\d+)$/.exec(page) ?? [];
  if (container === undefined || issueItem === undefined) throw new UnexpectedShape("issue_url");
  return { container, issueItem, comment: mapComment(row) };
}

export const changesGroup: ChangesGroup<GiteaAuth, GiteaOptions> = {
  async list(call: GiteaCall, { container, cursor, startAt, withComments }) {
    const first = atRest(Math.floor(startAt / 1_000) * 1_000);
    const before: Cursor = cursor === null ? { issues: first, comments: null } : JSON.parse(cursor);
    const path = repositoryPath(container ?? "");
    const mapIssueRow = (row: unknown) => (isPull(row) ? null : mapIssue(row));
    const issues = await readPage(call, `${path}/issues?state=all&type=issues&`, before.issues, mapIssueRow);
    const comments = withComments
      ? await readPage(call, `${path}/issues/comments?`, before.comments ?? first, mapCommentRow)
      : null;
    const after: Cursor = { issues: issues.next, comments: comments?.next ?? before.comments };
    return {
      issues: issues.rows,
      comments: comments?.rows ?? [],
      cursor: JSON.stringify(after),
      more: issues.more || comments?.more === true,
    };
  },
};
