import assert from "node:assert/strict";
import type { WebhookDelivery } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open } from "../actions.ts";
import { able, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { redelivery, redeliveryDriver } from "../redelivery.ts";

interface Redelivered {
  readonly asked: number | null;
  /** Ids of what came because of it, sorted. */
  readonly ids: readonly string[];
}

function idsOf(context: ProviderContext, deliveries: readonly WebhookDelivery[]): readonly string[] {
  return deliveries.map((delivery) => groupOf(context, "webhooks").read(delivery).deliveryId).sort();
}

/** Asks for what was missed since a moment, and waits for it. */
async function redeliver(context: ProviderContext, since: number): Promise<Redelivered> {
  let asked: number | null = null;
  const came = await able(context, "webhooks").capture(async () => {
    asked = (await redelivery(context, context.call(), { since }))?.asked ?? null;
  });
  return { asked, ids: idsOf(context, came) };
}

/** Somebody changes an issue twice while nobody takes deliveries; the ids of those, sorted. */
async function miss(context: ProviderContext, item: string): Promise<readonly string[]> {
  const { tracker } = context;
  const missed = await redeliveryDriver(context).miss(async () => {
    await tracker.editIssue(item, { title: "Renamed while nobody listened" });
    await tracker.closeIssue(item);
  });
  assert.ok(missed.length >= 2, `two changes caused ${missed.length} deliveries`);
  return idsOf(context, missed);
}

export const webhookRedeliverRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/webhooks.ts, WebhooksGroup.redeliver",
  {
    groups: ["webhooks"],
    unless: ({ provider }) =>
      provider.webhooks?.redeliver === undefined ? "the provider has no `webhooks.redeliver`" : null,
  },
  [
    [
      "redeliver-missed",
      "What nobody took since the moment comes again under its own id, and the answer says how much that is.",
      async (context) => {
        const item = await open(context);
        // Trackers that tell times to the second would else lose what was missed in the same one.
        await context.pass(1_300 - (context.tracker.now() % 1_000));
        const since = context.tracker.now();
        await context.pass(200);
        const missed = await miss(context, item);
        assert.deepEqual(await redeliver(context, since), { asked: missed.length, ids: missed }, "what came again");
      },
    ],
    [
      "redeliver-taken",
      "What was taken, the first time or the second, is not asked for.",
      async (context) => {
        const since = context.tracker.now();
        const item = await open(context);
        await able(context, "webhooks").capture(() => context.tracker.closeIssue(item));
        assert.deepEqual(await redeliver(context, since), { asked: 0, ids: [] }, "what came where nothing was missed");
        await miss(context, await open(context));
        await redeliver(context, since);
        assert.deepEqual(await redeliver(context, since), { asked: 0, ids: [] }, "what came when it was asked again");
      },
    ],
    [
      "redeliver-since",
      "What was missed before the moment is left.",
      async (context) => {
        await miss(context, await open(context));
        await context.pass(60_000);
        const since = context.tracker.now();
        await context.pass(1_000);
        assert.deepEqual(await redeliver(context, since), { asked: 0, ids: [] }, "what came of older deliveries");
      },
    ],
    [
      "redeliver-elsewhere",
      "Null where no hook leads to the endpoint, and hooks that lead elsewhere are left alone.",
      async (context) => {
        const since = context.tracker.now();
        await miss(context, await open(context));
        const { container } = context;
        const came = await able(context, "webhooks").capture(async () => {
          const answer = await redelivery(context, context.call(), { since, container, endpoint: "nobodys-endpoint" });
          assert.equal(answer, null, "the answer for an endpoint that no hook leads to");
        });
        assert.deepEqual(came, [], "what came because of it");
      },
    ],
  ],
);
