import { providerSuite, registerSuite } from "@backref/testing";
import type { Deployment } from "@backref/testing/azure-devops";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

const deployments: readonly Deployment[] = ["services", "server"];

describe.each(deployments)("%s", (deployment) => {
  const skipped: Record<string, string> = {};
  const suite = providerSuite({ create: () => createUnderTest(deployment), tracker: trackerOf });

  registerSuite(suite, { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what Azure DevOps does not have is skipped", () => {
    const ruleOf = (id: string) => id.replace(/^provider\//, "");
    const whole = /^(?:app-scope|authorization-|capabilities-for|redeliver-|labels-)/;
    const others = Object.entries(skipped).filter(([id]) => !whole.test(ruleOf(id)));
    expect(Object.fromEntries(others)).toEqual({});
  });
});
