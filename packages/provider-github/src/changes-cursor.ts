import { z } from "zod";

/** How far one list has been read. */
export interface ChangesStream {
  /** Tracker's clock, milliseconds since 1970 UTC, whole seconds; everything before it has been seen. */
  readonly since: number;
  readonly page: number;
  /** Only of an answer that changes with anything in the list. */
  readonly etag: string | null;
  /** Pages wait. */
  readonly more: boolean;
}

export interface ChangesCursor {
  /** Validators are good for the credential that got them. */
  readonly credentialId: string;
  readonly issues: ChangesStream;
  /** Null while comments were never asked for. */
  readonly comments: ChangesStream | null;
}

export function firstCursor(credentialId: string, startAt: number): ChangesCursor {
  const since = Math.floor(startAt / 1000) * 1000;
  const stream: ChangesStream = { since, page: 1, etag: null, more: false };
  return { credentialId, issues: stream, comments: null };
}

const streamShape = z.object({
  since: z.number(),
  page: z.number().int().min(1),
  etag: z.string().nullable(),
  more: z.boolean(),
});

export const cursorShape: z.ZodType<ChangesCursor> = z.object({
  credentialId: z.string(),
  issues: streamShape,
  comments: streamShape.nullable(),
});
