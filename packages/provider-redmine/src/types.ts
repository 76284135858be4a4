/** What Redmine shows under "My account", "API access key". */
export interface RedmineApiKeyAuth {
  readonly type: "api-key";
  readonly apiKey: string;
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type RedmineAuth = RedmineApiKeyAuth;

/** How texts are written on a server: Administration, Settings, General, Text formatting. Its API does not tell. */
export type TextFormat = "textile" | "markdown";

/** Options of a source: what `sources.create` takes as `options`. Each may be left out. */
export interface RedmineOptions {
  /** @default "textile", as Redmine has it before 7.0 */
  readonly textFormat: TextFormat;
  /** What names a priority in mappings and snapshots: its number, or its name. @default "id" */
  readonly priorities: "id" | "name";
  /** Names of open statuses that mean that somebody works on the issue, in any case. @default [] */
  readonly activeStatuses: readonly string[];
  /** Private issues are read, linked and kept in step like the others. @default false: they are as if out of reach */
  readonly privateIssues: boolean;
}
