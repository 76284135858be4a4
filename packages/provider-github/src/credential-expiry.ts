const dayMs = 86_400_000;
const warnBeforeMs = 7 * dayMs;

/**
 * When a token ends, milliseconds since 1970 UTC, by the header `GitHub-Authentication-Token-Expiration`, for example
 * `2026-12-24 18:00:00 UTC`, or with an offset; null for tokens without an end.
 */
export function expiryOf(headers: Headers): number | null {
  const value = headers.get("github-authentication-token-expiration");
  if (value === null) return null;
  const time = Date.parse(
    value.replace(/^(\S+) (\S+) (?:UTC|([+-]\d{2}):?(\d{2}))$/, (_, day, clock, hours, minutes) =>
      hours === undefined ? `${day}T${clock}Z` : `${day}T${clock}${hours}:${minutes}`,
    ),
  );
  return Number.isNaN(time) ? null : time;
}

/** What to say about an end that is near. Until then nothing is wrong. */
export function expiryWarnings(expiresAt: number | null, nowMs: number): readonly string[] {
  if (expiresAt === null || expiresAt - nowMs >= warnBeforeMs) return [];
  const days = Math.max(0, Math.floor((expiresAt - nowMs) / dayMs));
  const left = days === 0 ? "in less than a day" : days === 1 ? "in a day" : `in ${days} days`;
  const date = new Date(expiresAt).toISOString().slice(0, "2026-12-24".length);
  return [`The token ends ${left} (${date}): make a new one and enter it before, or nothing is synced from then on.`];
}
