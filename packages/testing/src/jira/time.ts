/** Jira's own form of a time: ISO 8601 with milliseconds and an offset without a colon. */
export function toJiraTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "+0000");
}
