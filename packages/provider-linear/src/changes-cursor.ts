import { z } from "zod";

/** How far one list has been read. */
export interface ChangesStream {
  /** Linear's clock, milliseconds since 1970 UTC; everything before it has been seen. */
  readonly since: number;
  /** Within pages of what changed since: where the next begins. Null at their beginning. */
  readonly after: string | null;
  /** The newest change that the pages so far have shown. */
  readonly newest: number;
}

export interface ChangesCursor {
  readonly issues: ChangesStream;
  /** Null while comments were never asked for. */
  readonly comments: ChangesStream | null;
  /** Which team it is, whatever its key becomes; null where that was never asked. */
  readonly teamId: string | null;
}

export function firstStream(startAt: number): ChangesStream {
  return { since: startAt, after: null, newest: startAt };
}

const streamShape = z.object({ since: z.number(), after: z.string().nullable(), newest: z.number() });
export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  issues: streamShape,
  comments: streamShape.nullable(),
  teamId: z.string().nullable().default(null),
});

/**
 * A list is read page by page before its beginning moves: whichever way Linear sorts it, what changes meanwhile is newer than
 * the newest that was seen, or comes again. Both ends are included.
 * @param clockAt Linear's own time, 0 where the answer does not say
 */
export function onward(
  stream: ChangesStream,
  page: { readonly times: readonly number[]; readonly next: string | null; readonly clockAt: number },
): ChangesStream {
  const newest = Math.max(stream.newest, ...page.times);
  if (page.next !== null) return { since: stream.since, after: page.next, newest };
  // A beginning by a clock that is ahead of Linear's: what changes until Linear's gets there would never be told.
  const isAhead = page.times.length === 0 && page.clockAt > 0 && page.clockAt < stream.since;
  const since = isAhead ? page.clockAt : newest;
  return { since, after: null, newest: since };
}
