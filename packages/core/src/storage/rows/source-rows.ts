import type { JsonObject, JsonValue } from "../../domain/json.ts";
import type { SyncMappingInput } from "../../domain/mapping.ts";
import type { SourceFeature } from "../../domain/source-features.ts";
import type { WorkColumns } from "./work-columns.ts";

/** How a source is, as people are shown it. `reconnect-required`: its credential is not accepted, and nothing is tried. */
export type SourceHealth = "ok" | "degraded" | "rate-limited" | "reconnect-required" | "disabled";

/**
 * What a person said to changes that waited: let them come in, put the tracker right by the defects, or leave both sides as they
 * are.
 */
export type GuardAnswer = "confirmed" | "defects" | "apart";

/** One configured tracker instance. */
export interface SourceRow {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly providerId: string;
  readonly baseUrl: string;
  /** Certificates, as PEM, of authorities that are trusted for it besides the usual ones; null for none. */
  readonly caCertificate: string | null;
  readonly options: JsonValue;
  /** Whose credential it is, at the tracker; null until first asked. */
  readonly accountId: string | null;
  readonly accountName: string | null;
  /** Containers that references may point to; null for any the credential reads. */
  readonly containers: readonly string[] | null;
  /** Projects that may use it; null for all. */
  readonly projects: readonly string[] | null;
  /** What it is used for; null for everything that its provider can. */
  readonly features: readonly SourceFeature[] | null;
  /** Age from which a cached issue is refreshed when it is read; null for the host's limit. */
  readonly issueMaxAgeMs: number | null;
  /** Changes that may come in within ten minutes before a person is asked; null for the host's limit. */
  readonly bulkGuardChanges: number | null;
  /** Since when the changes that would come in wait for a yes, wall clock; null while they need none. */
  readonly heldSince: number | null;
  /** Why, in words; null while nothing waits. */
  readonly heldReason: string | null;
  /** How often somebody has answered; what is counted and held is so under this number. */
  readonly guardEpoch: number;
  /** What was answered, by epoch. */
  readonly guardAnswers: readonly GuardAnswer[];
  readonly enabled: boolean;
  /** Work is claimed only while `ok` or `degraded`. */
  readonly health: "ok" | "degraded" | "reconnect-required";
  readonly healthReason: string | null;
  readonly healthSince: number;
  /** Rate limits are counted per budget: sources that share a credential share it. */
  readonly budgetId: string;
  /** Grows with every new credential. */
  readonly credentialVersion: number;
  readonly credentialExpiresAt: number | null;
  readonly mapping: SyncMappingInput;
  readonly mappingVersion: number;
  /** Random id of the webhook endpoint, unique over all tenants. */
  readonly endpoint: string;
  /** Installation at an app-level webhook sender; null for endpoints per source. */
  readonly appScope: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revision: number;
}

/** Where a host project's defects go in a source. Unique: source and project. */
export interface TargetRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  /** A project id, or `*` for every project without a target of its own. */
  readonly projectId: string;
  readonly container: string;
  readonly issueType: string | null;
  readonly defaults: JsonObject;
  readonly mapping: SyncMappingInput;
  /** Labels that are known to exist, and those the tracker refused with the reason. */
  readonly labels: {
    readonly present: readonly string[];
    readonly refused: readonly { readonly name: string; readonly reason: string }[];
    readonly credentialVersion: number;
  } | null;
  /** Fields that the tracker requires of new issues and the target has no default for, as far as people were told; else null. */
  readonly missingFields: readonly { readonly id: string; readonly name: string }[] | null;
}

/** A secret in its envelope, bound to tenant and source. Unique: source and name. */
export interface SecretRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly name: "auth" | "webhook";
  readonly keyId: string;
  /** Base64 of initialisation vector, tag and ciphertext. */
  readonly envelope: string;
}

/** One thing that is polled: a source, or a container of it. Unique: source and container. */
export interface PollScopeRow extends WorkColumns {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  /** Empty string for a whole source. */
  readonly container: string;
  readonly cursor: string | null;
  readonly startAt: number;
  readonly lastPolledAt: number | null;
  /** Polls that failed in a row. */
  readonly failures: number;
  /** Why this scope cannot be polled, in words; null while it can. */
  readonly problem: string | null;
  /** Where the slow look at every link of the source goes on; null to begin anew. */
  readonly sweepCursor: string | null;
  readonly lastSweptAt: number | null;
  /** Up to where the host's defect store told what changed; null before it was first asked. */
  readonly defectCursor: string | null;
  /** The link whose read degraded the source, which is not well again before that link is; null for none. */
  readonly degradedByLinkId: string | null;
  /** Null where none was registered. */
  readonly webhook: RegisteredWebhook | null;
}

/** A hook that was made at the tracker by us, and is extended by us where it ends. */
export interface RegisteredWebhook {
  readonly hookId: string;
  /** Where deliveries go. */
  readonly url: string;
  /** Storage clock; null for never. */
  readonly expiresAt: number | null;
  /** When it was made or last extended, storage clock. */
  readonly renewedAt: number;
  /** Why it could not be extended, in words, and when that is tried again, storage clock; null while all is well. */
  readonly trouble: { readonly message: string; readonly retryAt: number } | null;
}

/** What one credential may still spend, shared by all processes. `id` is the source's `budgetId`. */
export interface BudgetRow {
  readonly tenantId: string;
  readonly id: string;
  /** Storage clock. Nothing of the budget's sources is claimed before. */
  readonly blockedUntil: number;
  readonly reason: string;
  /** What was spent lately, in the storage's own words; see `system.reserve`. Null: nothing. */
  readonly windows: JsonValue;
}

/** An account at a tracker and the host user it belongs to. Unique: source and account; source and host user while preferred. */
export interface IdentityRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  /** Immutable: logins and names change. */
  readonly remoteUserId: string;
  readonly hostUserId: string;
  /** As the tracker said when the row was written, to be read by people. */
  readonly displayName: string;
  readonly login: string | null;
  readonly avatarUrl: string | null;
  /** `1` for the account by which the host user is assigned, null for their others: part of the unique key. */
  readonly preferred: 1 | null;
}
