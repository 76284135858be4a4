import assert from "node:assert/strict";
import type { WebhookDelivery } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open } from "../actions.ts";
import { able, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";

/** A genuine delivery, with text beyond ASCII in it. */
async function genuine(context: ProviderContext): Promise<WebhookDelivery> {
  const item = await open(context, { title: "Ünïcode 🎉 <tag>", body: "a / b" });
  const webhooks = able(context, "webhooks");
  const deliveries = await webhooks.capture(() => context.tracker.editIssue(item, { title: "Ünïcode 🎊 </tag>" }));
  const [first] = deliveries;
  assert.ok(first !== undefined, "an edited issue caused no delivery");
  return first;
}

function verify(context: ProviderContext, delivery: WebhookDelivery, secret: string): boolean {
  const now = context.tracker.now();
  let result: unknown;
  try {
    result = groupOf(context, "webhooks").verify(delivery, { secret, now });
  } catch (error) {
    assert.fail(`verify threw ${String(error)}`);
  }
  assert.equal(typeof result, "boolean", `verify gave ${String(result)}`);
  return result as boolean;
}

function withHeader({ headers, body }: WebhookDelivery, name: string, value: string | null): WebhookDelivery {
  const changed = new Headers(headers);
  if (value === null) changed.delete(name);
  else changed.set(name, value);
  return { headers: changed, body };
}

function withBody({ headers }: WebhookDelivery, body: Uint8Array): WebhookDelivery {
  return { headers, body };
}

/** Bodies that mean the same or nearly so, but are not the bytes that were signed. */
function tamperedBodies(body: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  const text = new TextDecoder().decode(body);
  const encode = (changed: string) => new TextEncoder().encode(changed);
  const flipped = Uint8Array.from(body);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  return [
    ["one bit flipped", flipped],
    ["a byte missing", body.subarray(0, -1)],
    ["a line end added", encode(`${text}\n`)],
    ["space added after the first brace", encode(text.replace("{", "{ "))],
    ["the same JSON, indented", encode(JSON.stringify(JSON.parse(text), null, 2))],
    ["another title", encode(text.replaceAll("Ünïcode", "Forged"))],
    ["nothing", new Uint8Array()],
  ];
}

/** Headers that make the delivery genuine: without one of them it is not. */
function signatureHeaders(context: ProviderContext, delivery: WebhookDelivery, secret: string): readonly string[] {
  return [...delivery.headers.keys()].filter((name) => !verify(context, withHeader(delivery, name, null), secret));
}

export const webhookVerifyRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/webhooks.ts, WebhooksGroup.verify",
  { groups: ["webhooks"] },
  [
    [
      "webhook-genuine",
      "What the tracker signed with the secret is genuine, and stays so when it is sent again.",
      async (context) => {
        const { secret, redeliver } = able(context, "webhooks");
        const delivery = await genuine(context);
        assert.equal(verify(context, delivery, secret), true, "a genuine delivery");
        assert.equal(verify(context, await redeliver(delivery), secret), true, "a redelivery");
      },
    ],
    [
      "webhook-wrong-secret",
      "Another secret, or none, is not it.",
      async (context) => {
        const { secret } = able(context, "webhooks");
        const delivery = await genuine(context);
        for (const wrong of [`${secret}x`, secret.slice(0, -1), secret.toUpperCase(), "another", ""]) {
          if (wrong !== secret) assert.equal(verify(context, delivery, wrong), false, `verified with "${wrong}"`);
        }
      },
    ],
    [
      "webhook-tampered",
      "Signatures are over the raw bytes: a body that differs at all is not genuine, also if it means the same.",
      async (context) => {
        const { secret } = able(context, "webhooks");
        const delivery = await genuine(context);
        for (const [what, body] of tamperedBodies(delivery.body)) {
          if (Buffer.from(body).equals(delivery.body)) continue;
          assert.equal(verify(context, withBody(delivery, body), secret), false, `a body with ${what} was verified`);
        }
      },
      {
        unless: ({ capabilities }) =>
          capabilities.webhookProof === "secret" ? "the provider declares that deliveries bring a secret along" : null,
      },
    ],
    [
      "webhook-unsigned",
      "Without its signature a delivery is not genuine.",
      async (context) => {
        const { secret } = able(context, "webhooks");
        const delivery = await genuine(context);
        const bare = { headers: new Headers({ "content-type": "application/json" }), body: delivery.body };
        assert.equal(verify(context, bare, secret), false, "a delivery without the tracker's headers was verified");
        const found = signatureHeaders(context, delivery, secret);
        assert.ok(found.length > 0, "no header is needed for a delivery to be genuine");
      },
    ],
    [
      "webhook-malformed",
      "A malformed signature is false, never an exception.",
      async (context) => {
        const { secret } = able(context, "webhooks");
        const delivery = await genuine(context);
        for (const name of signatureHeaders(context, delivery, secret)) {
          const good = delivery.headers.get(name) ?? "";
          const broken = [
            "",
            "=",
            "sha256=",
            "sha256",
            "zz",
            "é".repeat(64),
            "0".repeat(64),
            "0".repeat(63),
            good.slice(0, -1),
          ];
          const longer = [`${good}0`, `${good}${good}`, `${good.slice(0, -1)}${good.endsWith("0") ? "1" : "0"}`];
          const prefixes = [`x${good}`, `sha1=${good}`];
          for (const value of [...broken, ...longer, ...prefixes, "1".repeat(10_000)]) {
            const what = `${name}: ${value.slice(0, 80)}`;
            assert.equal(verify(context, withHeader(delivery, name, value), secret), false, `verified with ${what}`);
          }
        }
      },
    ],
  ],
);
