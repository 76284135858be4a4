/** A personal access token, with the scope _Work items (read & write)_. */
export interface AzureDevOpsTokenAuth {
  readonly type: "token";
  readonly token: string;
}

/** A Microsoft Entra access token that is used as it is. It ends after about an hour. */
export interface AzureDevOpsEntraAuth {
  readonly type: "entra-token";
  readonly accessToken: string;
}

/** The host's function `entraToken` makes the tokens; this says for whom. */
export interface AzureDevOpsIdentityAuth {
  readonly type: "entra-identity";
  /** Whatever the host knows the identity by. It is handed to the function and goes nowhere else. */
  readonly identity: string;
}

/** Credential of a source: what `sources.create` takes as `auth`. */
export type AzureDevOpsAuth = AzureDevOpsTokenAuth | AzureDevOpsEntraAuth | AzureDevOpsIdentityAuth;

/** Options of a source: what `sources.create` takes as `options`. Each may be left out. */
export interface AzureDevOpsOptions {
  /** Which Azure DevOps it is; null: Services where the host is `dev.azure.com` or `*.visualstudio.com`, else Server. */
  readonly deployment: "services" | "server" | null;
  /** Type of new work items where neither target nor caller gives one. @default "Bug" */
  readonly workItemType: string;
  /**
   * Reference name of the field that descriptions go to; null: `Microsoft.VSTS.TCM.ReproSteps` of bugs, which is what their
   * form shows, and `System.Description` of all other types.
   */
  readonly bodyField: string | null;
  /** The severity follows the priority, where the type has one: `1 - Critical` to `4 - Low`. @default false */
  readonly setsSeverity: boolean;
}

/** What a host makes tokens of Microsoft Entra with. */
export interface EntraTokenRequest {
  /** As the source's credential names it. */
  readonly identity: string;
  /** The organisation's address. */
  readonly baseUrl: string;
  readonly signal: AbortSignal;
}
