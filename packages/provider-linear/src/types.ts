/** A personal API key. */
export interface LinearKeyAuth {
  readonly type: "api-key";
  /** A personal API key: it acts as the person who made it. */
  readonly apiKey: string;
}

/** An access token that the host keeps good itself. */
export interface LinearTokenAuth {
  readonly type: "token";
  /** An OAuth access token, of a person or of an app (`actor=app`). */
  readonly token: string;
}

/** What a sign-in gave; see `sources.authorize`. */
export interface LinearOAuthAuth {
  readonly type: "oauth";
  readonly accessToken: string;
  /** Null where Linear gave none. */
  readonly refreshToken: string | null;
  /** Milliseconds since 1970 UTC; null for unknown. */
  readonly expiresAt: number | null;
  /** The workspace that it is good for, by Linear's id. Null for unknown: deliveries of the application do not reach it. */
  readonly organizationId: string | null;
  /** Who does what is done with it. */
  readonly actor: "app" | "user";
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type LinearAuth = LinearKeyAuth | LinearTokenAuth | LinearOAuthAuth;

/** Options of a source: what `sources.create` takes as `options`. */
export interface LinearOptions {
  /** The workspace's URL key, as in `https://linear.app/acme`. */
  readonly workspace: string;
}
