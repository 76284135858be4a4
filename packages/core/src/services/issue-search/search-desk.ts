import { type Actor, isSystemActor } from "../../domain/actor.ts";

/** Who is searching where, in this process. */
export interface SearchDesk {
  /** Begins a search and gives up an earlier one of the same person at the same source: somebody types on. */
  begin(actor: Actor, sourceId: string): { readonly signal: AbortSignal; end(): void };
}

export function createSearchDesk(): SearchDesk {
  const running = new Map<string, AbortController>();
  return {
    begin(actor, sourceId) {
      const search = new AbortController();
      // The system actor is nobody who types: it may be many at once.
      if (isSystemActor(actor)) return { signal: search.signal, end: () => {} };
      const key = JSON.stringify([actor.tenantId, actor.userId, sourceId]);
      running.get(key)?.abort(new DOMException("A later search of the same person took its place.", "AbortError"));
      running.set(key, search);
      return {
        signal: search.signal,
        end: () => {
          if (running.get(key) === search) running.delete(key);
        },
      };
    },
  };
}
