import type { SyncEngine } from "../engine/engine.ts";
import { routeHints } from "../engine/route-hints.ts";
import { BackrefError } from "../errors/backref-error.ts";
import type { WebhookEvent } from "../provider/groups/webhooks.ts";
import type { Provider } from "../provider/provider.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommitUnit } from "../storage/commit.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { readLimitedBody } from "./limited-body.ts";

export interface WebhookOptions {
  /** The random id of the source's endpoint, as the host's route got it. */
  readonly endpoint: string;
  /** A serverless host's way to let the sync go on after the answer. Without it, a worker or the next `sync.run` does the work. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
}

export interface WebhooksService {
  /**
   * Takes a tracker's delivery: verifies it over the raw bytes, stores it, marks what is due, and answers. Never calls the
   * tracker. 202 accepted, 200 known already, 400 malformed, 401 not genuine, 404 no such endpoint, 413 too large,
   * 503 not stored: the sender may try again.
   */
  handle(request: Request, options: WebhookOptions): Promise<Response>;
}

const workAfterDeliveryMs = 10_000;

function answer(status: number, message: string): Response {
  return new Response(JSON.stringify({ message }), { status, headers: { "content-type": "application/json" } });
}

/** Stores a delivery and everything it makes due, in one unit. A second time it changes nothing. */
async function store(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  event: WebhookEvent,
): Promise<"stored" | "known"> {
  const { marks, cacheUnits, routed } = await routeHints(runtime, source, provider, event.hints);
  const unrouted = event.hints.find((_hint, index) => routed[index] === false);
  const unit: CommitUnit = {
    write: [
      {
        type: "insert",
        table: "delivery",
        row: {
          tenantId: source.tenantId,
          id: runtime.ids.id(),
          sourceId: source.id,
          endpoint: source.endpoint,
          deliveryId: event.deliveryId,
          name: event.name,
          receivedAt: runtime.clock.now(),
          routed: unrouted === undefined,
          remoteId: unrouted?.remoteId ?? null,
        },
      },
      ...marks,
    ],
  };
  const [outcome] = await runtime.storage.commit({ tenantId: source.tenantId }, [unit, ...cacheUnits]);
  return outcome?.status === "committed" ? "stored" : "known";
}

/** What a thrown error means for the sender. */
function answerTo(error: unknown): Response {
  if (!BackrefError.isInstance(error)) throw error;
  if (error.code === "webhook-rejected") return answer(error.status ?? 400, error.message);
  if (error.code === "tracker-rejected" || error.code === "tracker-unexpected") return answer(400, error.message);
  if (error.code === "credentials-missing")
    return answer(401, "This endpoint has no readable secret: nothing can be verified.");
  return answer(503, "The delivery could not be stored. Send it again.");
}

export function createWebhooksService(runtime: Runtime, engine: SyncEngine): WebhooksService {
  const handle = async (request: Request, options: WebhookOptions): Promise<Response> => {
    const isEndpoint = typeof options.endpoint === "string" && /^[\w-]{1,255}$/.test(options.endpoint);
    const source = isEndpoint ? await runtime.storage.system.sourceByEndpoint(options.endpoint) : null;
    const provider = source === null ? undefined : runtime.providers.get(source.providerId);
    if (source === null || provider?.webhooks === undefined) return answer(404, "No such endpoint.");
    const body = await readLimitedBody(request, runtime.limits.webhookBodyBytes);
    const secret = await runtime.credentials.read({ tenantId: source.tenantId, sourceId: source.id, name: "webhook" });
    const delivery = { headers: request.headers, body };
    if (!provider.webhooks.verify(delivery, { secret, now: runtime.clock.now() })) {
      return answer(401, "The signature does not fit this endpoint's secret. Compare it with the one at the tracker.");
    }
    const event = provider.webhooks.read(delivery);
    const result = await store(runtime, source, provider, event);
    if (result === "known") return answer(200, "Known already.");
    engine.doorbell.ring();
    if (options.waitUntil !== undefined)
      engine.background.track(engine.run({ maxMs: workAfterDeliveryMs }), options.waitUntil);
    return answer(202, "Accepted.");
  };
  return {
    async handle(request, options) {
      try {
        return await handle(request, options);
      } catch (error) {
        return answerTo(error);
      }
    },
  };
}
