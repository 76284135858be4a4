import { z } from "zod";

/** A change that was told. */
export interface SeenChange {
  readonly id: string;
  readonly updatedAt: number;
  /** The second of the change was over when it was told: nothing else can carry the same time. */
  readonly isSettled: boolean;
}

/** How far a project has been read. Times are Redmine's, milliseconds since 1970 UTC, in whole seconds. */
export interface ChangesCursor {
  /** Of the latest change that was told. */
  readonly since: number;
  /** What was told of the time that is asked for again. */
  readonly seen: readonly SeenChange[];
  /** While pages wait: from which time on, and how many rows of that were read; null once all is read. */
  readonly page: { readonly from: number; readonly offset: number } | null;
  /** Comments were told as well. */
  readonly withComments: boolean;
}

/** A change shows once it is committed, which can be some seconds after its time: so much is asked for again. */
export const overlapMs: number = 10_000;
/** Most changes that are remembered; beyond that some are told twice, which is harmless. */
const mostSeen = 300;

export function firstCursor(startAt: number, withComments: boolean): ChangesCursor {
  return { since: startAt, seen: [], page: null, withComments };
}

/** The cursor after a page of rows. */
export function advance(
  before: ChangesCursor,
  rows: readonly SeenChange[],
  page: ChangesCursor["page"],
): ChangesCursor {
  const since = Math.max(before.since, ...rows.map(({ updatedAt }) => updatedAt));
  const latest = new Map([...before.seen, ...rows].map((change) => [change.id, change]));
  const inside = [...latest.values()].filter(({ updatedAt }) => updatedAt >= since - overlapMs);
  const seen = inside.sort((a, b) => a.updatedAt - b.updatedAt || Number(a.id) - Number(b.id)).slice(-mostSeen);
  return { since, seen, page, withComments: before.withComments };
}

export function formatCursor({ since, seen, page, withComments }: ChangesCursor): string {
  const told = seen.map(({ id, updatedAt, isSettled }) => [id, updatedAt, isSettled]);
  return JSON.stringify({ since, seen: told, page, withComments });
}

const cursorShape = z.object({
  since: z.number(),
  seen: z.array(
    z
      .tuple([z.string(), z.number(), z.boolean()])
      .transform(([id, updatedAt, isSettled]): SeenChange => ({ id, updatedAt, isSettled })),
  ),
  page: z.object({ from: z.number(), offset: z.number().int().min(0) }).nullable(),
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
