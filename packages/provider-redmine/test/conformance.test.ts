import { providerSuite, registerSuite } from "@backref/testing";
import { missingRedmine } from "backref-redmine-server";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

const rulesOf = (prefix: string, names: string, reason: string) =>
  Object.fromEntries(names.split(" ").map((name) => [`provider/${prefix}-${name}`, reason]));

const noSignIn = "the provider has no group `authorization`";
const noWebhooks = "the provider has no group `webhooks`";
const noLabels = "the provider declares no labels";
const noLabelsGroup = "the provider has no group `labels`";
const noRequiredFields = "the provider declares no `requiredFields`";

/** What Redmine does not have, as the provider declares. */
const lacks: Readonly<Record<string, string>> = {
  "provider/app-scope": noWebhooks,
  ...rulesOf("app-scope", "delivery proof sites", noWebhooks),
  ...rulesOf("authorization", "entered exchange exchange-once exchange-refused no-secrets refresh", noSignIn),
  ...rulesOf("authorization", "refresh-limited refresh-lost refresh-refused refresh-server", noSignIn),
  ...rulesOf("authorization", "url url-secrets url-state", noSignIn),
  ...rulesOf("create", "existed idempotent", "the provider declares no `idempotentCreate`"),
  ...rulesOf("create", "labels labels-refused", noLabels),
  "provider/create-probe": "the provider has no `create.probe`",
  ...rulesOf("form-required", "given refused shown", noRequiredFields),
  ...rulesOf("labels", "kept made none refused", noLabelsGroup),
  "provider/only-container": "the provider has no `onlyContainer`",
  "provider/priority-webhook": noWebhooks,
  ...rulesOf("redeliver", "elsewhere missed since taken", noWebhooks),
  "provider/snapshot-labels": noLabels,
  "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
  ...rulesOf("update", "labels labels-again labels-of-others labels-refused", noLabels),
  ...rulesOf("webhook", "comment deleted genuine issue labels malformed redelivery tampered", noWebhooks),
  ...rulesOf("webhook", "unreadable unregister unrelated unsigned wrong-secret", noWebhooks),
};

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
    expect(skipped).toEqual(lacks);
  });
});
