export interface LinearKeyAuth {
  readonly type: "api-key";
  /** A personal API key: it acts as the person who made it. */
  readonly apiKey: string;
}

export interface LinearTokenAuth {
  readonly type: "token";
  /** An OAuth access token, of a person or of an app (`actor=app`). */
  readonly token: string;
}

export type LinearAuth = LinearKeyAuth | LinearTokenAuth;

export interface LinearOptions {
  /** The workspace's URL key, as in `https://linear.app/acme`. */
  readonly workspace: string;
}
