import { z } from "zod";
import type { Backref, BackrefFor, BackrefOptions, HostOwnedDefects } from "./backref-types.ts";
import { createRuntime } from "./create-runtime.ts";
import type { DefaultVocabulary, Vocabulary } from "./domain/vocabulary.ts";
import { createSyncEngine } from "./engine/engine.ts";
import { BackrefError } from "./errors/backref-error.ts";
import { activityTypes } from "./events/event-bus.ts";
import { hostId, parseInput } from "./input/parse-input.ts";
import type { Provider } from "./provider/provider.ts";
import { parseActor } from "./security/actor.ts";
import { createAuthoriser } from "./security/authoriser.ts";
import { rewrapSecrets } from "./security/rewrap-secrets.ts";
import { createActivityService } from "./services/activity.ts";
import { type CommentsService, createCommentsService } from "./services/comments/comments-service.ts";
import { createDefectsService } from "./services/defects/defects-service.ts";
import type { DefectLinksService, DefectsService } from "./services/defects/defects-types.ts";
import { createDefectLinksService } from "./services/defects/links-service.ts";
import { createEventsService } from "./services/durable-events.ts";
import { readHealth } from "./services/health/read-health.ts";
import { createSearchDesk } from "./services/issue-search/search-desk.ts";
import { createIssuesService } from "./services/issues/issues-service.ts";
import { createStaleRefresh } from "./services/issues/stale-issues.ts";
import { createPeopleService } from "./services/people/people-service.ts";
import { createProvidersService } from "./services/providers.ts";
import { createReferencesService } from "./services/references/references-service.ts";
import { createRelationsService } from "./services/relations/relations-service.ts";
import { createSourcesService } from "./services/sources/sources-service.ts";
import {
  createReferenceTraceabilityService,
  createTraceabilityService,
} from "./services/traceability/traceability-service.ts";
import type { ReferenceTraceabilityService, TraceabilityService } from "./services/traceability/traceability-types.ts";
import type { StorageScope } from "./storage/storage.ts";
import { readAppSecrets } from "./webhooks/app-secrets.ts";
import { createWebhooksService } from "./webhooks/webhook-intake.ts";

const rewrapRequest = z.strictObject({
  tenantId: hostId,
  limit: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(Number.MAX_SAFE_INTEGER),
});
const runRequest = z.strictObject({ maxMs: z.number().min(0).optional() });

/**
 * Backref, ready to be used. Opens no connection and starts no work: that begins with the first call, `sync.run` or
 * `sync.start`.
 *
 * @throws TypeError for options that can never work (a malformed key, two providers of one id)
 * @example
 * ```ts
 * import { createBackref } from "@backref/core";
 * import { createGitHubProvider } from "@backref/provider-github";
 * import { createPostgresStorage } from "@backref/storage-postgres";
 * import { Pool } from "pg";
 *
 * export const backref = createBackref({
 *   storage: createPostgresStorage({ pool: new Pool() }),
 *   providers: [createGitHubProvider()],
 *   secretKeys: [{ id: "2026-11", key: process.env["BACKREF_KEY"] }],
 *   defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
 * });
 * await backref.migrate();
 * ```
 */
export function createBackref<
  const Providers extends readonly Provider[],
  const Words extends Vocabulary = DefaultVocabulary,
>(
  options: BackrefOptions<Providers, Words> & HostOwnedDefects,
): Backref<Providers, DefectLinksService, null, ReferenceTraceabilityService>;
export function createBackref<
  const Providers extends readonly Provider[],
  const Words extends Vocabulary = DefaultVocabulary,
>(
  options: BackrefOptions<Providers, Words> & { readonly defectStore?: never },
): Backref<Providers, DefectsService<Words>, CommentsService, TraceabilityService<Words>>;
export function createBackref<const Providers extends readonly Provider[], const Words extends Vocabulary>(
  options: BackrefOptions<Providers, Words> & Partial<HostOwnedDefects>,
): Backref<Providers, DefectLinksService, CommentsService | null, ReferenceTraceabilityService> {
  const { runtime, keyRing, closeConnections } = createRuntime(options);
  const authoriser = createAuthoriser(options.policy);
  const appSecrets = readAppSecrets(options.appWebhooks ?? {}, runtime.providers);
  const engine = createSyncEngine(runtime);
  const isEmbedded = runtime.defects.embedded !== null;
  const stops = new Set<() => Promise<void>>();
  let isClosed = false;
  const refuseClosed = () => {
    if (isClosed)
      throw new BackrefError({ code: "closed", message: "This Backref instance was closed. Make a new one." });
  };

  const searches = createSearchDesk();
  const onStale = createStaleRefresh({
    // A refresh that nobody asked for is the house's own work, whoever looked.
    refresh: (tenantId, ids) =>
      createIssuesService(runtime, authoriser, { tenantId, system: true }, { tenantId }).refresh({ ids }),
    track: engine.background.track,
  });

  const as: Backref<Providers, DefectLinksService, CommentsService | null, ReferenceTraceabilityService>["as"] = (
    given,
    request,
  ) => {
    const actor = parseActor(given);
    const { transaction, ...others } = request ?? {};
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      throw new TypeError(`backref.as has no option "${unknown}". There is: transaction.`);
    }
    if (transaction !== undefined && typeof (transaction as { query?: unknown } | null)?.query !== "function") {
      throw new TypeError("backref.as: a transaction needs a method query(text, values).");
    }
    const scope: StorageScope = { tenantId: actor.tenantId, ...(transaction === undefined ? {} : { transaction }) };
    const context = { runtime, authoriser, actor, scope };
    const references = createReferencesService(runtime, authoriser, actor, scope, { onStale });
    const services: BackrefFor<Providers, DefectLinksService, CommentsService | null, ReferenceTraceabilityService> = {
      providers: createProvidersService(runtime, authoriser, actor, scope),
      sources: createSourcesService<Providers>(runtime, authoriser, actor, scope, {
        allowPrivateAddresses: options.allowPrivateAddresses ?? false,
        fingerprint: keyRing === null ? null : (text) => keyRing.fingerprint(text),
        keyRing,
      }),
      people: createPeopleService(context, engine),
      relations: createRelationsService(runtime, authoriser, actor, scope),
      references,
      issues: createIssuesService(runtime, authoriser, actor, scope, { onStale, searches }),
      defects: isEmbedded
        ? createDefectsService<Words>(context, engine, references)
        : createDefectLinksService(context, engine, references),
      comments: isEmbedded ? createCommentsService(context, engine) : null,
      traceability: isEmbedded
        ? createTraceabilityService<Words>(context)
        : createReferenceTraceabilityService(context),
      activity: createActivityService(runtime, authoriser, actor, scope),
    };
    return services;
  };

  return {
    as,
    sync: {
      async run(request) {
        refuseClosed();
        return engine.run(parseInput(runRequest, request ?? {}, "sync.run request") as { readonly maxMs?: number });
      },
      start() {
        refuseClosed();
        const stop = engine.start();
        stops.add(stop);
        return async () => {
          stops.delete(stop);
          await stop();
        };
      },
    },
    webhooks: createWebhooksService(runtime, engine, appSecrets),
    events: createEventsService(runtime),
    on(type, listener) {
      if (typeof listener !== "function") throw new TypeError("backref.on needs a listener.");
      if (type !== "*" && !activityTypes.includes(type)) {
        throw new TypeError(`There is no event "${String(type)}". There are: *, ${activityTypes.join(", ")}.`);
      }
      return runtime.events.on(type, listener);
    },
    async rewrapSecrets(request) {
      refuseClosed();
      if (keyRing === null)
        throw new TypeError("rewrapSecrets needs secretKeys: it seals stored secrets under the first.");
      const { storage, random } = runtime;
      return await rewrapSecrets(
        { storage, random, keyRing },
        parseInput(rewrapRequest, request, "rewrapSecrets request"),
      );
    },
    health: async (request) => readHealth(runtime, engine.worker, request),
    migrate: () => runtime.storage.migrate(),
    takeOver: () => runtime.installation.takeOver(),
    async close() {
      isClosed = true;
      await Promise.all([...stops].map((stop) => stop()));
      stops.clear();
      await engine.background.settled();
      await closeConnections();
      await runtime.storage.close();
    },
  };
}
