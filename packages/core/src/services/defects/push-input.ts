import { z } from "zod";
import type { JsonObject } from "../../domain/json.ts";
import { hostId, storableText } from "../../input/parse-input.ts";

const mostCharacters = 200_000;

/** Values of a new issue's fields; what they may be is asked of the form. */
export const pushFields: z.ZodType<JsonObject> = (
  z.record(z.string().min(1).max(255), z.json()) as unknown as z.ZodType<JsonObject>
).refine(
  (fields) => JSON.stringify(fields).length <= mostCharacters,
  `must have at most ${mostCharacters} characters as JSON`,
);

/** What a push says of a file, complete. */
export interface ParsedAttachment {
  readonly reference: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

const isPlainName = (name: string) => !/[\\/\p{Cc}]/u.test(name) && name !== "." && name !== "..";

export const pushAttachments: z.ZodType<readonly ParsedAttachment[]> = z
  .array(
    z.strictObject({
      reference: hostId,
      fileName: storableText({ min: 1, max: 255, trim: true }).refine(
        isPlainName,
        "must be a file's name, without path and control characters",
      ),
      contentType: z
        .string()
        .max(255)
        .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w-]+=[\w.+-]+)*$/, "must be a media type such as image/png")
        .default("application/octet-stream"),
      sizeBytes: z.int().min(0),
    }),
  )
  .max(1_000)
  .refine(
    (files) => new Set(files.map(({ reference }) => reference)).size === files.length,
    "names a reference twice; each file is given once",
  );
