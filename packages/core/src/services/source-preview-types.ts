import type { FieldValue, SyncField } from "../domain/fields.ts";
import type { SyncMappingInput } from "../domain/mapping.ts";
import type { Page } from "../domain/page.ts";
import type { LinkStatus } from "../engine/link-status.ts";
import type { IssueState } from "../issues/issue.ts";
import type { MappingProblem } from "../mapping/check-mapping.ts";
import type { TargetInput } from "./source-input-types.ts";

/** What to try out, and on how many links. */
export interface PreviewRequest {
  /** Most links to look at, 1 to 1,000. @default as many as the tracker reads at once, at least 50 */
  readonly limit?: number;
  /** `nextCursor` of the page before; absent for the first page. */
  readonly cursor?: string;
  /** A mapping to try out in place of the source's, as `update` takes it. @default the stored one */
  readonly mapping?: SyncMappingInput;
  /** Targets to try out, as `update` takes them. @default the stored ones */
  readonly targets?: { readonly upsert?: readonly TargetInput[]; readonly delete?: readonly string[] };
  /** `false` sends nothing and goes by the cached copies. @default true */
  readonly fresh?: boolean;
}

/**
 * What becomes of a field. `out`: the defect's value goes to the issue. `in`: the issue's value comes into the defect.
 * `conflict`: both sides changed it, and `winner` says who wins. `frozen`: it waits for a person. `apart`: the sides differ
 * and stay so until one of them changes. `unmapped`: the issue's value stands for nothing here. `refused`: one side did not
 * take the value before, and it is not tried again. `blocked`: the defect's value cannot go out as it is. `reread`: the
 * issue's value means something else under the mapping that is tried out, and nothing follows.
 */
export type PreviewOutcome =
  | "out"
  | "in"
  | "conflict"
  | "frozen"
  | "apart"
  | "unmapped"
  | "refused"
  | "blocked"
  | "reread";

/** One side's value before and after, in its own words: a state's name, a list of labels. Equal where nothing changes. */
export interface PreviewedSide {
  readonly now: FieldValue;
  readonly after: FieldValue;
}

/** What would become of one field of a link. */
export interface PreviewedField {
  readonly field: SyncField;
  readonly outcome: PreviewOutcome;
  /** Of a conflict: whose value is on both sides afterwards. `none`: the field is frozen until a person decides. */
  readonly winner: "local" | "remote" | "none" | null;
  readonly defect: PreviewedSide;
  readonly issue: PreviewedSide;
  /**
   * What the issue's value stands for here, under the stored mapping and under the one tried out; null for nothing. Null as a
   * whole where both read it alike.
   */
  readonly reading: { readonly stored: FieldValue; readonly previewed: FieldValue } | null;
  /** What happens and why, in words. */
  readonly message: string;
}

/**
 * What the next look at a link does. `merge`: compares both sides. `create`: makes the issue. `find`: looks for an issue of
 * which nobody knows whether it was made. `end`: detaches, since the defect is gone. `none`: nothing travels.
 */
export type PreviewStep = "merge" | "create" | "find" | "end" | "none";

/** What the next pass would do with one link. */
export interface PreviewedLink {
  readonly linkId: string;
  readonly defectId: string;
  readonly projectId: string;
  readonly issue: { readonly key: string; readonly url: string; readonly state: IssueState } | null;
  /** How the link stands now. */
  readonly status: LinkStatus;
  readonly step: PreviewStep;
  /** Fields with something to say. With the step `none`: what would follow if the link could be worked on. */
  readonly fields: readonly PreviewedField[];
  /**
   * `out`: comments that would be written, edited or deleted at the tracker. `uncounted`: by how many the tracker's own count
   * exceeds the comments known here, negative where some are gone there; null where it is not known, or comments do not come
   * in. Edits made at the tracker are not foreseen.
   */
  readonly comments: { readonly out: number; readonly uncounted: number | null };
  /** False where a pass would look a second time before it believes this copy: a newer one is known of, or is likely. */
  readonly isSure: boolean;
  /** Why nothing travels, or what else is worth knowing; null for nothing. */
  readonly message: string | null;
}

/** Links with something to say, of those that this page looked at. The page may be empty although more follow. */
export interface SourcePreview extends Page<PreviewedLink> {
  /** What is wrong with the mapping, and what is worth knowing. While there is an `error`, nothing is looked at. */
  readonly mapping: readonly MappingProblem[];
  /** Links looked at for this page. */
  readonly links: number;
  /** How many fields of this page have which outcome. */
  readonly outcomes: Readonly<Record<PreviewOutcome, number>>;
  /** Values on this page for which the mapping has no rule, with the number of links that have them. */
  readonly unmapped: readonly {
    readonly field: SyncField;
    readonly side: "defect" | "issue";
    readonly value: FieldValue;
    readonly links: number;
  }[];
  /** Read requests sent for this page. */
  readonly requests: number;
}
