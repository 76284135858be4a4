import { z } from "zod";

/** How far a project has been read. */
export interface ChangesCursor {
  /** Where the tracker's report goes on; null before its first page. */
  readonly token: string | null;
  /** Where the report begins, milliseconds since 1970 UTC by the tracker's clock. */
  readonly startAt: number;
  /** Comments were told as well. */
  readonly withComments: boolean;
}

export function formatCursor(cursor: ChangesCursor): string {
  return JSON.stringify(cursor);
}

const cursorShape = z.object({ token: z.string().nullable(), startAt: z.number(), withComments: z.boolean() });

/** Null for the first poll, and for cursors of a version that wrote them otherwise: reading again is harmless. */
export function parseCursor(text: string | null): ChangesCursor | null {
  if (text === null) return null;
  try {
    return cursorShape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
