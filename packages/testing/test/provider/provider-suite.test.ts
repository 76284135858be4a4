import type { Provider } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import {
  type ProviderContext,
  type ProviderTracker,
  type ProviderUnderTest,
  providerSuite,
  runSuite,
  type Suite,
} from "../../src/index.ts";
import { createGiteaDriver, createGiteaUnderTest, type GiteaKind, type GiteaUnderTest } from "./gitea/driver.ts";
import { createGiteaProvider } from "./gitea/provider.ts";
import { createToyProvider } from "./toy-provider.ts";
import { wrongFailures } from "./wrong-failures.ts";
import { wrongFiles } from "./wrong-files.ts";
import { wrongLookups } from "./wrong-lookups.ts";
import { wrongReads } from "./wrong-reads.ts";
import { wrongResults } from "./wrong-results.ts";
import { wrongSignIns } from "./wrong-sign-ins.ts";
import { wrongSources } from "./wrong-sources.ts";
import { wrongWrites } from "./wrong-writes.ts";

function giteaSuite(
  provider: Provider,
  tracker: (underTest: GiteaUnderTest) => ProviderTracker = createGiteaDriver,
  kind?: GiteaKind,
): Suite<ProviderContext> {
  return providerSuite({ create: async () => createGiteaUnderTest(provider, kind), tracker });
}

async function resultsOf(suite: Suite<ProviderContext>) {
  const results = await runSuite(suite);
  return {
    errors: results.flatMap((result) => (result.status === "failed" ? [result.error] : [])),
    failed: results.flatMap((result) => (result.status === "failed" ? [result.error.ruleId] : [])),
    reasons: new Map(
      results.flatMap((result) => (result.status === "skipped" ? [[result.ruleId, result.reason]] : [])),
    ),
    passed: results.filter((result) => result.status === "passed").map(({ ruleId }) => ruleId),
  };
}

const toy: ProviderUnderTest = {
  provider: createToyProvider(),
  baseUrl: "https://toy.example/tracker",
  container: "WEB",
  keyVariants: ["web-12", "https://toy.example/tracker/browse/web-12"],
};

/** What the Gitea here has for no source. */
const neverThere = {
  "provider/read-moved": "there is no other container",
  "provider/search-containers": "there is no other container",
  "provider/find-created-moved": "there is no other container",
  "provider/only-container": "the provider has no `onlyContainer`",
  "provider/create-idempotent": "the provider declares no `idempotentCreate`",
  "provider/create-existed": "the provider declares no `idempotentCreate`",
  "provider/create-probe": "the provider has no `create.probe`",
  "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
  "provider/webhook-unregister": "the provider does not register hooks",
};
const noField = "the provider declares no priority field";
const noApp = "the credential under test belongs to no app, as `webhooks.appScopeOf` says";

describe("providerSuite", () => {
  test("a Gitea-shaped provider passes; what it skips, it declares", async () => {
    const { errors, reasons } = await resultsOf(giteaSuite(createGiteaProvider()));
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(Object.fromEntries(reasons)).toEqual({
      ...neverThere,
      "provider/priority-read": noField,
      "provider/priority-changes": noField,
      "provider/priority-webhook": noField,
      "provider/priority-create": noField,
      "provider/priority-create-unknown": noField,
      "provider/priority-update": noField,
      "provider/priority-update-unknown": noField,
      "provider/app-scope-sites": noApp,
      "provider/app-scope-delivery": noApp,
      "provider/app-scope-proof": noApp,
    });
  });

  test("it passes as well for a source with an app's credential and a field for priorities", async () => {
    const { errors, reasons } = await resultsOf(giteaSuite(createGiteaProvider(), createGiteaDriver, "app"));
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(Object.fromEntries(reasons)).toEqual(neverThere);
  });

  test("a links-only provider passes what is required of all, without a tracker", async () => {
    const { errors, reasons, passed } = await resultsOf(providerSuite({ create: async () => toy }));
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(passed).toHaveLength(20);
    for (const reason of reasons.values()) expect(reason).toMatch(/^the provider has no /);
  });

  test("rule ids are unique, say where they belong, and name documents that exist", () => {
    const { rules } = giteaSuite(createGiteaProvider());
    const ids = rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^provider\/[a-z-]+$/.test(id))).toEqual([]);
    expect(rules.filter((rule) => !rule.documentedAt.startsWith("core/"))).toEqual([]);
  });

  test("a failure names the rule, what was expected, and where it is documented", async () => {
    const provider: Provider = { ...createToyProvider(), id: "Toy Tracker" };
    const { errors } = await resultsOf(providerSuite({ create: async () => ({ ...toy, provider }) }));
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^provider\/id: The id is lower case .*\n {2}the id is Toy Tracker\n {2}documented at core\/provider\/provider\.ts/s,
      ),
    ]);
  });

  test("an ability that the driver lacks fails the rules that need it, unless the provider lacks the group", async () => {
    const withoutDelete = (underTest: GiteaUnderTest): ProviderTracker => {
      const { deleteIssue: _, ...driver } = createGiteaDriver(underTest);
      return driver;
    };
    const sound = createGiteaProvider();
    const { errors } = await resultsOf(giteaSuite(sound, withoutDelete));
    expect(errors.map(({ ruleId }) => ruleId)).toEqual(["provider/read-deleted", "provider/webhook-deleted"]);
    for (const { message } of errors) expect(message).toContain("the tracker's driver lacks `deleteIssue`");
    const { read: _, ...unreadable } = sound;
    expect((await resultsOf(giteaSuite(unreadable, withoutDelete))).failed).toEqual([]);
  });

  test("what optional members call for is missed in words", async () => {
    const sound = createGiteaProvider();
    const withoutRedelivery = (underTest: GiteaUnderTest): ProviderTracker => {
      const { setPriority: _, ...driver } = createGiteaDriver(underTest);
      const { redelivery: __, ...webhooks } = driver.webhooks ?? expect.unreachable();
      return { ...driver, webhooks };
    };
    const { errors } = await resultsOf(giteaSuite(sound, withoutRedelivery, "app"));
    const lacks = (name: string) => `the tracker's driver lacks \`${name}\`, `;
    const messageOf = (id: string) => errors.find(({ ruleId }) => ruleId === `provider/${id}`)?.message;
    expect(messageOf("redeliver-missed")).toContain(lacks("webhooks.redelivery"));
    expect(messageOf("priority-read")).toContain(lacks("setPriority"));
    const create = async () => {
      const { baseUrlVariants: _, priorities: __, ...underTest } = createGiteaUnderTest(sound, "app");
      return underTest;
    };
    const { errors: ungiven } = await resultsOf(providerSuite({ create, tracker: createGiteaDriver }));
    expect(ungiven.map(({ ruleId, message }) => [ruleId, /`create` gave no `(\w+)`/.exec(message)?.[1]])).toEqual([
      ["provider/base-url-typed", "baseUrlVariants"],
      ...["read", "changes", "webhook", "create", "update", "update-unknown"].map((id) => [
        `provider/priority-${id}`,
        "priorities",
      ]),
    ]);
  });

  test("a provider that talks to a tracker needs a driver", async () => {
    const suite = providerSuite({ create: async () => createGiteaUnderTest(createGiteaProvider()) });
    const { errors } = await resultsOf(suite);
    expect(errors.find(({ ruleId }) => ruleId === "provider/read-order")?.message).toContain("given no `tracker`");
  });

  for (const { mistake, caughtBy, kind, wrap } of [
    ...wrongWrites,
    ...wrongReads,
    ...wrongFailures,
    ...wrongResults,
    ...wrongLookups,
    ...wrongFiles,
    ...wrongSignIns,
    ...wrongSources,
  ]) {
    test(`a provider that ${mistake} breaks ${caughtBy}`, async () => {
      const suite = giteaSuite(wrap(createGiteaProvider()), createGiteaDriver, kind);
      const { failed } = await resultsOf(suite);
      expect(failed).toContain(`provider/${caughtBy}`);
      // A mistake that broke everything would say nothing about the rule.
      expect(failed.length).toBeLessThan(suite.rules.length / 4);
    });
  }
});
