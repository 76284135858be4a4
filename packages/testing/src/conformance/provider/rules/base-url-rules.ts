import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { given, type ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { describeThrown } from "../failures.ts";

/** Addresses of nobody's, in the form in which core hands them over. */
const strangers: readonly string[] = [
  "https://tracker.example",
  "https://www.tracker.example",
  "https://api.tracker.example",
  "https://tracker.example/some/path",
  "https://tracker.example/api",
  "https://tracker.example:8443",
  "https://xn--bcher-kva.example/a%20b",
  "https://203.0.113.7",
  "http://127.0.0.1:4000",
  "http://[::1]:3000/tracker",
  "http://tracker",
];

function normalise({ provider }: ProviderContext, baseUrl: string): string {
  try {
    return provider.normaliseBaseUrl?.(baseUrl) ?? baseUrl;
  } catch (error) {
    assert.fail(`normaliseBaseUrl("${baseUrl}") threw ${describeThrown(error)}`);
  }
}

function assertBaseUrl(text: string, what: string): void {
  assert.ok(URL.canParse(text), `${what} is no absolute URL`);
  const { protocol, username, password, search, hash, pathname, origin } = new URL(text);
  assert.match(protocol, /^https?:$/, `${what}: protocol`);
  assert.equal(username + password + search + hash, "", `${what}: credentials, query and fragment`);
  assert.equal(text, `${origin}${pathname.replace(/\/+$/, "")}`, `${what}: its plain form`);
}

export const baseUrlRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/provider.ts, Provider.normaliseBaseUrl",
  {
    unless: ({ provider }) =>
      provider.normaliseBaseUrl === undefined ? "the provider has no `normaliseBaseUrl`" : null,
  },
  [
    [
      "base-url-kept",
      "A base URL that is right already stays as it is: the one under test, and the one in the description.",
      async (context) => {
        const { defaultBaseUrl } = context.provider.describe();
        for (const baseUrl of [context.underTest.baseUrl, ...(defaultBaseUrl === null ? [] : [defaultBaseUrl])]) {
          assert.equal(normalise(context, baseUrl), baseUrl, `normaliseBaseUrl("${baseUrl}")`);
        }
      },
    ],
    [
      "base-url-typed",
      "Other addresses that people know the site by lead to its base URL.",
      async (context) => {
        const variants = given(context, "baseUrlVariants");
        assert.ok(variants.length > 0, "`baseUrlVariants` is empty");
        for (const typed of variants) {
          assert.equal(normalise(context, typed), context.underTest.baseUrl, `normaliseBaseUrl("${typed}")`);
        }
      },
    ],
    [
      "base-url-stranger",
      "Any address gives a base URL that is final, on the same host or below it, and no less secret: credentials go there.",
      async (context) => {
        for (const address of strangers) {
          const baseUrl = normalise(context, address);
          const what = `normaliseBaseUrl("${address}"), which is "${baseUrl}",`;
          assertBaseUrl(baseUrl, what);
          assert.equal(normalise(context, baseUrl), baseUrl, `${what} once more`);
          const [before, after] = [new URL(address), new URL(baseUrl)];
          const isNear = after.hostname === before.hostname || after.hostname.endsWith(`.${before.hostname}`);
          assert.ok(isNear, `${what} is at another host`);
          assert.ok(after.protocol === before.protocol || after.protocol === "https:", `${what} is less secret`);
        }
      },
    ],
  ],
);
