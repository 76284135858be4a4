import assert from "node:assert/strict";
import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open, readLive, truthOf, unreadAddress } from "../actions.ts";
import { able, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf, withoutLabels } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { assertSameText, assertTruth } from "../truth.ts";

const sampleTitle = "Renamed by a person 🎉";

function read(context: ProviderContext, delivery: WebhookDelivery): WebhookEvent {
  const event = groupOf(context, "webhooks").read(delivery);
  assert.ok(event.deliveryId !== "", "the event has no deliveryId");
  assert.ok(event.name !== "", "the event has no name");
  for (const { remoteId, item } of event.hints) {
    assert.ok(remoteId !== null || item !== null, `a hint of ${event.name} names neither remoteId nor item`);
  }
  return event;
}

async function capture(
  context: ProviderContext,
  change: () => Promise<unknown>,
): Promise<readonly [WebhookDelivery, ...WebhookDelivery[]]> {
  const [first, ...others] = await able(context, "webhooks").capture(change);
  assert.ok(first !== undefined, "the change caused no delivery");
  await settle(context);
  return [first, ...others];
}

/** Hints about one issue out of what a change caused. Hints may name it by id only. */
function hintsFor(
  context: ProviderContext,
  deliveries: readonly WebhookDelivery[],
  item: string,
): readonly WebhookHint[] {
  const hints = deliveries.flatMap((delivery) => read(context, delivery).hints);
  return hints.filter((hint) => hint.item === item || (hint.item === null && hint.remoteId !== null));
}

/** Asserts that a change caused a hint that leads to the issue, and that whatever the last one says is true. */
async function assertHint(context: ProviderContext, item: string, change: () => Promise<unknown>): Promise<void> {
  const hints = hintsFor(context, await capture(context, change), item);
  const hint = hints.findLast(({ aspect }) => aspect === "issue");
  assert.ok(hint !== undefined, `no hint leads to issue ${item}`);
  assert.equal(hint.change, "changed", "what kind of change it is");
  assert.ok(hint.container === null || hint.container === context.container, `container is ${hint.container}`);
  if (context.capabilities.webhookPayload === "full") {
    assert.ok(hint.issue !== null, "the hint has no snapshot, although `webhookPayload` is declared as full");
  }
  if (hint.version != null) {
    const { version } = await readLive(context, unreadAddress(context, item));
    assert.equal(hint.version, version, "the version that the hint names, and that of the issue when read");
  }
  if (hint.issue === null) return;
  assertTruth(hint.issue, await truthOf(context, item), "the hint's snapshot");
  assert.equal(hint.remoteId ?? hint.issue.remoteId, hint.issue.remoteId, "remote id of hint and snapshot");
}

export const webhookReadRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/webhooks.ts, WebhooksGroup.read",
  { groups: ["webhooks"] },
  [
    [
      "webhook-issue",
      "A changed or closed issue gives a hint that leads to it; a snapshot in it says what the tracker says.",
      async (context) => {
        const item = await open(context);
        await assertHint(context, item, () => context.tracker.editIssue(item, { title: sampleTitle }));
        await assertHint(context, item, () => context.tracker.closeIssue(item));
      },
    ],
    [
      "webhook-labels",
      "A label that is added gives a hint as well.",
      async (context) => {
        const item = await open(context);
        await assertHint(context, item, () => able(context, "addLabel")(item, "regression"));
      },
      { unless: withoutLabels },
    ],
    [
      "webhook-comment",
      "A comment gives a hint that leads to its issue; a comment in it says what the tracker says.",
      async (context) => {
        const item = await open(context);
        const deliveries = await capture(context, () => able(context, "comment")(item, "Seen on build 7 🎉"));
        const hint = hintsFor(context, deliveries, item).find(({ aspect }) => aspect === "comments");
        assert.ok(hint !== undefined, `no hint of aspect "comments" leads to issue ${item}`);
        const [truth] = (await truthOf(context, item)).comments;
        if (hint.comment === null || truth === undefined) return;
        assert.equal(hint.comment.remoteId, truth.id, "remote id of the comment");
        assertSameText(hint.comment.body, truth.body, "the hint's comment");
      },
      { groups: ["comments"] },
    ],
    [
      "webhook-deleted",
      "Where the tracker tells of a deletion, the hint says `deleted` and carries no state as if it were live.",
      async (context) => {
        const item = await open(context);
        const deliveries = await able(context, "webhooks").capture(() => able(context, "deleteIssue")(item));
        for (const hint of hintsFor(context, deliveries, item).filter(({ aspect }) => aspect === "issue")) {
          assert.equal(hint.change, "deleted", "what kind of change it is");
          assert.equal(hint.issue, null, "the hint's snapshot");
        }
      },
      { groups: ["read"] },
    ],
    [
      "webhook-redelivery",
      "A redelivery has the id of the first, another event has another.",
      async (context) => {
        const item = await open(context);
        const [first] = await capture(context, () => context.tracker.editIssue(item, { title: sampleTitle }));
        const [other] = await capture(context, () => context.tracker.closeIssue(item));
        const again = await able(context, "webhooks").redeliver(first);
        assert.equal(read(context, again).deliveryId, read(context, first).deliveryId, "id of the redelivery");
        assert.notEqual(read(context, other).deliveryId, read(context, first).deliveryId, "id of another event");
      },
    ],
    [
      "webhook-unrelated",
      "Events that concern no issue have no hints, and are no error.",
      async (context) => {
        const delivery = await able(context, "webhooks").unrelated();
        assert.deepEqual(read(context, delivery).hints, [], "hints");
      },
    ],
    [
      "webhook-unreadable",
      "A body that is not what the tracker sends throws `permanent`.",
      async (context) => {
        const item = await open(context);
        const [delivery] = await capture(context, () => context.tracker.editIssue(item, { title: sampleTitle }));
        const half = delivery.body.subarray(0, delivery.body.byteLength >> 1);
        const bodies = [half, ...["", "null", "[]", "\u0000", "<html>"].map((text) => new TextEncoder().encode(text))];
        for (const body of bodies) {
          const what = `read of the body ${JSON.stringify(new TextDecoder().decode(body).slice(0, 20))}`;
          const attempt = async () => groupOf(context, "webhooks").read({ headers: delivery.headers, body });
          await failureOf(context, what, attempt, "permanent");
        }
      },
    ],
    [
      "webhook-unregister",
      "A hook can be registered and removed; removing one that is gone is a success.",
      async (context) => {
        const group = groupOf(context, "webhooks");
        const url = "https://host.example/hooks/conformance";
        const container = context.container;
        const registered = await group.register?.(context.call(), { container, url, secret: "s3cret-of-the-hook" });
        assert.ok(registered?.hookId, "the hook has no id");
        await group.unregister?.(context.call(), { container, hookId: registered.hookId });
        await group.unregister?.(context.call(), { container, hookId: registered.hookId });
      },
      {
        unless: ({ provider: { webhooks } }) =>
          webhooks?.register && webhooks.unregister ? null : "the provider does not register hooks",
      },
    ],
  ],
);
