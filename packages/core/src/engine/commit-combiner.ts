import type { CommitOutcome, CommitUnit } from "../storage/commit.ts";
import type { Storage, StorageScope } from "../storage/storage.ts";

/** Gathers units that are ready at the same moment into one call, so that round trips are shared by a batch. */
export interface CommitCombiner {
  commit(unit: CommitUnit): Promise<CommitOutcome>;
}

interface Waiting {
  readonly unit: CommitUnit;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export function createCommitCombiner(storage: Storage, scope: StorageScope, batch: number): CommitCombiner {
  let waiting: Waiting[] = [];
  const flush = async () => {
    const group = waiting;
    waiting = [];
    for (let start = 0; start < group.length; start += batch) {
      const part = group.slice(start, start + batch);
      try {
        const outcomes = await storage.commit(
          scope,
          part.map((entry) => entry.unit),
        );
        part.forEach((entry, index) => {
          const outcome = outcomes[index];
          if (outcome === undefined) entry.reject(new TypeError("A storage answered fewer outcomes than units."));
          else entry.resolve(outcome);
        });
      } catch (error) {
        for (const entry of part) entry.reject(error);
      }
    }
  };
  return {
    commit(unit) {
      return new Promise((resolve, reject) => {
        waiting.push({ unit, resolve, reject });
        if (waiting.length === 1) void Promise.resolve().then(flush);
      });
    },
  };
}
