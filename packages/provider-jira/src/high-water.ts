import type { JiraCall } from "./client.ts";
import { splitKey } from "./keys.ts";

/** The highest number of a project that was seen lately. Numbers only grow, so an older one is a lower place to begin at. */
export interface HighWater {
  of(call: JiraCall, container: string): number | null;
  note(call: JiraCall, container: string, number: number): void;
  noteKey(call: JiraCall, container: string, key: string): void;
}

const rememberedMs = 10 * 60 * 1_000;
const mostRemembered = 1_000;

export function createHighWater(): HighWater {
  const known = new Map<string, { readonly number: number; readonly until: number }>();
  const keyOf = (call: JiraCall, container: string) => JSON.stringify([call.baseUrl, call.credentialId, container]);
  const of: HighWater["of"] = (call, container) => {
    const found = known.get(keyOf(call, container));
    return found !== undefined && call.clock.now() < found.until ? found.number : null;
  };
  const note: HighWater["note"] = (call, container, number) => {
    if (number <= (of(call, container) ?? 0)) return;
    if (known.size >= mostRemembered) known.clear();
    known.set(keyOf(call, container), { number, until: call.clock.now() + rememberedMs });
  };
  return {
    of,
    note,
    noteKey(call, container, key) {
      const place = splitKey(key);
      if (place?.container === container) note(call, container, Number(place.item));
    },
  };
}
