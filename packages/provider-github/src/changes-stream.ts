import { answerTime, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { ChangesStream } from "./changes-cursor.ts";
import type { GitHubClient } from "./client.ts";
import { parseList, toSeconds } from "./rest-values.ts";
import { timeShape } from "./shapes.ts";

const pageSize = 100;
/** A list keeps its starting point, and with it its validator, until it is this long; then it starts at its last row. */
const longestOverlap = 30;
/** After this a point in time gets no more rows. */
const settledAfterMs = 2_000;

export interface PollTarget {
  readonly client: GitHubClient;
  readonly operation: Operation;
  /** The repository's API URL. */
  readonly url: string;
  /** The validators were given for this very credential. */
  readonly trustsValidators: boolean;
}

export interface PolledPage {
  readonly rows: readonly unknown[];
  readonly next: ChangesStream;
}

/** One page of a list. @param resource the list's path with the query so far, ending in `?` or `&`. */
export async function pollStream(target: PollTarget, resource: string, stream: ChangesStream): Promise<PolledPage> {
  const { since, page } = stream;
  const etag = target.trustsValidators ? stream.etag : null;
  // "Updated after": one second earlier, so that it does not matter whether the second itself is included.
  const query = `sort=updated&direction=asc&per_page=${pageSize}&since=${toSeconds(since - 1000)}`;
  const url = `${target.url}/${resource}${query}${page > 1 ? `&page=${page}` : ""}`;
  const headers = etag === null ? {} : { headers: { "if-none-match": etag } };
  const answer = await target.client.request(target.operation, `GET ${url}`, headers);
  if (answer.status === 304) return { rows: [], next: stream };
  const rows = answer.as(parseList);
  const read: ReadPage = {
    last: answer.as(() => lastChange(rows)),
    rowCount: rows.length,
    hasNext: answer.next !== null,
    etag: answer.headers.get("etag"),
    at: answerTime(answer.headers, 0),
  };
  return { rows, next: read.hasNext ? onward(stream, read) : atEnd(stream, read) };
}

interface ReadPage {
  /** Time of the last row; null without rows. */
  readonly last: number | null;
  readonly rowCount: number;
  readonly hasNext: boolean;
  readonly etag: string | null;
  /** Tracker's clock; 0 where the answer does not say. */
  readonly at: number;
}

/** Page numbers are good only while nothing moves: inside one point in time. */
function onward({ since, page }: ChangesStream, read: ReadPage): ChangesStream {
  const last = Math.max(read.last ?? since, since);
  return { since: last, page: last > since ? 1 : page + 1, etag: null, more: true };
}

/** The list is read to its end. Where the next poll starts, and whether this page's validator vouches for all of it. */
function atEnd(stream: ChangesStream, read: ReadPage): ChangesStream {
  const { since, page } = stream;
  const last = Math.max(read.last ?? since, since);
  // Rows before it were deleted: changes may stand on an earlier page now.
  if (page > 1 && read.rowCount === 0) return { since, page: 1, etag: null, more: true };
  // A start by a clock that is ahead of GitHub's: what changes until GitHub's gets there would never be told.
  if (read.rowCount === 0 && read.at > 0 && read.at < since) return { since: read.at, page, etag: null, more: false };
  // A full page would not change when a row is added behind it.
  const isOpenEnded = read.rowCount < pageSize;
  // Whatever changes later stands behind all rows of a second that is over, so on their last page.
  const isTail = last === since && read.at >= since + settledAfterMs;
  const vouches = page === 1 ? read.rowCount <= longestOverlap || last === since : isTail;
  if (isOpenEnded && vouches) return { since, page, etag: read.etag, more: false };
  return { since: last, page: 1, etag: null, more: false };
}

const rowShape = z.object({ updated_at: timeShape });

function lastChange(rows: readonly unknown[]): number | null {
  const row = rows.at(-1);
  return row === undefined ? null : parseShape(rowShape, row, "row").updated_at;
}
