import { z } from "zod";

/**
 * Milliseconds since 1970 UTC from Jira's times, such as `2024-11-29T10:44:51.887-0800`: the offset lacks the colon that
 * ISO 8601 has in this form.
 */
export const timeShape: z.ZodType<number> = z.string().transform((text, context) => {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  if (!Number.isNaN(time)) return time;
  context.addIssue({ code: "custom", message: "Expected a time." });
  return z.NEVER;
});

/** Ids are digits in a string, here and there a number. */
export const idShape: z.ZodType<string> = z.union([z.number(), z.string()]).transform(String);
