import type { OverlappingCursor } from "@backref/provider-kit";
import { z } from "zod";

/** How far a project has been read; of pages that wait, from which time on, and which page of that. */
export type ChangesCursor = OverlappingCursor<{ readonly from: number; readonly number: number }>;

/** Reads may come from a copy of the database that is some seconds behind: so much is asked for again each time. */
export const overlapMs: number = 10_000;

export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  since: z.number(),
  seen: z.array(z.tuple([z.string(), z.number()])),
  page: z.object({ from: z.number(), number: z.number().int().min(1) }).nullable(),
  withComments: z.boolean(),
});
