import type { FieldValue } from "../../domain/fields.ts";
import type { FieldRule } from "../../domain/mapping.ts";
import type { PreviewedField } from "../source-preview-types.ts";

function show(value: FieldValue): string {
  if (value === null) return "nothing";
  if (typeof value === "string") return `"${value}"`;
  return value.length === 0 ? "no label of the mapping" : value.map((name) => `"${name}"`).join(", ");
}

function conflictWords({ field, winner }: Pick<PreviewedField, "field" | "winner">, rule: FieldRule): string {
  const by = rule.direction === "two-way" ? `conflict rule "${rule.conflict}"` : `direction "${rule.direction}"`;
  if (winner === "none") return `Both sides changed the ${field}. It is frozen until a person decides (${by}).`;
  const wins = winner === "local" ? "The defect's goes out" : "The issue's comes in";
  return `Both sides changed the ${field}. ${wins} (${by}); the other is kept in the activity.`;
}

function apartWords(field: string, { direction }: FieldRule): string {
  const why = {
    out: ` It only goes out, so a change of the issue alone is left there.`,
    in: ` It only comes in, so a change of the defect alone is left here.`,
  };
  const extra = direction === "out" || direction === "in" ? why[direction] : "";
  return `The ${field} of defect and issue differs and stays so until one of them changes.${extra}`;
}

function unmappedWords({ field, issue }: Pick<PreviewedField, "field" | "issue">): string {
  const isMissing = issue.now === null || issue.now.length === 0;
  return isMissing
    ? `The issue has ${show(issue.now)}.`
    : `The issue has ${show(issue.now)}, which stands for no ${field} of yours.`;
}

/** @param because what stands in the way, where somebody has said so already */
export function previewWords(field: Omit<PreviewedField, "message">, rule: FieldRule, because: string | null): string {
  const name = field.field;
  const isShort = name === "status" || name === "priority";
  const change = ({ now, after }: PreviewedField["defect"]) => (isShort ? `: ${show(now)} becomes ${show(after)}` : "");
  switch (field.outcome) {
    case "out":
      return `The defect's ${name} goes out${change(field.issue)}.`;
    case "in":
      return `The issue's ${name} comes in${change(field.defect)}.`;
    case "conflict":
      return conflictWords(field, rule) + (because === null ? "" : ` ${because}`);
    case "frozen":
      return `The ${name} is frozen on both sides until a person decides: defects.resolve(linkId, { field, winner }).`;
    case "apart":
      return apartWords(name, rule);
    case "unmapped":
      return `${unmappedWords(field)} The defect keeps ${show(field.defect.now)}.`;
    case "refused":
    case "blocked":
      return because ?? `The ${name} is not sent.`;
    case "reread":
      return `The issue's ${name} ${show(field.issue.now)} stood for ${show(field.reading?.stored ?? null)} and stands for ${show(field.reading?.previewed ?? null)} now. Nothing follows by itself.`;
  }
}
