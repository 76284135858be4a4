import type { JsonObject } from "../domain/json.ts";
import type { SyncMappingInput } from "../domain/mapping.ts";
import type { SourceFeature } from "../domain/source-features.ts";
import type { Form, ProviderDescription } from "../provider/form.ts";
import type { Provider } from "../provider/provider.ts";

/** What a provider's `auth` is. */
export type AuthOf<P extends Provider> =
  ReturnType<P["describe"]> extends ProviderDescription<infer Auth, unknown> ? Auth : never;

/** What a provider's `options` are, complete. */
export type OptionsOf<P extends Provider> =
  ReturnType<P["describe"]> extends ProviderDescription<unknown, infer Options> ? Options : never;

/** Where a project's defects go. */
export interface TargetInput {
  /** A project id, or `*` for every project without a target of its own. */
  readonly projectId: string;
  readonly container: string;
  /** @default null, the tracker's own default */
  readonly issueType?: string | null;
  /** Fields of new issues, in the tracker's words. @default {} */
  readonly defaults?: JsonObject;
  /** Overrides of the source's mapping. @default {} */
  readonly mapping?: SyncMappingInput;
}

interface CreateSourceCommon {
  readonly name: string;
  /** @default the provider's own, where it has one */
  readonly baseUrl?: string;
  /**
   * Certificates, as PEM, of authorities that are trusted for this tracker besides the usual ones, for one whose certificate
   * an organisation has issued itself. Checked, and kept in clear: it is no secret. @default null, the usual ones only
   */
  readonly caCertificate?: string | null;
  /** Containers that references may point to; null for any the credential reads. @default null */
  readonly containers?: readonly string[] | null;
  /** Projects that may use it; null for all. @default null for owners and admins of the tenant, else the targets' projects */
  readonly projects?: readonly string[] | null;
  /**
   * What it is used for; null for everything that its provider can. What is left out is as absent as if the tracker could
   * not do it. @default null
   */
  readonly features?: readonly SourceFeature[] | null;
  /** Age from which a cached issue is refreshed when it is read, in milliseconds; null for `limits.issueMaxAgeMs`. @default null */
  readonly issueMaxAgeMs?: number | null;
  /**
   * Values that may come in to defects within ten minutes before somebody is asked; null for `limits.bulkGuardChanges`.
   * @default null
   */
  readonly bulkGuardChanges?: number | null;
  /** Where projects' defects go. @default none: its issues can be referred to, and defects attached to them */
  readonly targets?: readonly TargetInput[];
  /** Over the option `mapping` of `createBackref`, and under the targets' own. @default {} */
  readonly mapping?: SyncMappingInput;
  /** Secret of a webhook that exists already. @default made when first asked for */
  readonly webhookSecret?: string;
}

/**
 * A provider that takes nothing but null does without a credential. Where people can sign in by redirect, it may come
 * afterwards, by `authorize`.
 */
type AuthInputOf<P extends Provider> = P extends { describe(): { readonly auth: Form<null> } }
  ? { readonly auth?: null }
  : P extends { readonly authorization: object }
    ? { readonly auth?: AuthOf<P> }
    : { readonly auth: AuthOf<P> };

type CreateSourceInputOf<P extends Provider> = P extends Provider
  ? CreateSourceCommon &
      AuthInputOf<P> & {
        readonly provider: P["id"];
        readonly options?: Partial<OptionsOf<P>>;
      }
  : never;

/** One form per provider given to `createBackref`, told apart by `provider`. */
export type CreateSourceInput<Providers extends readonly Provider[]> = CreateSourceInputOf<Providers[number]>;

/** What is to change of a source. What is absent stays as it is. */
export interface UpdateSourceInput<Providers extends readonly Provider[]> {
  readonly name?: string;
  /** A disabled source keeps everything and does nothing. */
  readonly enabled?: boolean;
  readonly baseUrl?: string;
  /** Null for the usual authorities only. What could not connect is tried at once. */
  readonly caCertificate?: string | null;
  readonly options?: Partial<OptionsOf<Providers[number]>>;
  readonly containers?: readonly string[] | null;
  readonly projects?: readonly string[] | null;
  /** Null for everything that its provider can. What is switched on again takes part from the next change on; comments catch up. */
  readonly features?: readonly SourceFeature[] | null;
  readonly issueMaxAgeMs?: number | null;
  /** Null for `limits.bulkGuardChanges`. What waits already goes on waiting. */
  readonly bulkGuardChanges?: number | null;
  /** A new credential, whole. The source is healthy again and its links are tried at once. */
  readonly auth?: AuthOf<Providers[number]>;
  /** Replaces the source's mapping. It sends and applies nothing by itself: from then on links compare by it. */
  readonly mapping?: SyncMappingInput;
  readonly targets?: {
    /** By project: adds a target, or replaces it whole. */
    readonly upsert?: readonly TargetInput[];
    /** Project ids. A project without a target is no failure. */
    readonly delete?: readonly string[];
  };
  readonly webhookSecret?: string;
}
