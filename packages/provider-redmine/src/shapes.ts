import { z } from "zod";

/** Milliseconds since 1970 UTC from Redmine's ISO 8601 times, which have whole seconds. */
export const timeShape: z.ZodType<number> = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.addIssue({ code: "custom", message: "Expected a time." });
  return z.NEVER;
});

/** Ids are numbers. */
export const idShape: z.ZodType<string> = z.union([z.number(), z.string()]).transform(String);

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const namedShape: z.ZodType<Named> = z.object({ id: idShape, name: z.string() });
