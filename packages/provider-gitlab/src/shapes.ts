import { z } from "zod";

/** Milliseconds since 1970 UTC from GitLab's ISO 8601 times. */
export const timeShape: z.ZodType<number> = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.addIssue({ code: "custom", message: "Expected a time." });
  return z.NEVER;
});

/** Ids are numbers. */
export const idShape: z.ZodType<string> = z.union([z.number(), z.string()]).transform(String);
