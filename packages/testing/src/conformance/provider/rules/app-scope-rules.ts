import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { open } from "../actions.ts";
import { able, given, type ProviderContext, parseInput } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { describeThrown, failureOf } from "../failures.ts";
import { leakIn, secretsOf } from "../secrets.ts";

function scopeOf(context: ProviderContext, auth: unknown, baseUrl = context.underTest.baseUrl): string | null {
  try {
    return groupOf(context, "webhooks").appScopeOf?.(auth, { baseUrl }) ?? null;
  } catch (error) {
    assert.fail(`appScopeOf threw ${describeThrown(error)}`);
  }
}

function refusedAuth(context: ProviderContext): unknown {
  return parseInput(context.provider.describe().auth, given(context, "refusedAuth"), "auth");
}

function withoutScope(context: ProviderContext): string | null {
  const scope = scopeOf(context, context.call().auth);
  return scope === null ? "the credential under test belongs to no app, as `webhooks.appScopeOf` says" : null;
}

export const appScopeRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/webhooks.ts, WebhooksGroup.appScopeOf",
  {
    groups: ["webhooks"],
    unless: ({ provider }) =>
      provider.webhooks?.appScopeOf === undefined ? "the provider has no `webhooks.appScopeOf`" : null,
  },
  [
    [
      "app-scope",
      "A credential's scope is null or a text, the same for what was stored in between, and holds no secret.",
      async (context) => {
        const { auth } = context.call();
        const scope = scopeOf(context, auth);
        assert.notEqual(scope, "", "the scope is empty");
        assert.equal(scopeOf(context, JSON.parse(JSON.stringify(auth))), scope, "scope of the stored credential");
        assert.equal(leakIn(scope, secretsOf(context)), undefined, "the scope, which is stored in clear, has a secret");
      },
    ],
    [
      "app-scope-sites",
      "The same installation of another site is another one.",
      async (context) => {
        const { auth } = context.call();
        const other = scopeOf(context, auth, "https://other-site.example");
        assert.notEqual(other, scopeOf(context, auth), "scope at another base URL");
      },
      { unless: withoutScope },
    ],
    [
      "app-scope-delivery",
      "What the app's webhook sends belongs to the same scope, whatever it is about.",
      async (context) => {
        const webhooks = able(context, "webhooks");
        const item = await open(context);
        const deliveries = await webhooks.capture(() => context.tracker.closeIssue(item));
        assert.ok(deliveries.length > 0, "the change caused no delivery");
        const scope = scopeOf(context, context.call().auth);
        for (const delivery of [...deliveries, await webhooks.unrelated()]) {
          const { appScope, name } = groupOf(context, "webhooks").read(delivery);
          assert.equal(appScope, scope, `scope of the delivery ${name}`);
        }
      },
      { unless: withoutScope },
    ],
    [
      "app-scope-proof",
      "Whoever names an installation without a credential that is good for it is refused by `account`.",
      async (context) => {
        const auth = refusedAuth(context);
        const scope = scopeOf(context, context.call().auth);
        assert.equal(scopeOf(context, auth), scope, "scope of `refusedAuth`, which has to name the same installation");
        const call = context.call({ auth, credentialId: "credential-2" });
        await failureOf(
          context,
          "account",
          () => groupOf(context, "connect").account(call),
          "auth",
          "forbidden",
          "gone",
        );
      },
      { groups: ["connect"], unless: withoutScope },
    ],
  ],
);
