import type { z } from "zod";
import { observeActivity } from "./activity/observe-activity.ts";
import type { BackrefOptions, HostOwnedDefects } from "./backref-types.ts";
import { checkOptions } from "./check-options.ts";
import { checkPlatform } from "./check-platform.ts";
import type { DefectGateway } from "./defect-store/defect-gateway.ts";
import { createEmbeddedDefectStore } from "./defect-store/embedded-defect-store.ts";
import { createHostDefectStore } from "./defect-store/host-defect-store.ts";
import type { SyncMappingInput } from "./domain/mapping.ts";
import { defaultVocabulary, type Vocabulary } from "./domain/vocabulary.ts";
import { messageOf } from "./errors/message-of.ts";
import { createEventBus } from "./events/event-bus.ts";
import { parseInput } from "./input/parse-input.ts";
import { checkMapping } from "./mapping/check-mapping.ts";
import { resolveMapping } from "./mapping/default-mapping.ts";
import { mappingSchema } from "./mapping/mapping-schema.ts";
import { createOutgoingFetch } from "./outgoing/outgoing-fetch.ts";
import {
  type Logger,
  silentLogger,
  silentTelemetry,
  systemClock,
  systemRandom,
  systemScheduler,
} from "./ports/index.ts";
import type { Provider } from "./provider/provider.ts";
import { resolveCapabilities } from "./provider/resolved-capabilities.ts";
import { createBudgets } from "./runtime/budgets.ts";
import { cleanProvider } from "./runtime/clean-provider.ts";
import { guardedTelemetry } from "./runtime/guarded-telemetry.ts";
import { createIdentities } from "./runtime/identities.ts";
import { createIdSource } from "./runtime/ids.ts";
import { createInstallation } from "./runtime/installation.ts";
import { defaultLimits } from "./runtime/limits.ts";
import { logEvent } from "./runtime/log-event.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { createStoredCredentials, createVaultCredentials } from "./security/credentials.ts";
import { guardProvider } from "./security/guard-provider.ts";
import { createKeyRing, type KeyRing } from "./security/key-ring.ts";
import { redactData, redactSecrets } from "./security/redact.ts";
import { createRenewals } from "./security/renewals.ts";

function providersById(providers: readonly Provider[]): ReadonlyMap<string, Provider> {
  return new Map(providers.map((provider) => [provider.id, guardProvider(cleanProvider(provider))]));
}

/** @throws TypeError for a mapping of the host's that contradicts its own vocabulary */
function checkedMapping(vocabulary: Vocabulary, input: SyncMappingInput): SyncMappingInput {
  const given = parseOption(mappingSchema, input, "mapping");
  const capabilities = resolveCapabilities({ priority: "labels", stateCategories: ["open", "active", "closed"] });
  const mapping = resolveMapping({ vocabulary, capabilities, inputs: [given] });
  const errors = checkMapping(mapping, vocabulary).filter((problem) => problem.severity === "error");
  if (errors.length === 0) return given;
  throw new TypeError(`mapping: ${errors.map((problem) => problem.message).join(" ")}`);
}

/** @throws TypeError: an option is part of the program, not somebody's input */
function parseOption<Value>(schema: z.ZodType<Value>, input: unknown, name: string): Value {
  try {
    return parseInput(schema, input, name);
  } catch (error) {
    throw new TypeError(`createBackref: ${messageOf(error)}`);
  }
}

/** A logger that never sees a secret and whose own failure harms nobody. */
function guardedLogger(logger: Logger): Logger {
  return {
    log(level, message, data) {
      try {
        const entries = Object.entries(data ?? {}).map(([name, value]) => [name, redactData(value ?? null)] as const);
        logger.log(level, redactSecrets(message), data === undefined ? undefined : Object.fromEntries(entries));
      } catch {
        // A log that cannot be written must not stop the work it is about.
      }
    },
  };
}

/** Fills in every default. Opens nothing and starts nothing. */
export function createRuntime<Words extends Vocabulary>(
  options: BackrefOptions<readonly Provider[], Words> & Partial<HostOwnedDefects>,
): { readonly runtime: Runtime; readonly keyRing: KeyRing | null; closeConnections(): Promise<void> } {
  checkPlatform();
  checkOptions(options);
  const { storage } = options;
  if (storage.specVersion !== 1) {
    throw new TypeError(
      `The storage speaks version ${String(storage.specVersion)} of the contract; this core speaks 1. Install versions of it and of @backref/core that belong together.`,
    );
  }
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const keyRing = options.secretKeys === undefined ? null : createKeyRing(options.secretKeys);
  const vocabulary: Vocabulary = options.vocabulary ?? defaultVocabulary;
  const hostStore = options.defectStore;
  const defects: DefectGateway =
    hostStore === undefined ? createEmbeddedDefectStore(storage, clock) : createHostDefectStore(hostStore);
  const scheduler = options.scheduler ?? systemScheduler;
  const ownFetch = createOutgoingFetch({
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    proxy: options.proxy ?? null,
  });
  const runtime: Runtime = {
    storage,
    providers: providersById(options.providers),
    credentials:
      options.credentials === undefined
        ? createStoredCredentials({ keyRing, storage, random })
        : createVaultCredentials(options.credentials),
    renewals: createRenewals(() => runtime),
    defects,
    vocabulary,
    mapping: checkedMapping(vocabulary, options.mapping ?? {}),
    clock,
    scheduler,
    random,
    fetch: options.fetch ?? ownFetch,
    logger,
    telemetry: options.telemetry === undefined ? silentTelemetry : guardedTelemetry(options.telemetry),
    ids: createIdSource(clock, random),
    limits: { ...defaultLimits, ...options.limits },
    budgets: createBudgets({ storage, clock, scheduler }),
    identities: createIdentities(storage),
    installation: createInstallation(storage, options.installationId ?? null),
    events: createEventBus((error) => {
      logEvent({ logger }, "listener-failed", { reason: messageOf(error) });
    }),
    attachments: options.attachments ?? null,
    attachmentUrl: options.attachmentUrl ?? null,
    defectUrl: options.defectUrl ?? (() => null),
  };
  observeActivity(runtime);
  return { runtime, keyRing, closeConnections: () => ownFetch.close() };
}
