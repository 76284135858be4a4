import type { ChangesRequest } from "@backref/core/provider";
import type { AnswerSchema } from "./shapes.ts";

/**
 * What a cursor of changes holds that was written with `JSON.stringify`. Null for the first poll, and for cursors of a version
 * that wrote them otherwise: reading again is harmless.
 */
export function parseCursor<Cursor>(schema: AnswerSchema<Cursor>, text: string | null): Cursor | null {
  if (text === null) return null;
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** A change that was told: which issue, when by the tracker's clock in milliseconds since 1970 UTC, and what else counts. */
export type SeenChange = readonly [id: string, updatedAt: number, ...more: unknown[]];

/**
 * How far a list by time of change has been read, of a tracker that shows a change some time after it: so much is asked for
 * again each time, and what was told of it is remembered. Times are the tracker's, milliseconds since 1970 UTC.
 */
export interface OverlappingCursor<Page, Seen extends SeenChange = readonly [id: string, updatedAt: number]> {
  /** Of the latest change that was told. */
  readonly since: number;
  /** What was told of the time that is asked for again. */
  readonly seen: readonly Seen[];
  /** While pages wait: where they go on; null once all is read. */
  readonly page: Page | null;
  /** Comments were told as well. */
  readonly withComments: boolean;
}

/** The cursor of a request, or the first one. Once comments are asked for, all comes from the start. */
export function overlappingCursor<Page, Seen extends SeenChange>(
  schema: AnswerSchema<OverlappingCursor<Page, Seen>>,
  { cursor, startAt, withComments }: Pick<ChangesRequest, "cursor" | "startAt" | "withComments">,
): OverlappingCursor<Page, Seen> {
  const stored = parseCursor(schema, cursor);
  const isGood = stored !== null && (stored.withComments || !withComments);
  return isGood ? stored : { since: startAt, seen: [], page: null, withComments };
}

/** Most changes that are remembered; beyond that some are told twice, which is harmless. */
const mostSeen = 300;

/** The cursor after a page of rows, whichever way they came. */
export function advanceCursor<Page, Seen extends SeenChange>(
  before: OverlappingCursor<Page, Seen>,
  rows: readonly Seen[],
  page: Page | null,
  overlapMs: number,
): OverlappingCursor<Page, Seen> {
  const since = Math.max(before.since, ...rows.map(([, updatedAt]) => updatedAt));
  const latest = new Map([...before.seen, ...rows].map((row) => [row[0], row]));
  const inside = [...latest.values()].filter(([, updatedAt]) => updatedAt >= since - overlapMs);
  const seen = inside.sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1)).slice(-mostSeen);
  return { since, seen, page, withComments: before.withComments };
}
