/** Cloud: an account's API token. Of a scoped one, the base URL is the gateway's. */
export interface JiraApiTokenAuth {
  readonly type: "api-token";
  readonly email: string;
  readonly token: string;
}

/** Cloud: a sign-in by redirect (OAuth 2.0, 3LO). */
export interface JiraOAuthAuth {
  readonly type: "oauth";
  readonly accessToken: string;
  /** Good once; null where the sign-in came without `offline_access`. */
  readonly refreshToken: string | null;
  /** Of the access token, milliseconds since 1970 UTC. */
  readonly expiresAt: number | null;
}

/** Data Center: a personal access token. */
export interface JiraPersonalTokenAuth {
  readonly type: "personal-token";
  readonly token: string;
}

/** Data Center up to 10: name and password. Jira 11 has switched that off. */
export interface JiraBasicAuth {
  readonly type: "basic";
  readonly username: string;
  readonly password: string;
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type JiraAuth = JiraApiTokenAuth | JiraOAuthAuth | JiraPersonalTokenAuth | JiraBasicAuth;

/** Options of a source: what `sources.create` takes as `options`. Each may be left out. */
export interface JiraOptions {
  /** Where people read issues; null: the base URL. */
  readonly webUrl: string | null;
  /** Name or id of the issue type where neither target nor caller gives one. @default "Bug" */
  readonly issueType: string;
  /** Name of the resolution that closed issues get where a screen asks for one; null: the first that it offers. */
  readonly resolution: string | null;
  /** What priorities go by in snapshots and mappings: ids outlive a renaming, names are what people read. @default "id" */
  readonly priorities: "id" | "name";
}
