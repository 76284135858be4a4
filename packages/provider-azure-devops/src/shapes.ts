import { z } from "zod";

/** Milliseconds since 1970 UTC from times such as `2026-11-22T09:12:33.417Z`. */
export const timeShape: z.ZodType<number> = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.addIssue({ code: "custom", message: "Expected a time." });
  return z.NEVER;
});

/** Ids are numbers, here and there in a string. */
export const idShape: z.ZodType<string> = z.union([z.number().int(), z.string().regex(/^\d+$/)]).transform(String);
