import type { Storage } from "@backref/core/storage";

const never = new Promise<never>(() => {});

/** A process that is going to die. */
export interface Doom {
  /** Steps so far. */
  readonly count: number;
  passes<Result>(task: () => Promise<Result>, when: "before" | "after"): Promise<Result>;
  fetch(fetch: typeof globalThis.fetch, when: "before" | "after"): typeof globalThis.fetch;
  storage(storage: Storage, when: "before" | "after"): Storage;
}

/** Counts every await of storage and HTTP, and never comes back from the one where the process dies. */
export function createDoom(dieAt: number): Doom {
  let count = 0;
  const passes = async <Result>(task: () => Promise<Result>, when: "before" | "after"): Promise<Result> => {
    count += 1;
    if (count >= dieAt && when === "before") return never;
    const result = await task();
    return count >= dieAt ? never : result;
  };
  return {
    get count() {
      return count;
    },
    passes,
    fetch:
      (fetch: typeof globalThis.fetch, when: "before" | "after"): typeof globalThis.fetch =>
      (input, init) =>
        passes(() => fetch(input, init), when),
    storage(storage: Storage, when: "before" | "after"): Storage {
      const { system } = storage;
      return {
        ...storage,
        find: (scope, query) => passes(() => storage.find(scope, query), when),
        commit: (scope, units) => passes(() => storage.commit(scope, units), when),
        system: { ...system, claim: (request) => passes(() => system.claim(request), when) },
      };
    },
  };
}
