const dayMs = 86_400_000;
const warnBeforeMs = 7 * dayMs;

/** When a token ends, milliseconds since 1970 UTC: at midnight UTC of the day that GitLab names; null for one without an end. */
export function expiryOf(day: string | null): number | null {
  const time = day === null ? Number.NaN : Date.parse(day);
  return Number.isNaN(time) ? null : time;
}

/** What to say about an end that is near. Until then nothing is wrong. */
export function expiryWarnings(expiresAt: number | null, nowMs: number): readonly string[] {
  if (expiresAt === null || expiresAt - nowMs >= warnBeforeMs) return [];
  const date = new Date(expiresAt).toISOString().slice(0, "2026-12-24".length);
  return [`The token ends on ${date}: make a new one and enter it before, or nothing is synced from then on.`];
}
