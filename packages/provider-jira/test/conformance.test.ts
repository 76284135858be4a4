import { providerSuite, registerSuite } from "@backref/testing";
import type { Deployment } from "@backref/testing/jira";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

const deployments: readonly Deployment[] = ["cloud"];

describe.each(deployments)("%s", (deployment) => {
  const skipped: Record<string, string> = {};
  const suite = providerSuite({ create: () => createUnderTest(deployment), tracker: trackerOf });

  registerSuite(suite, { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what Jira does not have is skipped", () => {
    expect(skipped).toEqual({});
  });
});
