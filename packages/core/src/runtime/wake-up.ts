import type { Write } from "../storage/commit.ts";

/** Work that waited for a credential starts afresh. */
export function wakeUp(sourceId: string): readonly Write[] {
  return [
    { type: "mark", table: "link", by: "source", keys: [[sourceId]], afterMs: 0, reset: true },
    { type: "mark", table: "pollScope", by: "source", keys: [[sourceId]], afterMs: 0 },
  ];
}
