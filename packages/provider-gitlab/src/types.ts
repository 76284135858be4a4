/** A personal, project or group access token. */
export interface GitLabTokenAuth {
  readonly type: "token";
  readonly token: string;
}

/** A sign-in by redirect (OAuth 2.0). */
export interface GitLabOAuthAuth {
  readonly type: "oauth";
  readonly accessToken: string;
  /** Good once; null where the sign-in gave none. */
  readonly refreshToken: string | null;
  /** Of the access token, milliseconds since 1970 UTC. */
  readonly expiresAt: number | null;
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type GitLabAuth = GitLabTokenAuth | GitLabOAuthAuth;

/** Options of a source: what `sources.create` takes as `options`. Each may be left out. */
export interface GitLabOptions {
  /** Where people read issues; null: the base URL. */
  readonly webUrl: string | null;
  /** Issues can have several assignees, as GitLab Premium and Ultimate have it. @default false */
  readonly severalAssignees: boolean;
}
