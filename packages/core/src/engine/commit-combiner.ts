import { StorageError } from "../errors/storage-error.ts";
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
  const commitAlone = async (entry: Waiting) => {
    try {
      const [outcome] = await storage.commit(scope, [entry.unit]);
      if (outcome === undefined) throw new TypeError("A storage answered fewer outcomes than units.");
      entry.resolve(outcome);
    } catch (error) {
      entry.reject(error);
    }
  };
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
        // A storage refuses a call with an unstorable value as a whole: the others must not go down with it.
        if (part.length > 1 && !StorageError.isInstance(error)) await Promise.all(part.map(commitAlone));
        else for (const entry of part) entry.reject(error);
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
