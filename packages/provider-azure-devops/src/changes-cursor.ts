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

export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  token: z.string().nullable(),
  startAt: z.number(),
  withComments: z.boolean(),
});
