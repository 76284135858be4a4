import type { FieldValue, SyncField } from "../../domain/fields.ts";
import type { PreviewedField, PreviewedLink, PreviewOutcome, SourcePreview } from "../source-preview-types.ts";

interface Unmapped {
  readonly field: SyncField;
  readonly side: "defect" | "issue";
  readonly value: FieldValue;
}

/** The value that no rule maps, where there is one. Texts need no rule. */
function unmappedOf({ field, outcome, defect, issue }: PreviewedField): Unmapped | null {
  if (outcome === "unmapped") return { field, side: "issue", value: issue.now };
  const isWord = field === "status" || field === "priority";
  return outcome === "blocked" && isWord ? { field, side: "defect", value: defect.now } : null;
}

/** Adds up what one page shows. */
export function createPreviewSums() {
  const outcomes: Record<PreviewOutcome, number> = {
    out: 0,
    in: 0,
    conflict: 0,
    frozen: 0,
    apart: 0,
    unmapped: 0,
    refused: 0,
    blocked: 0,
    reread: 0,
  };
  const unmapped = new Map<string, Unmapped & { readonly links: number }>();
  let looked = 0;
  let requests = 0;
  return {
    add(part: { readonly looked: number; readonly requests: number; readonly links: readonly PreviewedLink[] }): void {
      looked += part.looked;
      requests += part.requests;
      for (const field of part.links.flatMap((link) => link.fields)) {
        outcomes[field.outcome] += 1;
        const value = unmappedOf(field);
        if (value === null) continue;
        const key = JSON.stringify(value);
        unmapped.set(key, { ...value, links: (unmapped.get(key)?.links ?? 0) + 1 });
      }
    },
    read(): Pick<SourcePreview, "links" | "outcomes" | "unmapped" | "requests"> {
      return { links: looked, outcomes, unmapped: [...unmapped.values()], requests };
    },
  };
}
