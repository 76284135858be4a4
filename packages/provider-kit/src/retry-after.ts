/**
 * `Retry-After` in milliseconds from now, given in seconds or as a date; null without a usable one. A date is compared
 * with the answer's own `Date`, so that a wrong clock here does not matter; `nowMs` is used where there is none.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - answerTime(headers, nowMs));
}

/** The tracker's own time when it answered, milliseconds since 1970 UTC. */
export function answerTime(headers: Headers, nowMs: number): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? nowMs : date;
}
