import { pollScopeRow } from "../../engine/poll-scopes.ts";
import { BackrefError, ProviderError } from "../../errors/index.ts";
import { invalidInput } from "../../input/parse-input.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { Provider } from "../../provider/provider.ts";
import { logEvent, loggedError } from "../../runtime/log-event.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { Write } from "../../storage/commit.ts";
import type { RegisteredWebhook, SourceRow } from "../../storage/rows/source-rows.ts";
import { askTracker } from "../ask-tracker.ts";
import type { ServiceContext } from "../service-context.ts";
import type { WebhookRegistration } from "../sources-types.ts";
import { loadSource } from "./source-rows.ts";
import { hookedContainers, sourceWebhook, withoutWebhooks } from "./source-webhooks.ts";

function byHand(provider: Provider, operation: string, advice: string): BackrefError {
  return new BackrefError({
    code: "capability-missing",
    message: `Webhooks of ${provider.describe().name} are ${advice}.`,
    providerId: provider.id,
    operation,
  });
}

/** The scope remembers its hook, so that the hook can be extended and taken away again. Answers with the one before. */
async function remember(
  context: ServiceContext,
  source: SourceRow,
  container: string,
  webhook: RegisteredWebhook | null,
): Promise<RegisteredWebhook | null> {
  const { runtime, scope } = context;
  const place = { table: "pollScope", by: "container", keys: [[source.id, container]] } as const;
  const [known] = await runtime.storage.find(scope, place);
  if (known === undefined && webhook === null) return null;
  const write: Write =
    known === undefined
      ? { type: "insert", table: "pollScope", row: { ...pollScopeRow(runtime, source, container), webhook } }
      : { type: "update", table: "pollScope", id: known.id, set: { webhook } };
  await runtime.storage.commit(scope, [{ write: [write] }]);
  return known?.webhook ?? null;
}

/** Takes one hook away; one that is gone already is a success. */
async function takeAway(
  { runtime }: ServiceContext,
  source: SourceRow,
  provider: Provider,
  hook: { readonly container: string | null; readonly hookId: string },
): Promise<void> {
  await askTracker(runtime, source, (session) =>
    withDeadline(runtime, async (deadline) => provider.webhooks?.unregister?.(session.call(deadline), hook)),
  );
}

export async function registerSourceWebhooks(
  context: ServiceContext,
  id: string,
  url: unknown,
): Promise<readonly WebhookRegistration[]> {
  const { runtime } = context;
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:/.test(url)) {
    throw invalidInput("webhook", [
      { path: ["url"], message: "must be the absolute URL where you receive deliveries" },
    ]);
  }
  const source = await loadSource(context, id, "source.update");
  const provider = providerFor(runtime, source);
  const register = provider.webhooks?.register;
  if (register === undefined) {
    const advice = "made by hand: give it the URL and the secret of sources.webhook(id)";
    throw withoutWebhooks(context, source) ?? byHand(provider, "webhook.register", advice);
  }
  const { secret } = await sourceWebhook(context, id);
  const registrations: WebhookRegistration[] = [];
  for (const container of await hookedContainers(context, source)) {
    const hook = await askTracker(runtime, source, (session) =>
      withDeadline(runtime, (deadline) =>
        register.call(provider.webhooks, session.call(deadline), { container, url, secret }),
      ),
    );
    const { hookId, expiresAt } = hook;
    const renewedAt = runtime.clock.now();
    const webhook = { hookId, url, expiresAt, renewedAt, trouble: null };
    const before = await remember(context, source, container ?? "", webhook);
    registrations.push({ container, hookId, expiresAt, trouble: null });
    if (before === null || before.hookId === hookId || before.url === url) continue;
    try {
      await takeAway(context, source, provider, { container, hookId: before.hookId });
    } catch (error) {
      if (!ProviderError.isInstance(error)) throw error;
      const place = { tenantId: source.tenantId, sourceId: id, container: container ?? "" };
      logEvent(runtime, "webhook-left", { ...place, ...loggedError(error) });
    }
  }
  return registrations;
}

/** The hooks that were registered, as they are remembered. */
export async function webhookRegistrations(
  context: ServiceContext,
  id: string,
): Promise<readonly WebhookRegistration[]> {
  const { runtime, scope } = context;
  const source = await loadSource(context, id, "source.update");
  const scopes = await runtime.storage.find(scope, { table: "pollScope", by: "source", keys: [[source.id]] });
  return scopes.flatMap(({ container, webhook }) =>
    webhook === null
      ? []
      : {
          container: container === "" ? null : container,
          hookId: webhook.hookId,
          expiresAt: webhook.expiresAt,
          trouble: webhook.trouble?.message ?? null,
        },
  );
}

export async function unregisterSourceWebhooks(context: ServiceContext, id: string): Promise<number> {
  const { runtime } = context;
  const source = await loadSource(context, id, "source.update");
  const provider = providerFor(runtime, source);
  if (provider.webhooks?.unregister === undefined) {
    throw withoutWebhooks(context, source) ?? byHand(provider, "webhook.unregister", "taken away by hand");
  }
  const hooks = await webhookRegistrations(context, id);
  for (const { container, hookId } of hooks) {
    await takeAway(context, source, provider, { container, hookId });
    await remember(context, source, container ?? "", null);
  }
  return hooks.length;
}
