import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import { redeliver } from "../../engine/missed-deliveries.ts";
import { BackrefError } from "../../errors/index.ts";
import { parseInput } from "../../input/parse-input.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import { resolveCapabilities } from "../../provider/resolved-capabilities.ts";
import { isAbsentCredential } from "../../runtime/credentials.ts";
import { providerFor, providerOf } from "../../runtime/source-provider.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { askTracker } from "../ask-tracker.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import type { WebhookRedelivery } from "../sources-types.ts";
import { loadSource } from "./source-rows.ts";

const secretBytes = 32;
const redeliveryRequest = z.strictObject({ since: z.number().int().nonnegative().optional() });

export async function sourceWebhook(
  context: ServiceContext,
  id: string,
): Promise<{ readonly endpoint: string; readonly secret: string }> {
  const { runtime, actor, scope } = context;
  const { tenantId } = scope;
  return await commitPlan(runtime, scope, "source.update", async () => {
    const source = await loadSource(context, id, "source.update");
    const name = { tenantId, sourceId: source.id, name: "webhook" } as const;
    const stored = await readUnlessAbsent(() => runtime.credentials.read(name, scope));
    if (stored !== null) {
      return { unit: null, events: [], result: { endpoint: source.endpoint, secret: stored } };
    }
    const secret = Buffer.from(runtime.random.bytes(secretBytes)).toString("base64url");
    const subject = { tenantId, actorId: actorIdOf(actor), sourceId: source.id };
    return {
      unit: {
        require: [{ table: "source", id: source.id, match: { revision: source.revision } }],
        write: [
          { type: "update", table: "source", id: source.id, set: { revision: source.revision + 1 } },
          ...(await runtime.credentials.stage(name, secret)),
        ],
      },
      events: [describeActivity(runtime, "source-updated", subject, { changed: ["webhookSecret"] })],
      result: { endpoint: source.endpoint, secret },
    };
  });
}

export async function redeliverSourceWebhooks(
  context: ServiceContext,
  id: string,
  request: unknown,
): Promise<readonly WebhookRedelivery[]> {
  const { runtime } = context;
  const { since = 0 } = parseInput(redeliveryRequest, request, "redelivery");
  const source = await loadSource(context, id, "source.update");
  const provider = providerFor(runtime, source);
  if (provider.webhooks?.redeliver === undefined) {
    throw (
      withoutWebhooks(context, source) ??
      new BackrefError({
        code: "capability-missing",
        message: `${provider.describe().name} cannot be asked for deliveries that failed: it repeats them by itself or does not keep them. Polls bring what they would have told.`,
        providerId: provider.id,
        operation: "webhook.redeliver",
      })
    );
  }
  const containers = source.appScope === null ? await hookedContainers(context, source) : [null];
  const redeliveries: WebhookRedelivery[] = [];
  for (const container of containers) {
    const asked = await askTracker(runtime, source, (session) =>
      withDeadline(runtime, (deadline) => redeliver(session, session.call(deadline), { container, since })),
    );
    redeliveries.push({ container, asked });
  }
  return redeliveries;
}

/** Null for a source that has webhooks. */
export function withoutWebhooks({ runtime }: ServiceContext, source: SourceRow): BackrefError | null {
  if (providerFor(runtime, source).webhooks !== undefined) return null;
  const provider = providerOf(runtime, source.providerId);
  const message =
    provider.webhooks === undefined
      ? `${provider.describe().name} has no webhooks.`
      : `Webhooks are switched off for source "${source.name}". An admin can add "webhooks" to its features.`;
  return new BackrefError({ code: "capability-missing", message, providerId: provider.id });
}

/** Where hooks of a source belong: null for one of the source as a whole. */
export async function hookedContainers(
  { runtime, scope }: ServiceContext,
  source: SourceRow,
): Promise<readonly (string | null)[]> {
  const { capabilities } = providerFor(runtime, source);
  if (resolveCapabilities(capabilities).pollScope === "source") return [null];
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] });
  return [...new Set(targets.map((target) => target.container))];
}

async function readUnlessAbsent(read: () => Promise<string>): Promise<string | null> {
  try {
    return await read();
  } catch (error) {
    // A secret that is there but cannot be read is in use at the tracker; replacing it would break the webhook for good.
    if (isAbsentCredential(error)) return null;
    throw error;
  }
}
