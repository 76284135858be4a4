import type { OverlappingCursor } from "@backref/provider-kit";
import { z } from "zod";

/** How far a project has been read; inside one query, where it began, and its next page. */
export type ChangesCursor = OverlappingCursor<{ readonly from: number; readonly token: string }>;

/**
 * Searches are answered by an index that follows the database: a change can turn up behind one that is later. So much is
 * asked for again each time, and what was told already is left out.
 */
export const overlapMs: number = 120_000;

export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  since: z.number(),
  seen: z.array(z.tuple([z.string(), z.number()])),
  page: z.object({ from: z.number(), token: z.string() }).nullable(),
  withComments: z.boolean(),
});
