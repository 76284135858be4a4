import { providerSuite, registerSuite } from "@backref/testing";
import { missingRedmine } from "backref-redmine-server";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

describe.each(["textile"] as const)("%s", (textFormat) => {
  const missing = missingRedmine();
  if (missing !== null) {
    test("every rule", ({ skip }) => skip(missing));
    return;
  }
  const skipped: Record<string, string> = {};
  const suite = providerSuite({ create: () => createUnderTest(textFormat), tracker: trackerOf });

  registerSuite(suite, { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what Redmine does not have is skipped", () => {
    expect(skipped).toEqual({});
  });
});
