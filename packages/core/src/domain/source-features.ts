/** What a source can be used for. */
export const sourceFeatures = [
  "link",
  "read",
  "search",
  "create",
  "sync-status",
  "sync-priority",
  "sync-assignee",
  "sync-comments",
  "webhooks",
] as const;

/**
 * - `link`: people make references to its issues, and attach defects to them
 * - `read`: title, status, assignee and the rest of its issues are read and shown; all below need it
 * - `search`: people who link look for its issues by words, in the containers that their project may use
 * - `create`: defects are pushed to it as new issues
 * - `sync-status`, `sync-priority`, `sync-assignee`, `sync-comments`: what of a sync link is kept in step beside title and
 *   description; assignees only where the mapping says which way they travel
 * - `webhooks`: its deliveries are taken
 */
export type SourceFeature = (typeof sourceFeatures)[number];
