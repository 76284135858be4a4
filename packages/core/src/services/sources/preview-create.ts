import { composeRequest, type SentFields, sentFields } from "../../engine/create-request.ts";
import type { LinkCase } from "../../engine/link-case.ts";
import { BackrefError } from "../../errors/index.ts";
import { asList } from "../../mapping/field-codec.ts";
import type { PreviewedField } from "../source-preview-types.ts";
import { pushedWords } from "./preview-fields.ts";
import { commentsOut, nothing, type PreviewedLook, refusedLabels } from "./preview-look.ts";
import { previewWords } from "./preview-words.ts";

function createdFields(work: LinkCase, sent: SentFields, refusal: string | null): readonly PreviewedField[] {
  return work.codecs.flatMap((codec): readonly PreviewedField[] => {
    const { field } = codec;
    const rule = work.mapping.fields[field];
    const now = work.defect?.[field] ?? null;
    const pair = sent[field];
    const defect = { now, after: now };
    const base = { field, winner: null, defect, reading: null };
    if (pair === undefined) {
      if (rule.direction === "in" || rule.direction === "never") return [];
      const because = `The ${field} "${String(now)}" has no counterpart in the mapping of this target. Map it, or choose another value.`;
      const draft = { ...base, outcome: "blocked" as const, issue: { now: null, after: null } };
      return [{ ...draft, message: previewWords(draft, rule, because) }];
    }
    if (pair.remote === "" || pair.remote === null || (Array.isArray(pair.remote) && pair.remote.length === 0))
      return [];
    const isRefused = field === "priority" && refusal !== null;
    const after = isRefused ? null : pushedWords(work, { field, local: pair.local, target: pair.remote });
    const draft = {
      ...base,
      outcome: isRefused ? ("refused" as const) : ("out" as const),
      issue: { now: null, after },
    };
    return [{ ...draft, message: previewWords(draft, rule, refusal) }];
  });
}

/** What a new issue will say. What the tracker makes of it by itself is not foreseen. */
export function previewCreate(work: LinkCase): PreviewedLook {
  const { provider, capabilities } = work.pass.session;
  if (provider.create === undefined) {
    return { ...nothing, message: `${provider.describe().name} issues cannot be created from here.` };
  }
  const sent = sentFields(work);
  const names = capabilities.priority === "labels" ? asList(sent.priority?.remote) : [];
  const refused = refusedLabels(work, names);
  try {
    composeRequest(work, sent, refused);
  } catch (error) {
    if (!BackrefError.isInstance(error)) throw error;
    return { ...nothing, message: error.message };
  }
  const refusal = names.map((name) => refused.get(name)).find((reason) => reason !== undefined) ?? null;
  const fields = createdFields(work, sent, refusal);
  return { ...nothing, step: "create", fields, comments: { out: commentsOut(work), uncounted: null } };
}
