import { z } from "zod";

/** How far a project has been read. Times are the tracker's, milliseconds since 1970 UTC. */
export interface ChangesCursor {
  /** Of the latest change that was told. */
  readonly since: number;
  /** What was told of the time that is asked for again: id and time of change. */
  readonly seen: readonly (readonly [id: string, updatedAt: number])[];
  /** While pages wait: from which time on, and which page of that; null once all is read. */
  readonly page: { readonly from: number; readonly number: number } | null;
  /** Comments were told as well. */
  readonly withComments: boolean;
}

/** Reads may come from a copy of the database that is some seconds behind: so much is asked for again each time. */
export const overlapMs: number = 10_000;
/** Most changes that are remembered; beyond that some are told twice, which is harmless. */
const mostSeen = 300;

export function firstCursor(startAt: number, withComments: boolean): ChangesCursor {
  return { since: startAt, seen: [], page: null, withComments };
}

/** The cursor after a page of rows. */
export function advance(
  before: ChangesCursor,
  rows: readonly (readonly [id: string, updatedAt: number])[],
  page: ChangesCursor["page"],
): ChangesCursor {
  const since = Math.max(before.since, ...rows.map(([, updatedAt]) => updatedAt));
  const latest = new Map([...before.seen, ...rows]);
  const inside = [...latest].filter(([, updatedAt]) => updatedAt >= since - overlapMs);
  const seen = inside.sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1)).slice(-mostSeen);
  return { since, seen, page, withComments: before.withComments };
}

export function formatCursor(cursor: ChangesCursor): string {
  return JSON.stringify(cursor);
}

const cursorShape = z.object({
  since: z.number(),
  seen: z.array(z.tuple([z.string(), z.number()])),
  page: z.object({ from: z.number(), number: z.number().int().min(1) }).nullable(),
  withComments: z.boolean(),
});

/** Null for the first poll, and for cursors of a version that wrote them otherwise: reading again is harmless. */
export function parseCursor(text: string | null): ChangesCursor | null {
  if (text === null) return null;
  try {
    return cursorShape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
