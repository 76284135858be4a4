const dayMs = 86_400_000;

/** `ends on 2026-12-01, in 9 days`, or `ended on 2026-11-01`. Both in milliseconds since 1970 UTC. */
export function endInWords(endsAt: number, now: number): string {
  const day = new Date(endsAt).toISOString().slice(0, 10);
  const days = Math.floor((endsAt - now) / dayMs);
  const left = days === 0 ? "in less than a day" : days === 1 ? "in 1 day" : `in ${days} days`;
  return endsAt <= now ? `ended on ${day}` : `ends on ${day}, ${left}`;
}
