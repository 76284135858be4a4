import assert from "node:assert/strict";
import type { FailureClass } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { able, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import type { TrackerFault } from "../provider-tracker.ts";
import { leakIn } from "../secrets.ts";
import { exchange, redirectQuery, refresh, signIn, signInSecrets } from "../sign-in.ts";

/** A credential to be renewed; null where the tracker gives none that can be. */
async function renewable(context: ProviderContext): Promise<unknown> {
  const auth = await signIn(context);
  return groupOf(context, "authorization").canRefresh(auth) ? auth : null;
}

/** A renewal that meets a fault ends so, and sends once. */
async function meet(context: ProviderContext, fault: TrackerFault, ...classes: readonly FailureClass[]) {
  const auth = await renewable(context);
  if (auth === null) return null;
  context.tracker.failNext(fault, "any");
  const mark = context.tracker.mark();
  const error = await failureOf(context, `refresh, meeting "${fault}",`, () => refresh(context, auth), ...classes);
  assert.equal(context.tracker.countRequests(mark), 1, `requests of a refresh that meets "${fault}"`);
  return error;
}

export const authorizationErrorRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/authorization.ts, AuthorizationGroup",
  { groups: ["authorization"] },
  [
    [
      "authorization-exchange-refused",
      "A code that the tracker does not accept is `auth`, also one that was used.",
      async (context) => {
        const query = await redirectQuery(context);
        const wrong = { ...query, code: `${query["code"]}x` };
        await failureOf(context, "exchange of a wrong code", () => exchange(context, wrong), "auth");
        await exchange(context, query);
        await failureOf(context, "exchange of a used code", () => exchange(context, query), "auth");
      },
    ],
    [
      "authorization-refresh-refused",
      "A credential whose consent was taken back cannot be renewed: `auth`.",
      async (context) => {
        const auth = await renewable(context);
        if (auth === null) return;
        await able(context, "signIn").revoke();
        await failureOf(context, "refresh after the consent was taken back", () => refresh(context, auth), "auth");
      },
    ],
    [
      "authorization-refresh-lost",
      "A renewal whose answer is lost is `ambiguous`, and not repeated: the token may be spent.",
      async (context) => {
        await meet(context, "lost-after", "ambiguous");
      },
    ],
    [
      "authorization-refresh-server",
      "A renewal that meets a 5xx is not `auth`, which would ask people to sign in again.",
      async (context) => {
        await meet(context, "status-500", "retry", "ambiguous");
      },
    ],
    [
      "authorization-refresh-limited",
      "A renewal that is told to wait is `wait`, with the time.",
      async (context) => {
        const error = await meet(context, "rate-limit", "wait");
        const retryAfterMs = error?.retryAfterMs ?? Number.NaN;
        assert.ok(error === null || retryAfterMs > 0, `retryAfterMs is ${retryAfterMs}`);
      },
    ],
    [
      "authorization-no-secrets",
      "No code, verifier, token or secret of the application shows in an error, in what caused it, or in a log line.",
      async (context) => {
        const query = await redirectQuery(context);
        const wrong = { ...query, code: `${query["code"]}-wrong` };
        const refused = await failureOf(context, "exchange of a wrong code", () => exchange(context, wrong));
        const hidden = signInSecrets(context, { query: wrong });
        assert.equal(leakIn(refused, hidden), undefined, "the error of an exchange contains a secret");
        const auth = await signIn(context);
        const secrets = signInSecrets(context, { auth });
        for (const fault of ["lost-before", "status-500", "unauthorized"] as const) {
          if (!groupOf(context, "authorization").canRefresh(auth)) break;
          context.tracker.failNext(fault, "any");
          const error = await failureOf(context, `refresh, meeting "${fault}",`, () => refresh(context, auth));
          assert.equal(
            leakIn(error, secrets),
            undefined,
            `the error of a refresh that met "${fault}" contains a secret`,
          );
        }
        assert.equal(
          leakIn(context.logs.join("\n"), [...secrets, ...hidden]),
          undefined,
          "a log line contains a secret",
        );
      },
    ],
  ],
);
