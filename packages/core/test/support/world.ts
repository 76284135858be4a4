import { isDeepStrictEqual } from "node:util";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime, type VirtualTime } from "@backref/testing";
import type { DefectSnapshot } from "../../src/defect-store/defect-store.ts";
import type { Actor, ProjectRole } from "../../src/domain/actor.ts";
import { defaultVocabulary } from "../../src/domain/vocabulary.ts";
import { type ActivityEvent, createEventBus } from "../../src/events/event-bus.ts";
import { silentTelemetry } from "../../src/ports/telemetry.ts";
import type { Provider } from "../../src/provider/provider.ts";
import { createBudgets } from "../../src/runtime/budgets.ts";
import type { CredentialStore } from "../../src/runtime/credentials.ts";
import { createIdentities } from "../../src/runtime/identities.ts";
import { createIdSource } from "../../src/runtime/ids.ts";
import { defaultLimits } from "../../src/runtime/limits.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { createAuthoriser } from "../../src/security/authoriser.ts";
import { createStoredCredentials } from "../../src/security/credentials.ts";
import { createKeyRing, generateSecretKey, type KeyRing } from "../../src/security/key-ring.ts";
import type { Policy } from "../../src/security/policy.ts";
import { createRenewals } from "../../src/security/renewals.ts";
import { createActivityService } from "../../src/services/activity.ts";
import { newLinkState } from "../../src/services/defects/new-link.ts";
import { createIssuesService, type IssuesOptions } from "../../src/services/issues/issues-service.ts";
import { createProvidersService } from "../../src/services/providers.ts";
import { createReferencesService } from "../../src/services/references/references-service.ts";
import { createRelationsService } from "../../src/services/relations/relations-service.ts";
import { createSourcesService } from "../../src/services/sources/sources-service.ts";
import type { LinkRow } from "../../src/storage/rows/link-rows.ts";
import type { Storage } from "../../src/storage/storage.ts";
import type { Row, TableName } from "../../src/storage/tables.ts";
import { createShelfTracker, type ShelfTracker } from "./shelf-tracker.ts";
import { createToyProvider } from "./toy-provider.ts";

export const owner: Actor = { tenantId: "acme", userId: "olga", role: "owner" };

export function member(projects: Readonly<Record<string, ProjectRole>>, tenantId = "acme"): Actor {
  return { tenantId, userId: "max", projects };
}

/** Services over memory storage, or a given one, a readable tracker ("shelf") and a links-only one ("toy"). */
export interface World {
  readonly runtime: Runtime;
  readonly storage: Storage;
  readonly time: VirtualTime;
  readonly tracker: ShelfTracker;
  readonly events: ActivityEvent[];
  readonly defects: Map<string, DefectSnapshot>;
  readonly logs: unknown[];
  as(actor: Actor): Services;
  rows<Table extends TableName>(table: Table, tenantId?: string): Promise<readonly Row<Table>[]>;
  link(columns: Partial<LinkRow> & { readonly sourceId: string }): Promise<LinkRow>;
}

export type Services = ReturnType<typeof servicesOf>;
type Providers = readonly [ShelfTracker["provider"], ReturnType<typeof createToyProvider>];

export interface WorldOptions {
  readonly policy?: Policy;
  readonly credentials?: CredentialStore;
  readonly issues?: IssuesOptions;
  readonly otherProviders?: readonly Provider[];
  /** @default memory */
  readonly storage?: Storage;
}

export function createWorld(options: WorldOptions = {}): World {
  const time = createVirtualTime();
  const random = createSeededRandom(7);
  const storage = options.storage ?? createMemoryStorage({ clock: time.clock });
  const tracker = createShelfTracker();
  const keyRing = createKeyRing([{ id: "first", key: generateSecretKey(random) }]);
  const providers: readonly Provider[] = [tracker.provider, createToyProvider(), ...(options.otherProviders ?? [])];
  const events: ActivityEvent[] = [];
  const logs: unknown[] = [];
  const defects = new Map<string, DefectSnapshot>();
  const ids = createIdSource(time.clock, random);
  const bus = createEventBus((error) => logs.push(error));
  bus.on("*", (event) => events.push(event));
  const runtime: Runtime = {
    storage,
    providers: new Map(providers.map((provider) => [provider.id, provider])),
    credentials: options.credentials ?? createStoredCredentials({ keyRing, storage, random }),
    renewals: createRenewals(() => runtime),
    defects: {
      embedded: null,
      read: async (_scope, wanted) => wanted.flatMap((id) => defects.get(id) ?? []),
      readComments: async () => [],
      apply: async () => [],
    },
    vocabulary: defaultVocabulary,
    mapping: {},
    clock: time.clock,
    scheduler: time.scheduler,
    random,
    fetch: () => Promise.reject(new Error("no test sends a request")),
    logger: { log: (level, message, data) => logs.push({ level, message, data }) },
    telemetry: silentTelemetry,
    ids,
    identities: createIdentities(storage),
    limits: defaultLimits,
    events: bus,
    budgets: createBudgets({ storage, clock: time.clock, scheduler: time.scheduler }),
    installation: { id: null, check: async () => {}, takeOver: async () => {} },
    attachments: null,
    attachmentUrl: null,
    defectUrl: () => null,
  };
  const rows: World["rows"] = async (table, tenantId = "acme") => {
    const by = everything[table];
    if (by !== undefined) return await storage.find({ tenantId }, { table, by: by as never, keys: [[]] });
    const sources = await storage.find({ tenantId }, { table: "source", by: "all", keys: [[]] });
    return await storage.find({ tenantId }, { table, by: "source" as never, keys: sources.map(({ id }) => [id]) });
  };
  return {
    runtime,
    storage,
    time,
    tracker,
    events,
    defects,
    logs,
    rows,
    as: (actor) => servicesOf(runtime, actor, options, keyRing),
    async link(columns) {
      const id = ids.id();
      const row: LinkRow = { ...blankLink, id, token: ids.token(), ...columns };
      await storage.commit({ tenantId: row.tenantId }, [{ write: [{ type: "insert", table: "link", row }] }]);
      return row;
    },
  };
}

const everything: Partial<Record<TableName, string>> = {
  source: "all",
  secret: "all",
  relation: "all",
  activity: "all",
};

function servicesOf(runtime: Runtime, actor: Actor, options: WorldOptions, keyRing: KeyRing) {
  const authoriser = createAuthoriser(options.policy);
  const scope = { tenantId: actor.tenantId };
  return {
    providers: createProvidersService(runtime, authoriser, actor, scope),
    sources: createSourcesService<Providers>(runtime, authoriser, actor, scope, {
      fingerprint: keyRing.fingerprint,
      keyRing,
    }),
    relations: createRelationsService(runtime, authoriser, actor, scope),
    references: createReferencesService(runtime, authoriser, actor, scope),
    issues: createIssuesService(runtime, authoriser, actor, scope, options.issues),
    activity: createActivityService(runtime, authoriser, actor, scope),
  };
}

const blankLink: LinkRow = {
  ...newLinkState,
  tenantId: "acme",
  id: "",
  defectId: "D-1",
  projectId: "web",
  sourceId: "",
  targetId: null,
  issueId: null,
  token: "",
  generation: 1,
  mappingVersion: 1,
  createdBy: null,
  createdAt: 0,
};

/** True where no part of the value, at any depth, contains one of the texts. */
export function isFreeOf(value: unknown, secrets: readonly string[]): boolean {
  const text =
    value instanceof Error ? `${value.message} ${JSON.stringify(value)} ${value.stack}` : JSON.stringify(value);
  return isDeepStrictEqual(
    secrets.filter((secret) => text.includes(secret)),
    [],
  );
}
