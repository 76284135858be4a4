import assert from "node:assert/strict";
import type { ConnectionReport, ProviderCall } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { create } from "../actions.ts";
import { given, type ProviderContext, parseInput } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { leakIn, secretsOf } from "../secrets.ts";

function refusedCall(context: ProviderContext): ProviderCall {
  const auth = parseInput(context.provider.describe().auth, given(context, "refusedAuth"), "auth");
  return context.call({ auth, credentialId: "credential-2" });
}

function test(
  context: ProviderContext,
  containers: readonly string[],
  call = context.call(),
): Promise<ConnectionReport> {
  return groupOf(context, "connect").test(call, { containers });
}

export const connectRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/connect.ts, ConnectGroup",
  { groups: ["connect"] },
  [
    [
      "connect-account",
      "`account` tells whose the credential is, the same every time.",
      async (context) => {
        const account = await groupOf(context, "connect").account(context.call());
        assert.ok(account.id !== "" && account.displayName !== "", `the account is ${JSON.stringify(account)}`);
        assert.deepEqual(await groupOf(context, "connect").account(context.call()), account, "asked again");
      },
    ],
    [
      "connect-account-author",
      "The account's id is that of the author of what it creates.",
      async (context) => {
        const { issue } = await create(context);
        const account = await groupOf(context, "connect").account(context.call());
        assert.equal(issue.author?.id, account.id, "the author of the new issue");
      },
      { groups: ["create"] },
    ],
    [
      "connect-account-refused",
      "`account` throws `auth` for a credential that the tracker refuses.",
      async (context) => {
        const call = refusedCall(context);
        await failureOf(context, "account", () => groupOf(context, "connect").account(call), "auth");
      },
    ],
    [
      "connect-test",
      "A test of what is in order says so: account, container reachable, no problems.",
      async (context) => {
        const report = await test(context, [context.container]);
        assert.equal(report.ok, true, `ok, in ${JSON.stringify(report)}`);
        assert.deepEqual(report.problems, [], "problems");
        assert.deepEqual(report.account, await groupOf(context, "connect").account(context.call()), "account");
        assert.equal(report.containers.length, 1, "one report per container");
        const [found] = report.containers;
        assert.equal(found?.container, context.container);
        assert.equal(found?.reachable, true, "reachable");
        assert.notEqual(found?.writable, false, "writable");
      },
    ],
    [
      "connect-test-refused",
      "A refused credential is reported in words, not thrown.",
      async (context) => {
        const report = await test(context, [context.container], refusedCall(context));
        assert.equal(report.ok, false, "ok");
        assert.equal(report.account, null, "account");
        assert.ok(report.problems.length > 0, "there is no problem in words");
        assert.equal(leakIn(report, secretsOf(context)), undefined, "the report contains a secret");
      },
    ],
    [
      "connect-test-unknown-container",
      "A container that does not exist is reported beside those that do, in the order asked.",
      async (context) => {
        const unknown = given(context, "unknownContainer");
        const report = await test(context, [unknown, context.container]);
        assert.equal(report.ok, false, "ok");
        assert.notEqual(report.account, null, "the credential is good, so there is an account");
        const found = report.containers.map(({ container, reachable }) => [container, reachable]);
        assert.deepEqual(found, [
          [unknown, false],
          [context.container, true],
        ]);
        assert.ok(
          report.problems.some((problem) => problem.includes(unknown)),
          `no problem names ${unknown}: ${JSON.stringify(report.problems)}`,
        );
      },
    ],
    [
      "connect-probe",
      "`probe` is true for a container that answers and false for one that does not.",
      async (context) => {
        const group = groupOf(context, "connect");
        const unknown = given(context, "unknownContainer");
        assert.equal(await group.probe(context.call(), { container: context.container }), true, context.container);
        assert.equal(await group.probe(context.call(), { container: unknown }), false, unknown);
      },
    ],
  ],
);
