/** What the process that prepares a poll and the one that walks it have in common. */
export const pollSettings = {
  repository: "acme/web",
  /** A server of one's own: it has no rate limits. */
  baseUrl: "https://github.example.com",
  schema: "poll",
  secretKeys: [{ id: "bench", key: Buffer.alloc(32, 7).toString("base64") }],
  /** So long ago the issues of the list began to change. */
  listAgeMs: 3 * 86_400_000,
} as const;
