import { providerSuite, registerSuite } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createNookDriver, createNookUnderTest } from "./nook-under-test.ts";

const skipped = new Map<string, string>();

registerSuite(
  providerSuite({ create: async () => createNookUnderTest(), tracker: createNookDriver }),
  { describe, test },
  (ruleId, reason) => skipped.set(ruleId, reason),
);

test("what it skips, it declares", () => {
  const reasons = new Set([...skipped.values()].map((reason) => reason.replace(/`\w+(?:\.\w+)?`/, "…")));
  expect([...reasons].sort()).toEqual([
    'people do not copy the marker place "property"',
    "the provider declares no labels",
    "the provider declares no priority field",
    "the provider has no group …",
    "the provider has no …",
    "the provider tells … apart",
    "the same token never makes two issues",
    "there is no other container",
  ]);
});
