import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { able, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { leakIn, secretsOf } from "../secrets.ts";
import {
  redirectQuery,
  refresh,
  sampleState,
  signIn,
  signInSecrets,
  signInUrl,
  stored,
  watchedExchange,
} from "../sign-in.ts";

async function assertWorks(context: ProviderContext, auth: unknown, what: string): Promise<void> {
  const { connect } = context.provider;
  if (connect === undefined) return;
  const account = await connect.account(context.call({ auth, credentialId: `credential ${what}` }));
  assert.ok(account.id !== "", `the account of ${what} has no id`);
}

/** A credential that a sign-in gave has one answer, and can be told apart from others. */
function assertTold(context: ProviderContext, auth: unknown, what: string): void {
  const group = groupOf(context, "authorization");
  assert.equal(typeof group.canRefresh(auth), "boolean", `canRefresh of ${what}`);
  const end = group.expiresAt(auth);
  if (end === null) return;
  assert.ok(Number.isInteger(end), `expiresAt of ${what} is ${end}, no whole milliseconds`);
  const leftMs = end - context.tracker.now();
  const tenYearsMs = 315_576_000_000;
  assert.ok(
    leftMs > 0 && leftMs < tenYearsMs,
    `${what} ends ${leftMs} ms from now; is expiresAt in milliseconds since 1970?`,
  );
}

const unlessRenewed = (context: ProviderContext, auth: unknown): boolean =>
  groupOf(context, "authorization").canRefresh(auth);

export const authorizationRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/authorization.ts, AuthorizationGroup",
  { groups: ["authorization"] },
  [
    [
      "authorization-url",
      "The URL of a sign-in is absolute and https, and the same every time; nothing is sent for it.",
      async (context) => {
        const mark = context.tracker.mark();
        const url = signInUrl(context);
        assert.ok(URL.canParse(url), `the URL ${url} is not absolute`);
        const { protocol, hostname } = new URL(url);
        assert.ok(protocol === "https:" || hostname === "127.0.0.1", `the URL begins with ${protocol}`);
        assert.equal(signInUrl(context), url, "asked again");
        assert.equal(context.tracker.countRequests(mark), 0, "requests for the URL");
      },
    ],
    [
      "authorization-url-state",
      "The URL brings `state` and the redirect URL along, untouched, and another state makes another URL.",
      async (context) => {
        const values = [...new URL(signInUrl(context)).searchParams.values()];
        assert.ok(values.includes(sampleState), "no parameter of the URL is the state");
        assert.ok(values.includes(able(context, "signIn").redirectUrl), "no parameter of the URL is the redirect URL");
        assert.notEqual(signInUrl(context, "other"), signInUrl(context), "the URL with another state");
      },
    ],
    [
      "authorization-url-secrets",
      "The URL, which people and browsers keep, holds no secret of the application.",
      async (context) => {
        const secrets = [...signInSecrets(context, {}), ...secretsOf(context)];
        assert.equal(leakIn(signInUrl(context), secrets), undefined, "the URL contains a secret");
      },
    ],
    [
      "authorization-exchange",
      "A code becomes a credential that the provider's own form takes, also read back from JSON, and that works.",
      async (context) => {
        const auth = await signIn(context);
        await assertWorks(context, auth, "a sign-in's credential");
        assertTold(context, auth, "a sign-in's credential");
        const secrets = secretsOf(context, auth);
        assert.ok(secrets.length > 0, "the form marks nothing of a sign-in's credential as `writeOnly`");
      },
    ],
    [
      "authorization-exchange-once",
      "An exchange sends its code in one request, since it is good for one; what the credential is good for costs one more at most.",
      async (context) => {
        const query = await redirectQuery(context);
        const mark = context.tracker.mark();
        const requests = await watchedExchange(context, query);
        const { code } = query;
        assert.ok(code !== undefined, "the tracker sends people back with a code");
        assert.equal(requests.filter((text) => text.includes(code)).length, 1, "requests that carry the code");
        const count = context.tracker.countRequests(mark);
        assert.ok(count <= 2, `${count} requests for the exchange`);
      },
    ],
    [
      "authorization-refresh",
      "A renewed credential works and can be renewed again, also read back from JSON; renewing takes one request.",
      async (context) => {
        let auth = await signIn(context);
        if (!unlessRenewed(context, auth)) return;
        for (const time of ["renewed once", "renewed twice"]) {
          await context.pass(1_000);
          const mark = context.tracker.mark();
          auth = stored(context, await refresh(context, auth));
          assert.equal(context.tracker.countRequests(mark), 1, "requests for a renewal");
          await assertWorks(context, auth, `a credential ${time}`);
          assertTold(context, auth, `a credential ${time}`);
          assert.ok(unlessRenewed(context, auth), `a credential ${time} can be renewed again`);
        }
      },
    ],
    [
      "authorization-entered",
      "A credential that was entered by hand is told as well: whether it renews itself, and when it ends.",
      async (context) => {
        const { auth } = context.call();
        const group = groupOf(context, "authorization");
        const told = [group.canRefresh(auth), group.expiresAt(auth)];
        assert.equal(typeof told[0], "boolean", "canRefresh");
        assert.ok(told[1] === null || Number.isInteger(told[1]), `expiresAt is ${told[1]}`);
        assert.deepEqual([group.canRefresh(auth), group.expiresAt(auth)], told, "asked again");
      },
    ],
  ],
);
