import assert from "node:assert/strict";
import { type ProviderCapabilities, resolveCapabilities } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";

/** Options that sources can have: those under test, and none where the form takes that. */
function* optionsOf({ provider, site }: ProviderContext): Generator<unknown, void> {
  yield site.options;
  const none = provider.describe().options.parse({});
  if (none.ok) yield none.value;
}

function capabilitiesFor({ provider }: ProviderContext, options: unknown): ProviderCapabilities {
  const changed = provider.capabilitiesFor?.(options);
  assert.ok(typeof changed === "object" && changed !== null, `capabilitiesFor gave ${JSON.stringify(changed)}`);
  return changed;
}

export const sourceCapabilityRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/provider.ts, Provider.capabilitiesFor",
  {
    unless: ({ provider }) => (provider.capabilitiesFor === undefined ? "the provider has no `capabilitiesFor`" : null),
  },
  [
    [
      "capabilities-for",
      "What is different follows from the options alone, also from options that were stored in between.",
      async (context) => {
        for (const options of optionsOf(context)) {
          const first = capabilitiesFor(context, options);
          const stored: unknown = JSON.parse(JSON.stringify(options));
          assert.deepEqual(capabilitiesFor(context, stored), first, "capabilities of the same options, stored");
          assert.deepEqual(capabilitiesFor(context, options), first, "capabilities of the same options, asked again");
        }
      },
    ],
    [
      "capabilities-for-poll-scope",
      "What is polled at a time is the same for all sources.",
      async (context) => {
        const { pollScope } = resolveCapabilities(context.provider.capabilities);
        for (const options of optionsOf(context)) {
          const own = capabilitiesFor(context, options).pollScope ?? pollScope;
          assert.equal(own, pollScope, `pollScope with the options ${JSON.stringify(options)}`);
        }
      },
    ],
  ],
);
