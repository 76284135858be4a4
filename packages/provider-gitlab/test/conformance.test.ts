import { providerSuite, registerSuite } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createUnderTest, trackerOf } from "./under-test.ts";

const noAppScope = "the provider has no `webhooks.appScopeOf`";
const noRedeliver = "the provider has no `webhooks.redeliver`";
const noRequiredFields = "the provider declares no `requiredFields`";
const noPriorityField = "the provider declares no priority field";

const rulesOf = (prefix: string, names: string, reason: string) =>
  Object.fromEntries(names.split(" ").map((name) => [`provider/${prefix}-${name}`, reason]));

/** What GitLab does not have, as the provider declares. */
const lacks: Readonly<Record<string, string>> = {
  "provider/app-scope": noAppScope,
  ...rulesOf("app-scope", "delivery proof sites", noAppScope),
  "provider/create-existed": "the provider declares no `idempotentCreate`",
  "provider/create-idempotent": "the provider declares no `idempotentCreate`",
  "provider/create-probe": "the provider has no `create.probe`",
  ...rulesOf("form-required", "given refused shown", noRequiredFields),
  "provider/only-container": "the provider has no `onlyContainer`",
  ...rulesOf("priority", "changes create create-unknown read update update-unknown webhook", noPriorityField),
  ...rulesOf("redeliver", "elsewhere missed since taken", noRedeliver),
  "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
};

describe.each(["https://gitlab.com", "https://host.example/gitlab"])("%s", (siteUrl) => {
  const skipped: Record<string, string> = {};
  const suite = providerSuite({ create: async () => createUnderTest(siteUrl), tracker: trackerOf });

  registerSuite(suite, { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what GitLab does not have is skipped", () => {
    expect(skipped).toEqual(lacks);
  });
});
