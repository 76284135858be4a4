import { givenUp, unlessGivenUp } from "./given-up.ts";

/** Shares work that several callers ask for at the same moment. Nothing is remembered once it is done. */
export interface Flights<Value> {
  /**
   * The outcome of the work under this key that is under way, or else of the task. A failure is everybody's, except where the
   * caller who began was given up on: then one of the others begins anew. Throws a `TransportFailure` of the kind `not-sent`
   * once the own signal aborts, whatever the others do.
   * @param task ends with the signal
   */
  share(key: string, signal: AbortSignal, task: () => Promise<Value>): Promise<Value>;
}

/** Shares one answer among those who ask at the same time. */
export function createFlights<Value>(): Flights<Value> {
  const flying = new Map<string, { readonly outcome: Promise<Value>; readonly signal: AbortSignal }>();
  const begin = async (key: string, signal: AbortSignal, task: () => Promise<Value>): Promise<Value> => {
    const outcome = task().finally(() => flying.delete(key));
    flying.set(key, { outcome, signal });
    return await outcome;
  };
  return {
    async share(key, signal, task) {
      for (;;) {
        if (signal.aborted) throw givenUp(signal);
        const other = flying.get(key);
        if (other === undefined) return begin(key, signal, task);
        try {
          return await unlessGivenUp(other.outcome, signal);
        } catch (error) {
          if (!other.signal.aborted) throw error;
        }
      }
    },
  };
}
