import type { JsonObject } from "../domain/json.ts";
import type { SourceFeature } from "../domain/source-features.ts";
import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";

/** Groups of the provider contract; a provider has each as a whole or not at all. */
export type ProviderGroup =
  | "connect"
  | "read"
  | "search"
  | "create"
  | "update"
  | "comments"
  | "changes"
  | "webhooks"
  | "form"
  | "labels"
  | "people"
  | "attachments"
  | "containers"
  | "authorization";

/** What a screen needs to offer a provider. */
export interface ProviderInfo {
  readonly id: string;
  /** Brand name. */
  readonly name: string;
  /** The tracker's word for a container: "Repository", "Project", "Team". */
  readonly containerName: string;
  /** Null where every source must give a base URL. */
  readonly defaultBaseUrl: string | null;
  /** What it can do; a provider without any makes links. */
  readonly groups: readonly ProviderGroup[];
  /** What its sources can be used for, unless their options say otherwise. */
  readonly features: readonly SourceFeature[];
  readonly capabilities: ResolvedCapabilities;
  /** JSON Schema (draft 2020-12); secrets are marked `writeOnly: true`. */
  readonly forms: { readonly auth: JsonObject; readonly container: JsonObject; readonly options: JsonObject };
}

/** The trackers that this installation speaks to. */
export interface ProvidersService {
  /** Every provider given to `createBackref`, in that order. */
  list(): Promise<readonly ProviderInfo[]>;
}
