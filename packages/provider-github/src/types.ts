export interface GitHubAuth {
  readonly type: "token";
  /** A classic or fine-grained personal access token, or the token of an OAuth app. */
  readonly token: string;
}

export interface GitHubOptions {
  /** Where people read issues. Null: derived from the base URL; `https://github.com` for GitHub itself. */
  readonly webUrl: string | null;
}
