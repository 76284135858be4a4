import { ProviderError } from "../errors/provider-error.ts";
import { resolveCapabilities } from "../provider/resolved-capabilities.ts";
import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import { redactSecrets } from "../security/redact.ts";
import type { PollScopeRow, RegisteredWebhook } from "../storage/rows/source-rows.ts";

/** A renewal that failed is tried again this often: polls bring meanwhile what the hook would have told. */
const retryMs = 3_600_000;

/** True from the middle of a hook's life on, so that many tries are left before it ends. */
export function isRenewalDue(webhook: RegisteredWebhook | null, now: number): webhook is RegisteredWebhook {
  if (webhook === null || webhook.expiresAt === null) return false;
  if (webhook.trouble !== null && now < webhook.trouble.retryAt) return false;
  return now >= (webhook.renewedAt + webhook.expiresAt) / 2;
}

/** A hook that the tracker does not know any more, or cannot extend, is made anew under the secret that it had. */
async function renewOrRegister(
  runtime: Runtime,
  session: SourceSession,
  row: PollScopeRow,
  webhook: RegisteredWebhook,
  sendBy: number,
): Promise<Pick<RegisteredWebhook, "hookId" | "expiresAt">> {
  const { provider, source } = session;
  const { webhooks } = provider;
  const isWhole = resolveCapabilities(provider.capabilities).pollScope === "source";
  const container = isWhole ? null : row.container;
  const { hookId, url } = webhook;
  try {
    if (webhooks?.renew !== undefined) {
      return { hookId, ...(await webhooks.renew(session.call({ sendBy }), { container, hookId })) };
    }
  } catch (error) {
    if (!ProviderError.isInstance(error) || error.failure !== "gone") throw error;
  }
  if (webhooks?.register === undefined) return webhook;
  const name = { tenantId: source.tenantId, sourceId: source.id, name: "webhook" } as const;
  const secret = await runtime.credentials.read(name);
  return await webhooks.register(session.call({ sendBy }), { container, url, secret });
}

/** Extends the hook of a scope that is due. Answers with what the scope remembers of it; no failure holds up a poll. */
export async function renewWebhook(
  runtime: Runtime,
  session: SourceSession,
  row: PollScopeRow,
  sendBy: number,
): Promise<Partial<PollScopeRow>> {
  const { webhook } = row;
  const now = runtime.clock.now();
  if (session.provider.webhooks === undefined || !isRenewalDue(webhook, now)) return {};
  const place = { tenantId: row.tenantId, sourceId: row.sourceId, container: row.container };
  try {
    const { hookId, expiresAt } = await renewOrRegister(runtime, session, row, webhook, sendBy);
    logEvent(runtime, "webhook-renewed", { ...place, expiresAt });
    return { webhook: { ...webhook, hookId, expiresAt, renewedAt: now, trouble: null } };
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    const message = redactSecrets(error.message);
    logEvent(runtime, "webhook-not-renewed", { ...place, ...loggedError(error) });
    const retryAt = now + Math.max(retryMs, error.retryAfterMs ?? 0);
    return { webhook: { ...webhook, trouble: { message, retryAt } } };
  }
}
