import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { given, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { assertProviderError, failureOf } from "../failures.ts";
import { operationsOf, sampleIssue } from "../operations.ts";

/** Runs something synchronous that must not reach for the network, and counts the attempts. */
function countGlobalFetches(run: () => void): number {
  const original = globalThis.fetch;
  let count = 0;
  globalThis.fetch = async () => {
    count += 1;
    throw new TypeError("fetch failed");
  };
  try {
    run();
  } finally {
    globalThis.fetch = original;
  }
  return count;
}

export const sendingRules: readonly Rule<ProviderContext>[] = [
  ...defineRules("core/provider/provider.ts, Provider", {}, [
    [
      "lazy",
      "Nothing is sent by making a provider, by what answers without a call (forms, keys, addresses), or by loading its client.",
      async (context) => {
        const { provider, site, underTest, container } = context;
        const count = countGlobalFetches(() => {
          const { auth, options, container: containerForm } = provider.describe();
          for (const form of [auth, options, containerForm]) form.parse(underTest.auth);
          const { url } = provider.formatIssue({ container, item: underTest.item ?? "12" }, site);
          provider.parseIssue(url, site);
          provider.normaliseBaseUrl?.(underTest.baseUrl);
          provider.capabilitiesFor?.(site.options);
          if (provider.webhooks?.appScopeOf !== undefined) provider.webhooks.appScopeOf(context.call().auth, site);
        });
        await provider.preload?.();
        assert.equal(count, 0, "requests past call.fetch");
        if (operationsOf(context).length > 0) assert.equal(context.tracker.countRequests(0), 0, "requests");
      },
    ],
  ]),
  ...defineRules(
    "core/provider/call.ts, ProviderCall",
    { unless: (context) => (operationsOf(context).length === 0 ? "the provider has no remote operation" : null) },
    [
      [
        "call-fetch",
        "`call.fetch` is the only way out, and everything goes to the base URL's origin.",
        async (context) => {
          const issue = await sampleIssue(context);
          const { origin } = new URL(context.underTest.baseUrl);
          const fetch = given(context, "fetch");
          for (const operation of operationsOf(context)) {
            const urls: string[] = [];
            const call = context.call({
              fetch: (input, init) => {
                urls.push(input instanceof Request ? input.url : String(input));
                return fetch(input, init);
              },
            });
            const mark = context.tracker.mark();
            await operation.run(context, call, issue);
            assert.ok(urls.length > 0, `${operation.name} did not use call.fetch`);
            assert.ok(context.tracker.countRequests(mark) <= urls.length, `${operation.name} went past call.fetch`);
            for (const url of urls) assert.equal(new URL(url).origin, origin, `${operation.name} asked ${url}`);
          }
        },
      ],
      [
        "call-aborted",
        "A call whose signal is aborted sends nothing.",
        async (context) => {
          const issue = await sampleIssue(context);
          const signal = AbortSignal.abort(new Error("nobody waits any more"));
          for (const operation of operationsOf(context)) {
            const mark = context.tracker.mark();
            const attempt = () => operation.run(context, context.call({ signal }), issue);
            const error = await failureOf(context, `${operation.name}, aborted before,`, attempt);
            assertProviderError(context, error, operation.name);
            assert.equal(context.tracker.countRequests(mark), 0, `requests of ${operation.name}, aborted before`);
          }
        },
      ],
      [
        "call-stateless",
        "A provider keeps nothing between calls that another process would need: the credential of each call counts.",
        async (context) => {
          const group = groupOf(context, "connect");
          const good = await group.account(context.call());
          const { auth } = context.provider.describe();
          const refused = auth.parse(given(context, "refusedAuth"));
          assert.ok(refused.ok, "describe().auth refuses `refusedAuth`");
          const call = context.call({ auth: refused.value, credentialId: "credential-2" });
          await failureOf(context, "account with the refused credential", () => group.account(call), "auth");
          assert.deepEqual(await group.account(context.call()), good, "the good credential again");
        },
        { groups: ["connect"] },
      ],
    ],
  ),
];
