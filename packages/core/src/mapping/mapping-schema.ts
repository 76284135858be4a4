import { z } from "zod";
import type { SyncMappingInput } from "../domain/mapping.ts";

const fieldDirection = z.enum(["two-way", "out", "in", "once", "never"]);
const name = z.string().min(1).max(255);

const fieldRule = z.strictObject({
  direction: fieldDirection.exactOptional(),
  conflict: z.enum(["remote", "local", "latest", "manual"]).exactOptional(),
});

/** The shape of a mapping; whether it makes sense is checked against vocabulary and capabilities. */
export const mappingSchema: z.ZodType<SyncMappingInput> = z.strictObject({
  status: z
    .array(
      z.strictObject({
        state: name.exactOptional(),
        category: z.enum(["open", "active", "closed"]),
        local: z.array(name).max(100),
        primary: name.exactOptional(),
        reason: z.union([name, z.record(name, name)]).exactOptional(),
      }),
    )
    .max(200)
    .exactOptional(),
  priority: z
    .array(
      z.strictObject({
        remote: name,
        local: z.array(name).max(100),
        primary: name.exactOptional(),
        color: z
          .string()
          .regex(/^[0-9a-f]{6}$/i, "must be six hexadecimal digits")
          .exactOptional(),
      }),
    )
    .max(200)
    .exactOptional(),
  fields: z
    .strictObject({
      title: fieldRule.exactOptional(),
      description: fieldRule.exactOptional(),
      status: fieldRule.exactOptional(),
      priority: fieldRule.exactOptional(),
      assignee: fieldRule.exactOptional(),
    })
    .exactOptional(),
  comments: fieldDirection.exactOptional(),
});
