import { z } from "zod";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import { hostId, storableText } from "../../input/parse-input.ts";

const title = storableText({ min: 1, max: 1_000, trim: true });
const text = storableText({ max: 1_000_000 });
const time = z.number().int().min(0).max(8_640_000_000_000_000);

function words(values: readonly string[], what: string): z.ZodType<string> {
  return z
    .string()
    .refine((value) => values.includes(value), { error: `must be a ${what} of yours: ${values.join(", ")}` });
}

/** What the parsers below give back; absent means as it is, or the default. */
export interface ParsedFields {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly status?: string | undefined;
  readonly priority?: string | null | undefined;
  readonly assignee?: string | null | undefined;
}

export interface ParsedReport {
  readonly projectId: string;
  readonly failure: {
    readonly caseId: string;
    readonly runId?: string | undefined;
    readonly resultId?: string | undefined;
    readonly title: string;
    readonly details?: string | undefined;
    readonly fingerprint?: string | undefined;
    readonly at?: number | undefined;
  };
  readonly priority?: string | null | undefined;
  readonly whenClosed?: "new" | "reopen" | undefined;
}

export interface DefectParsers {
  readonly create: z.ZodType<ParsedFields & { readonly projectId: string; readonly title: string }>;
  readonly update: z.ZodType<ParsedFields>;
  readonly report: z.ZodType<ParsedReport>;
}

export function createDefectParsers(vocabulary: Vocabulary): DefectParsers {
  const status = words(
    vocabulary.statuses.map((entry) => entry.id),
    "status",
  );
  const priority = words(vocabulary.priorities, "priority").nullable();
  const fields = {
    description: text.optional(),
    status: status.optional(),
    priority: priority.optional(),
    assignee: hostId.nullable().optional(),
  };
  return {
    create: z.strictObject({ projectId: hostId, title, ...fields }),
    update: z.strictObject({ title: title.optional(), ...fields }),
    report: z.strictObject({
      projectId: hostId,
      failure: z.strictObject({
        caseId: hostId,
        runId: hostId.optional(),
        resultId: hostId.optional(),
        title,
        details: text.optional(),
        fingerprint: hostId.optional(),
        at: time.optional(),
      }),
      priority: priority.optional(),
      whenClosed: z.enum(["new", "reopen"]).optional(),
    }),
  };
}
