import { providerSuite, registerSuite } from "@backref/testing";
import type { Deployment } from "@backref/testing/jira";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

const noAppScope = "the provider has no `webhooks.appScopeOf`";
const noCapabilitiesFor = "the provider has no `capabilitiesFor`";
const noRedeliver = "the provider has no `webhooks.redeliver`";
// Jira makes labels by itself; how they travel is tested in labels.test.ts.
const noLabelsGroup = "the provider has no group `labels`";
const noLabels = "the provider declares no labels";

/** What Jira does not have, as the provider declares. */
const lacks: Readonly<Record<string, string>> = {
  "provider/app-scope": noAppScope,
  "provider/app-scope-delivery": noAppScope,
  "provider/app-scope-proof": noAppScope,
  "provider/app-scope-sites": noAppScope,
  "provider/capabilities-for": noCapabilitiesFor,
  "provider/capabilities-for-poll-scope": noCapabilitiesFor,
  "provider/create-idempotent": "the provider declares no `idempotentCreate`",
  "provider/create-existed": "the provider declares no `idempotentCreate`",
  "provider/create-labels": noLabels,
  "provider/create-labels-refused": noLabels,
  "provider/find-created-copies": 'people do not copy the marker place "property"',
  "provider/labels-kept": noLabelsGroup,
  "provider/labels-made": noLabelsGroup,
  "provider/labels-none": noLabelsGroup,
  "provider/labels-refused": noLabelsGroup,
  "provider/only-container": "the provider has no `onlyContainer`",
  "provider/priority-webhook": "the provider declares no full `webhookPayload`",
  "provider/redeliver-elsewhere": noRedeliver,
  "provider/redeliver-missed": noRedeliver,
  "provider/redeliver-since": noRedeliver,
  "provider/redeliver-taken": noRedeliver,
  "provider/snapshot-labels": noLabels,
  "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
  "provider/update-labels": noLabels,
  "provider/update-labels-again": noLabels,
  "provider/update-labels-of-others": noLabels,
  "provider/update-labels-refused": noLabels,
  "provider/update-state-active": "the provider tells `active` apart",
  "provider/webhook-labels": noLabels,
};

const signInRules = [
  "entered",
  "exchange",
  "exchange-once",
  "exchange-refused",
  "no-secrets",
  "refresh",
  "refresh-limited",
  "refresh-lost",
  "refresh-refused",
  "refresh-server",
  "url",
  "url-secrets",
  "url-state",
];
/** A provider that was given no application at Atlassian. */
const noSignIn = Object.fromEntries(
  signInRules.map((rule) => [`provider/authorization-${rule}`, "the provider has no group `authorization`"]),
);

const deployments: readonly Deployment[] = ["cloud", "data-center"];

describe.each(deployments)("%s", (deployment) => {
  const skipped: Record<string, string> = {};
  const suite = providerSuite({ create: () => createUnderTest(deployment), tracker: trackerOf });

  registerSuite(suite, { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what Jira does not have is skipped", () => {
    expect(skipped).toEqual({ ...lacks, ...(deployment === "cloud" ? {} : noSignIn) });
  });
});
