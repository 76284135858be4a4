/** Whole seconds, as GitHub stores every time: 1500 becomes 1000. */
export function toWholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}

/** GitHub's ISO 8601 form without milliseconds: `2026-11-20T10:00:00Z`. */
export function toIsoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
