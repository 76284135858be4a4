/** Shares work that several callers ask for at the same moment. Nothing is remembered once it is done. */
export interface Flights {
  share<Value>(key: string, task: () => Promise<Value>): Promise<Value>;
}

export function createFlights(): Flights {
  const flying = new Map<string, Promise<unknown>>();
  return {
    share<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
      const known = flying.get(key);
      if (known !== undefined) return known as Promise<Value>;
      const started = task().finally(() => flying.delete(key));
      flying.set(key, started);
      return started;
    },
  };
}
