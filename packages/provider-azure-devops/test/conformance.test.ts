import { providerSuite, registerSuite } from "@backref/testing";
import type { Deployment } from "@backref/testing/azure-devops";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

// Tags are made by using them; how they travel is tested in tags.test.ts.
const noLabels = "the provider declares no labels";

/** What Azure DevOps does not have, as the provider declares. */
const lacks: Readonly<Record<string, string>> = {
  "provider/create-existed": "the provider declares no `idempotentCreate`",
  "provider/create-idempotent": "the provider declares no `idempotentCreate`",
  "provider/create-labels": noLabels,
  "provider/create-labels-refused": noLabels,
  "provider/create-probe": "the provider has no `create.probe`",
  "provider/find-created-copies": 'people do not copy the marker place "remote-link"',
  "provider/only-container": "the provider has no `onlyContainer`",
  "provider/priority-webhook": "the provider declares no full `webhookPayload`",
  "provider/snapshot-labels": noLabels,
  "provider/update-labels": noLabels,
  "provider/update-labels-again": noLabels,
  "provider/update-labels-of-others": noLabels,
  "provider/update-labels-refused": noLabels,
  "provider/update-state-active": "the provider tells `active` apart",
  "provider/webhook-labels": noLabels,
  "provider/webhook-tampered": "the provider declares that deliveries bring a secret along",
};

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
    expect(Object.fromEntries(others)).toEqual(lacks);
  });
});
