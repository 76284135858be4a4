import { describeActivity } from "../../activity/activity.ts";
import { BackrefError } from "../../errors/index.ts";
import { invalidInput } from "../../input/parse-input.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import { resolveCapabilities } from "../../provider/capabilities.ts";
import { openSession, providerOf } from "../../runtime/session.ts";
import { isAbsentCredential } from "../../security/credentials.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import type { WebhookRegistration } from "../sources-types.ts";
import { loadSource } from "./source-rows.ts";

const secretBytes = 32;

export async function sourceWebhook(
  context: ServiceContext,
  id: string,
): Promise<{ readonly endpoint: string; readonly secret: string }> {
  const { runtime, actor, scope } = context;
  const { tenantId } = scope;
  return await commitPlan(runtime, scope, "source.update", async () => {
    const source = await loadSource(context, id, "source.update");
    const name = { tenantId, sourceId: source.id, name: "webhook" } as const;
    const stored = await readUnlessAbsent(() => runtime.credentials.read(name));
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

export async function registerSourceWebhooks(
  context: ServiceContext,
  id: string,
  url: unknown,
): Promise<readonly WebhookRegistration[]> {
  const { runtime, scope } = context;
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:/.test(url)) {
    throw invalidInput("webhook", [
      { path: ["url"], message: "must be the absolute URL where you receive deliveries" },
    ]);
  }
  const source = await loadSource(context, id, "source.update");
  const provider = providerOf(runtime, source.providerId);
  const register = provider.webhooks?.register;
  if (register === undefined) {
    throw new BackrefError({
      code: "capability-missing",
      message: `Webhooks of ${provider.describe().name} are made by hand: give it the URL and the secret of sources.webhook(id).`,
      providerId: provider.id,
      operation: "webhook.register",
    });
  }
  const { secret } = await sourceWebhook(context, id);
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[id]] });
  const isPerSource = resolveCapabilities(provider.capabilities).pollScope === "source";
  const containers = isPerSource ? [null] : [...new Set(targets.map((target) => target.container))];
  const session = await openSession(runtime, source);
  const registrations: WebhookRegistration[] = [];
  for (const container of containers) {
    const hook = await withDeadline(runtime, (deadline) =>
      register.call(provider.webhooks, session.call(deadline), { container, url, secret }),
    );
    registrations.push({ container, ...hook });
  }
  return registrations;
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
