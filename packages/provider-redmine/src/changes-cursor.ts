import type { OverlappingCursor } from "@backref/provider-kit";
import { z } from "zod";

/** A change that was told. Settled: its second was over by then, so that nothing else can carry the same time. */
export type SeenChange = readonly [id: string, updatedAt: number, isSettled: boolean];

/** How far a project has been read; of pages that wait, from which time on, and how many rows of that were read. */
export type ChangesCursor = OverlappingCursor<{ readonly from: number; readonly offset: number }, SeenChange>;

/** A change shows once it is committed, which can be some seconds after its time: so much is asked for again. */
export const overlapMs: number = 10_000;

export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  since: z.number(),
  seen: z.array(z.tuple([z.string(), z.number(), z.boolean()])),
  page: z.object({ from: z.number(), offset: z.number().int().min(0) }).nullable(),
  withComments: z.boolean(),
});
