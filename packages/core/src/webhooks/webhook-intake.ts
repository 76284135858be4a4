import type { SyncEngine } from "../engine/engine.ts";
import type { BackrefError } from "../errors/backref-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { providerFor } from "../runtime/source-provider.ts";
import { fanOut } from "./app-deliveries.ts";
import type { AppSecrets } from "./app-secrets.ts";
import { readLimitedBody } from "./limited-body.ts";
import { type DeliveryFacts, observeDelivery } from "./observe-delivery.ts";
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

export type WebhookOptions = WebhookTarget & {
  /** A serverless host's way to let the sync go on after the answer. Without it, a worker or the next `sync.run` does the work. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
};

export interface WebhooksService {
  /**
   * Takes a tracker's delivery: verifies it over the raw bytes, stores it, marks what is due, and answers. Never calls the
   * tracker. 202 accepted, also where it concerns nobody here; 200 known already, 400 malformed, 401 not genuine, 404 no
   * such endpoint, 413 too large, 503 not stored: the sender may try again.
   */
  handle(request: Request, options: WebhookOptions): Promise<Response>;
}

type Outcome = "stored" | "known" | "ignored" | Response;

const workAfterDeliveryMs = 10_000;

function answer(status: number, message: string): Response {
  return new Response(JSON.stringify({ message }), { status, headers: { "content-type": "application/json" } });
}

async function takeForEndpoint(
  runtime: Runtime,
  request: Request,
  endpoint: unknown,
  facts: DeliveryFacts,
): Promise<Outcome> {
  const isEndpoint = typeof endpoint === "string" && /^[\w-]{1,255}$/.test(endpoint);
  const source = isEndpoint ? await runtime.storage.system.sourceByEndpoint(endpoint) : null;
  const provider = source === null ? undefined : runtime.providers.get(source.providerId);
  if (source === null || provider?.webhooks === undefined) return answer(404, "No such endpoint.");
  facts.provider = provider.id;
  const body = await readLimitedBody(request, runtime.limits.webhookBodyBytes);
  const secret = await runtime.credentials.read({ tenantId: source.tenantId, sourceId: source.id, name: "webhook" });
  const delivery = { headers: request.headers, body };
  if (!provider.webhooks.verify(delivery, { secret, now: runtime.clock.now() })) {
    return answer(401, "The signature does not fit this endpoint's secret. Compare it with the one at the tracker.");
  }
  const used = providerFor(runtime, source);
  if (used.webhooks === undefined) return "ignored";
  return storeDelivery(runtime, source, used, provider.webhooks.read(delivery));
}

async function takeForApp(
  runtime: Runtime,
  appSecrets: AppSecrets,
  request: Request,
  providerId: string,
  facts: DeliveryFacts,
): Promise<Outcome> {
  const provider = runtime.providers.get(providerId);
  const secrets = appSecrets.get(providerId);
  if (provider?.webhooks?.appScopeOf === undefined || secrets === undefined) {
    return answer(404, "No such endpoint: createBackref was given no `appWebhooks` for it.");
  }
  const { webhooks } = provider;
  facts.provider = provider.id;
  const body = await readLimitedBody(request, runtime.limits.webhookBodyBytes);
  const delivery = { headers: request.headers, body };
  const now = runtime.clock.now();
  if (!secrets.some((secret) => webhooks.verify(delivery, { secret, now }))) {
    return answer(401, "The signature fits none of the app's secrets. Compare them with the one at the tracker.");
  }
  const event = webhooks.read(delivery);
  return event.appScope === undefined ? "ignored" : fanOut(runtime, provider, event.appScope, event);
}

/** What a thrown error means for the sender. */
function answerTo(error: BackrefError): Response {
  if (error.code === "webhook-rejected") return answer(error.status ?? 400, error.message);
  if (error.code === "tracker-rejected" || error.code === "tracker-unexpected") return answer(400, error.message);
  if (error.code === "credentials-missing")
    return answer(401, "This endpoint has no readable secret: nothing can be verified.");
  return answer(503, "The delivery could not be stored. Send it again.");
}

export function createWebhooksService(
  runtime: Runtime,
  engine: SyncEngine,
  appSecrets: AppSecrets = new Map(),
): WebhooksService {
  const take = async (
    request: Request,
    { endpoint, provider, waitUntil }: WebhookOptions,
    facts: DeliveryFacts,
  ): Promise<Response> => {
    const outcome =
      provider === undefined
        ? await takeForEndpoint(runtime, request, endpoint, facts)
        : await takeForApp(runtime, appSecrets, request, provider, facts);
    facts.outcome = typeof outcome === "string" ? outcome : "refused";
    if (outcome === "known") return answer(200, "Known already.");
    if (outcome === "ignored") return answer(202, "Accepted. It concerns nobody here.");
    if (outcome !== "stored") return outcome;
    engine.doorbell.ring(runtime.telemetry.current());
    if (waitUntil !== undefined) {
      engine.background.track(engine.runApart({ maxMs: workAfterDeliveryMs }), waitUntil);
    }
    return answer(202, "Accepted.");
  };
  return {
    handle: async (request, options) => observeDelivery(runtime, (facts) => take(request, options, facts), answerTo),
  };
}
