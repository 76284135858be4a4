/** A token that acts as its owner. */
export interface GitHubTokenAuth {
  readonly type: "token";
  /** A classic or fine-grained personal access token, or the token of an OAuth app. */
  readonly token: string;
}

/** A GitHub App, as it is installed in one account. It acts as an account of its own, `slug[bot]`. */
export interface GitHubAppAuth {
  readonly type: "app";
  /** The app's id, or its client id. */
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8; line ends may be written as `\n`. */
  readonly privateKey: string;
  /** The number in the address of the installation's settings. */
  readonly installationId: string;
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type GitHubAuth = GitHubTokenAuth | GitHubAppAuth;

/** Options of a source: what `sources.create` takes as `options`. Each may be left out. */
export interface GitHubOptions {
  /** Where people read issues. Null: derived from the base URL; `https://github.com` for GitHub itself. */
  readonly webUrl: string | null;
  /** Name of the organization's issue field that holds the priority: a single select. Absent or null: labels do. */
  readonly priorityField?: string | null;
}
