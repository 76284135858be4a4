import type { LinkStatus } from "../../engine/link-status.ts";
import type { Reference, ReferenceSelection } from "../references-types.ts";

/** CSV is for spreadsheets and altered where one might compute a text; JSON is everything, unaltered. */
export type ExportFormat =
  | {
      readonly format: "csv";
      /** Some spreadsheets read UTF-8 only with a mark at the beginning. @default false */
      readonly byteOrderMark?: boolean;
    }
  | { readonly format: "json" };

/** Which references are exported, and as what. */
export type ExportReferencesRequest = ReferenceSelection & ExportFormat;

/** A reference with the sync link of its issue and the defect behind it, as far as the actor sees them. */
export interface ExportedReference extends Reference {
  /** The living sync link that keeps a defect in step with the issue. */
  readonly link: {
    readonly id: string;
    readonly defectId: string;
    readonly status: LinkStatus;
    readonly message: string | null;
    /** Milliseconds since 1970 UTC. */
    readonly syncedAt: number | null;
  } | null;
  /** The object itself where it is a defect, else the one of `link`. */
  readonly defect: {
    readonly id: string;
    readonly projectId: string;
    readonly title: string;
    readonly status: string;
    readonly priority: string | null;
  } | null;
}

/**
 * A document that is written while it is read, a batch at a time, as fast as it is taken. Each call begins anew. Where it
 * cannot be finished, the last read fails; what was read until then is not the whole.
 */
export interface TraceabilityExport {
  /** For example `text/csv; charset=utf-8; header=present`. */
  readonly contentType: string;
  /** For example `references-2026-11-22.csv`; ASCII, without characters that are special anywhere. */
  readonly fileName: string;
  /** The document in pieces, for a file or a program. */
  text(): AsyncIterable<string>;
  /** The text in UTF-8. Cancelling it ends the reading. */
  stream(): ReadableStream<Uint8Array>;
  /** `stream()` as a download. */
  response(): Response;
}
