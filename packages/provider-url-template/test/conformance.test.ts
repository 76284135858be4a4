import { providerSuite, runSuite } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createUrlTemplateProvider } from "../src/index.ts";
import { baseUrl, presets } from "./support.ts";

describe.each(presets)("$name", ({ options, container, item, key, url }) => {
  test("passes the suite for providers, and skips only what needs an API", async () => {
    const results = await runSuite(
      providerSuite({
        create: async () => ({
          provider: createUrlTemplateProvider(),
          baseUrl,
          auth: null,
          options,
          container,
          item,
          missingItem: item.replace("12", "99"),
          ...(container === "tracker" ? {} : { otherContainer: container.replace(/PROJ|acme/, "OTHER") }),
          keyVariants: [` ${key}\n`, url.replace("https", "http")],
        }),
      }),
    );
    expect(results.flatMap((result) => (result.status === "failed" ? [result.error.message] : []))).toEqual([]);
    expect(results.filter(({ status }) => status === "passed").length).toBeGreaterThan(15);
    const needsNoApi = /^the provider (has no `\w+`$|has no group|has no remote operation|declares no labels)/;
    const reasons = results.flatMap((result) => (result.status === "skipped" ? [result.reason] : []));
    expect(reasons.filter((reason) => !needsNoApi.test(reason))).toEqual([]);
  });
});
