import type { CommitUnit, Requirement } from "../storage/commit.ts";
import type { StorageScope } from "../storage/storage.ts";
import type { DefectChange, DefectSnapshot, DefectStore } from "./defect-store.ts";

/**
 * How the engine reaches defects. A store in our own storage can take part in the engine's commit; any other is
 * applied first, with its expected revision, and our commit follows.
 */
export interface DefectGateway extends DefectStore {
  /** Null for a store of the host's. */
  readonly embedded: {
    /** Requirements and writes that apply the change to the snapshot it was computed from, and the revision they make. */
    plan(
      scope: StorageScope,
      snapshot: DefectSnapshot,
      change: DefectChange,
    ): Required<CommitUnit> & { readonly revision: string };
    /** Holds as long as the defect is as the snapshot says. */
    unchanged(snapshot: DefectSnapshot): Requirement;
  } | null;
}
