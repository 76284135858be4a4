import type { Write } from "../storage/commit.ts";

/** Links of a source start afresh: what stood still for its settings is tried again. */
export function workAfresh(sourceId: string): readonly Write[] {
  return [{ type: "mark", table: "link", by: "source", keys: [[sourceId]], afterMs: 0, reset: true }];
}

/** Work that waited for a credential starts afresh. */
export function wakeUp(sourceId: string): readonly Write[] {
  return [...workAfresh(sourceId), { type: "mark", table: "pollScope", by: "source", keys: [[sourceId]], afterMs: 0 }];
}
