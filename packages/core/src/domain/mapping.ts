import type { ConflictPolicy, FieldDirection, SyncField } from "./fields.ts";
import type { StatusCategory } from "./vocabulary.ts";

/** Several local values that one remote value stands for. */
export interface StatusMapping {
  /** A particular state's id or name, which goes before any entry by category. */
  readonly state?: string;
  readonly category: StatusCategory;
  /** Local statuses that go out as this. */
  readonly local: readonly string[];
  /** The local status that comes in for it. @default the first of `local` */
  readonly primary?: string;
  /** Closed reason to send along, by local status or for all of them. Never compared. */
  readonly reason?: string | Readonly<Record<string, string>>;
}

/** Several local priorities that one remote value stands for. */
export interface PriorityMapping {
  /** Label name, or the tracker's own priority. */
  readonly remote: string;
  /** Local priorities that go out as this. */
  readonly local: readonly string[];
  /** The local priority that comes in for it. @default the first of `local` */
  readonly primary?: string;
  /** Colour of a label that has to be made: six hexadecimal digits. */
  readonly color?: string;
}

/** How one field travels. */
export interface FieldRule {
  readonly direction: FieldDirection;
  readonly conflict: ConflictPolicy;
}

/** The complete, checked mapping of one target. */
export interface SyncMapping {
  readonly status: readonly StatusMapping[];
  readonly priority: readonly PriorityMapping[];
  readonly fields: Readonly<Record<SyncField, FieldRule>>;
  /** Comments: direction from the host's point of view. */
  readonly comments: FieldDirection;
}

/** What an admin writes: any part of it; the rest comes from the defaults. */
export interface SyncMappingInput {
  readonly status?: readonly StatusMapping[];
  readonly priority?: readonly PriorityMapping[];
  readonly fields?: Readonly<Partial<Record<SyncField, Partial<FieldRule>>>>;
  readonly comments?: FieldDirection;
}
