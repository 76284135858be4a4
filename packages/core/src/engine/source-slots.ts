import { createSemaphore, type Semaphore } from "./semaphore.ts";

/** How many requests each source may have under way in this process, whatever number of passes works on it. */
export interface SourceSlots {
  /** The slots of a source, for as long as the task runs. */
  use<Result>(sourceKey: string, task: (slots: Semaphore) => Promise<Result>): Promise<Result>;
}

export function createSourceSlots(limitPerSource: number): SourceSlots {
  const users = new Map<string, { readonly slots: Semaphore; count: number }>();
  return {
    async use(sourceKey, task) {
      const entry = users.get(sourceKey) ?? { slots: createSemaphore(limitPerSource), count: 0 };
      users.set(sourceKey, entry);
      entry.count += 1;
      try {
        return await task(entry.slots);
      } finally {
        entry.count -= 1;
        if (entry.count === 0) users.delete(sourceKey);
      }
    },
  };
}
