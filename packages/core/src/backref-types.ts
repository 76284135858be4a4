import type { DefectStore } from "./defect-store/defect-store.ts";
import type { Actor } from "./domain/actor.ts";
import type { SyncMappingInput } from "./domain/mapping.ts";
import type { DefaultVocabulary, Vocabulary } from "./domain/vocabulary.ts";
import type { SyncService } from "./engine/engine.ts";
import type { ActivityEvent, ActivityType } from "./events/event-bus.ts";
import type { Clock, Logger, OutgoingFetch, Random, Scheduler, Telemetry } from "./ports/index.ts";
import type { Provider } from "./provider/provider.ts";
import type { CredentialVault } from "./runtime/credentials.ts";
import type { Limits } from "./runtime/limits.ts";
import type { AttachmentFiles, AttachmentUrl, DefectUrl } from "./runtime/runtime.ts";
import type { SecretKey } from "./security/key-ring.ts";
import type { Policy } from "./security/policy.ts";
import type { RewrapSummary } from "./security/rewrap-secrets.ts";
import type { ActivityService } from "./services/activity-types.ts";
import type { CommentsService } from "./services/comments/comments-service.ts";
import type { DefectLinksService, DefectsService } from "./services/defects/defects-types.ts";
import type { EventsService } from "./services/durable-events.ts";
import type { Health, HealthRequest } from "./services/health/health-types.ts";
import type { IssuesService } from "./services/issues-types.ts";
import type { PeopleService } from "./services/people-types.ts";
import type { ProvidersService } from "./services/providers-types.ts";
import type { ReferencesService } from "./services/references-types.ts";
import type { RelationsService } from "./services/relations-types.ts";
import type { SourcesService } from "./services/sources-types.ts";
import type { ReferenceTraceabilityService, TraceabilityService } from "./services/traceability/traceability-types.ts";
import type { HostTransaction, Storage } from "./storage/storage.ts";
import type { AppWebhookOptions } from "./webhooks/app-secrets.ts";
import type { WebhooksService } from "./webhooks/webhook-intake.ts";

/** Where credentials are kept: under the host's keys in the storage, or in the host's own vault. */
type CredentialOptions =
  | {
      /** The first encrypts, all decrypt. `openssl rand -base64 32` makes a key. @default none: no credential can be stored, only sources that need none */
      readonly secretKeys?: readonly SecretKey[];
      readonly credentials?: never;
    }
  | {
      readonly credentials: CredentialVault;
      /** Seals sign-ins on their way to the tracker and back, nothing else. @default none: nobody can sign in by redirect */
      readonly secretKeys?: readonly SecretKey[];
    };

/** A vocabulary of the host's own needs the mapping that goes with it. */
type VocabularyOptions<Words extends Vocabulary> =
  | { readonly vocabulary: Words; readonly mapping: SyncMappingInput }
  | {
      readonly vocabulary?: never;
      /** Under every source's and target's own. @default the default labels and categories */
      readonly mapping?: SyncMappingInput;
    };

interface CommonOptions<Providers extends readonly Provider[]> {
  readonly storage: Storage;
  readonly providers: Providers;
  /**
   * Names this installation, for example `production`, by something that a copy of the database does not bring along. The
   * first that works on the data owns it, and all others are refused (`installation-mismatch`) before anything is sent, so
   * that a staging system on a copy does not sync. @default no check
   */
  readonly installationId?: string;
  /** Webhooks of apps, by provider id, for `webhooks.handle(request, { provider })`. @default none */
  readonly appWebhooks?: { readonly [Id in Providers[number]["id"]]?: AppWebhookOptions };
  /** Where people find a defect; it stands in every issue. @default no link back, only the defect's id */
  readonly defectUrl?: DefectUrl;
  /** Opens files that are given with pushes, when they are sent. @default files can only be linked */
  readonly attachments?: AttachmentFiles;
  /** Where people find a file, for trackers that take none; it stands in the issue. @default files can only be sent */
  readonly attachmentUrl?: AttachmentUrl;
  /** @default the built-in roles, see `actionTable` */
  readonly policy?: Policy;
  /** @default `systemClock` */
  readonly clock?: Clock;
  /** @default `systemScheduler` */
  readonly scheduler?: Scheduler;
  /** @default `systemRandom` */
  readonly random?: Random;
  /**
   * Sends every request. One of your own decides by itself where it connects to: wrap `createOutgoingFetch` to keep its
   * checks. @default `createOutgoingFetch` with `allowPrivateAddresses` and `proxy` as given here
   */
  readonly fetch?: OutgoingFetch;
  /**
   * Address of the proxy that requests go through, by HTTP CONNECT; see `createOutgoingFetch`. Not together with `fetch`.
   * @default none
   */
  readonly proxy?: string;
  /** @default nothing is logged */
  readonly logger?: Logger;
  /** Spans and metrics, for example `createOpenTelemetry()` of `@backref/opentelemetry`. @default nothing is measured */
  readonly telemetry?: Telemetry;
  /** @default `defaultLimits` */
  readonly limits?: Partial<Limits>;
  /** Lets sources point into private networks, for a tracker that really is there. @default false */
  readonly allowPrivateAddresses?: boolean;
}

/**
 * What `createBackref` takes. Required are `storage` and `providers`; everything else has a default, which the option
 * names. Without `secretKeys` or `credentials` only sources that need no credential can be made.
 */
export type BackrefOptions<
  Providers extends readonly Provider[] = readonly Provider[],
  Words extends Vocabulary = DefaultVocabulary,
> = CommonOptions<Providers> & CredentialOptions & VocabularyOptions<Words>;

/** Defects that live in the host's own tables. */
export interface HostOwnedDefects {
  readonly defectStore: DefectStore;
}

/**
 * The services, as one actor may use them. Every method rejects with a `BackrefError` and has then changed nothing:
 * `invalid-input` for an argument of the wrong shape, `not-found` for a record that is not there or that the actor may not
 * see, `permission-denied` for one that they see and may not do this to, `storage-unavailable`, and `closed` after `close`.
 * What a method names is beside these. A method that gives one thing never answers null for "not found".
 */
export interface BackrefFor<
  Providers extends readonly Provider[],
  Defects extends DefectLinksService,
  Comments extends CommentsService | null,
  Traceability extends ReferenceTraceabilityService,
> {
  readonly providers: ProvidersService;
  readonly sources: SourcesService<Providers>;
  /** Who is who between each source's tracker and the host. */
  readonly people: PeopleService;
  readonly relations: RelationsService;
  readonly references: ReferencesService;
  readonly issues: IssuesService;
  readonly defects: Defects;
  /** Null for a host with defects of its own: it keeps their comments too. */
  readonly comments: Comments;
  /** For a host with defects of its own, what references tell: the failures are the host's. */
  readonly traceability: Traceability;
  readonly activity: ActivityService;
}

/**
 * What `createBackref` gives: services for each actor, and what the installation as a whole does. Keep one per process.
 */
export interface Backref<
  Providers extends readonly Provider[] = readonly Provider[],
  Defects extends DefectLinksService = DefectsService<DefaultVocabulary>,
  Comments extends CommentsService | null = CommentsService,
  Traceability extends ReferenceTraceabilityService = TraceabilityService<DefaultVocabulary>,
> {
  /**
   * The services as this actor may use them. With `transaction`, calls only record, inside the host's transaction. Cheap:
   * call it for every request.
   * @throws BackrefError `invalid-input` for an actor of the wrong shape
   * @throws TypeError for a transaction that cannot be queried
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Max", projects: { web: "member" } });
   * const jobs = backref.as({ tenantId: "acme", system: true });
   * ```
   */
  as(
    actor: Actor,
    options?: { readonly transaction?: HostTransaction },
  ): BackrefFor<Providers, Defects, Comments, Traceability>;
  /** Does the work that is due: one pass at a time, or until it is stopped. */
  readonly sync: SyncService;
  /** Takes trackers' deliveries. */
  readonly webhooks: WebhooksService;
  /** The durable feed of everything that happens. */
  readonly events: EventsService;
  /**
   * In-process events: after commit, best effort, of this process only. For all of them, and for sure, there is
   * `events.process`. A listener that throws harms nobody.
   * @returns how to stop listening
   * @throws TypeError for an event that there is not
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * const stop = backref.on("link-blocked", ({ tenantId, linkId }) => console.warn("A link waits for a person", tenantId, linkId));
   * process.once("SIGTERM", stop);
   * ```
   */
  on(type: ActivityType | "*", listener: (event: ActivityEvent) => void): () => void;
  /**
   * Seals a tenant's stored secrets anew under the first of `secretKeys`, so that an older key can be retired, and says which
   * keys are still in use. Safe while others work, and to be repeated: what is done is skipped. A credential vault of the
   * host's is not touched.
   * @param request.limit most secrets sealed by this call @default no limit
   * @throws TypeError without `secretKeys`
   * @throws BackrefError `invalid-input`, `closed`
   */
  rewrapSecrets(request: { readonly tenantId: string; readonly limit?: number }): Promise<RewrapSummary>;
  /**
   * How everything is: for probes and dashboards, over all tenants, with one statement. Never throws for what it finds.
   * @throws BackrefError `invalid-input`
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * export async function probe(): Promise<Response> {
   *   const health = await backref.health();
   *   return Response.json(health, { status: health.status === "failing" ? 503 : 200 });
   * }
   * ```
   */
  health(request?: HealthRequest): Promise<Health>;
  /**
   * Brings the storage's schema to this version. Safe to call from several processes at once, and to repeat.
   * @throws BackrefError `storage-version` for a schema of a newer version, `storage-permission`, `storage-unavailable`
   */
  migrate(): Promise<void>;
  /**
   * Makes this installation the owner of the stored data, which has moved here for good.
   * @throws TypeError without the option `installationId`
   */
  takeOver(): Promise<void>;
  /** Waits for work in progress and closes what Backref opened. Idempotent. */
  close(): Promise<void>;
}
