import type { SyncEngine } from "../engine/engine.ts";
import { BackrefError } from "../errors/backref-error.ts";
import type { WebhookDelivery, WebhooksGroup } from "../provider/groups/webhooks.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { providerFor } from "../runtime/source-provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { fanOut } from "./app-deliveries.ts";
import type { AppSecrets } from "./app-secrets.ts";
import { refuseHead } from "./check-request.ts";
import { createIntakeGate, type IntakeGate } from "./intake-gate.ts";
import { readLimitedBody } from "./limited-body.ts";
import { type DeliveryFacts, observeDelivery } from "./observe-delivery.ts";
import { readEvent } from "./read-event.ts";
import { notGenuine, type Refusal } from "./refusal.ts";
import { storeDelivery } from "./store-delivery.ts";

/** Whose delivery it is: that of one source's endpoint, or that of an app with sources anywhere. */
export type WebhookTarget =
  | {
      /** The random id of the source's endpoint, as the host's route got it. */
      readonly endpoint: string;
      readonly provider?: never;
    }
  | {
      /** Id of a provider with `appWebhooks`: deliveries go to every source of the installation that they belong to. */
      readonly provider: string;
      readonly endpoint?: never;
    };

/** Whose delivery it is, and what may go on after the answer. */
export type WebhookOptions = WebhookTarget & {
  /** A serverless host's way to let the sync go on after the answer. Without it, a worker or the next `sync.run` does the work. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
};

/** Takes what trackers send. */
export interface WebhooksService {
  /**
   * Takes a tracker's delivery: verifies it over the raw bytes, stores it, marks what is due, and answers. Never calls the
   * tracker. 202 accepted, also where it concerns nobody here; 200 known already; 401 not genuine or no such endpoint,
   * which nobody can tell apart. Refused unread: 405 and 415 method, type or packing, 408 too slow, 413 too large, 400
   * malformed, 429 too many. 503 not stored: the sender may try again. Throws for misuse only.
   *
   * @throws TypeError where `request` is no web Request, or the options name neither an endpoint nor a provider
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const backref: Backref;
   *
   * // The route POST /webhooks/:endpoint, with the body unread:
   * export const deliver = (request: Request, endpoint: string): Promise<Response> =>
   *   backref.webhooks.handle(request, { endpoint });
   * ```
   */
  handle(request: Request, options: WebhookOptions): Promise<Response>;
}

type Outcome = "stored" | "known" | "ignored" | Refusal;

const workAfterDeliveryMs = 10_000;

/** Neither stored nor cached by anybody on the way, and no browser takes it for a page. */
const answerHeaders = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

function answer({ status, message, headers }: Refusal): Response {
  return new Response(JSON.stringify({ message }), { status, headers: { ...answerHeaders, ...headers } });
}

function checkArguments(request: unknown, options: unknown): void {
  const { method, headers } = (request ?? {}) as Partial<Request>;
  if (typeof method !== "string" || typeof headers?.get !== "function") {
    throw new TypeError("webhooks.handle needs a web Request, with its body as it arrived.");
  }
  if (typeof options !== "object" || options === null || !("endpoint" in options || "provider" in options)) {
    throw new TypeError("webhooks.handle needs { endpoint }, or { provider } for the webhook of an app.");
  }
}

interface Intake {
  readonly runtime: Runtime;
  readonly gate: IntakeGate;
  readonly request: Request;
  readonly facts: DeliveryFacts;
}

/** Verifies with each secret; a provider that throws has not verified anything. */
function isGenuine(
  { runtime }: Intake,
  webhooks: WebhooksGroup<unknown, unknown>,
  delivery: WebhookDelivery,
  secrets: readonly string[],
): boolean {
  try {
    const now = runtime.clock.now();
    return secrets.some((secret) => webhooks.verify(delivery, { secret, now }));
  } catch (error) {
    logEvent(runtime, "delivery-unverified", loggedError(error));
    return false;
  }
}

/** The secret of an endpoint; none where it cannot be read, which is for the logs and not for the sender. */
async function secretsOf({ runtime }: Intake, { tenantId, id: sourceId }: SourceRow): Promise<readonly string[]> {
  try {
    return [await runtime.credentials.read({ tenantId, sourceId, name: "webhook" })];
  } catch (error) {
    if (!BackrefError.isInstance(error) || error.code !== "credentials-missing") throw error;
    logEvent(runtime, "webhook-secret-unreadable", { tenantId, sourceId, reason: error.message });
    return [];
  }
}

async function takeForEndpoint(intake: Intake, endpoint: unknown): Promise<Outcome> {
  const { runtime, gate } = intake;
  const isEndpoint = typeof endpoint === "string" && /^[\w-]{1,255}$/.test(endpoint);
  const source = isEndpoint ? await runtime.storage.system.sourceByEndpoint(endpoint) : null;
  const webhooks = source === null ? undefined : runtime.providers.get(source.providerId)?.webhooks;
  intake.facts.provider = source?.providerId ?? null;
  const key = source === null ? "unknown" : `source ${source.tenantId} ${source.id}`;
  return gate.atOnce(key, async () => {
    const body = await readLimitedBody(runtime, intake.request, { keeps: webhooks !== undefined });
    if ("refusal" in body) return body.refusal;
    if (source === null || webhooks === undefined) return notGenuine;
    const delivery = { headers: intake.request.headers, body: body.bytes };
    if (!isGenuine(intake, webhooks, delivery, await secretsOf(intake, source))) return notGenuine;
    const tooMany = gate.count(key);
    if (tooMany !== null) return tooMany;
    const event = readEvent(runtime, webhooks, delivery);
    if ("status" in event) return event;
    const used = providerFor(runtime, source);
    return used.webhooks === undefined ? "ignored" : storeDelivery(runtime, source, used, event);
  });
}

async function takeForApp(intake: Intake, appSecrets: AppSecrets, providerId: unknown): Promise<Outcome> {
  const { runtime, gate } = intake;
  const provider = typeof providerId === "string" ? runtime.providers.get(providerId) : undefined;
  const secrets = provider === undefined ? undefined : appSecrets.get(provider.id);
  const webhooks = secrets === undefined ? undefined : provider?.webhooks;
  intake.facts.provider = provider?.id ?? null;
  const key = webhooks === undefined ? "unknown" : `app ${provider?.id}`;
  return gate.atOnce(key, async () => {
    const body = await readLimitedBody(runtime, intake.request, { keeps: webhooks !== undefined });
    if ("refusal" in body) return body.refusal;
    if (provider === undefined || secrets === undefined || webhooks === undefined) return notGenuine;
    const delivery = { headers: intake.request.headers, body: body.bytes };
    if (!isGenuine(intake, webhooks, delivery, secrets)) return notGenuine;
    const event = readEvent(runtime, webhooks, delivery);
    if ("status" in event) return event;
    if (event.appScope === undefined) return "ignored";
    return gate.count(`${key} ${event.appScope}`) ?? (await fanOut(runtime, provider, event.appScope, event));
  });
}

/** What the sender is told of an error: its own text is for the logs. */
const notStored: Refusal = { status: 503, message: "The delivery could not be stored. Send it again." };

export function createWebhooksService(
  runtime: Runtime,
  engine: SyncEngine,
  appSecrets: AppSecrets = new Map(),
): WebhooksService {
  const gate = createIntakeGate(runtime);
  const outcomeOf = async (
    request: Request,
    { endpoint, provider }: WebhookOptions,
    facts: DeliveryFacts,
  ): Promise<Outcome> => {
    const refusal = refuseHead(request, runtime.limits.webhookBodyBytes);
    if (refusal !== null) return refusal;
    const intake = { runtime, gate, request, facts };
    return provider === undefined ? takeForEndpoint(intake, endpoint) : takeForApp(intake, appSecrets, provider);
  };
  const take = async (request: Request, options: WebhookOptions, facts: DeliveryFacts): Promise<Response> => {
    const outcome = await outcomeOf(request, options, facts);
    facts.outcome = typeof outcome === "string" ? outcome : "refused";
    if (outcome === "known") return answer({ status: 200, message: "Known already." });
    if (outcome === "ignored") return answer({ status: 202, message: "Accepted. It concerns nobody here." });
    if (outcome !== "stored") return answer(outcome);
    engine.doorbell.ring(runtime.telemetry.current());
    if (options.waitUntil !== undefined) {
      engine.background.track(engine.runApart({ maxMs: workAfterDeliveryMs }), options.waitUntil);
    }
    return answer({ status: 202, message: "Accepted." });
  };
  return {
    async handle(request, options) {
      checkArguments(request, options);
      return await observeDelivery(
        runtime,
        (facts) => take(request, options, facts),
        () => answer(notStored),
      );
    },
  };
}
