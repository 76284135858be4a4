import { z } from "zod";

/** Milliseconds since 1970 UTC from Linear's ISO 8601 times. */
export const timeShape: z.ZodType<number> = z.string().transform(Date.parse).pipe(z.number());
