import assert from "node:assert/strict";
import type { IssueDraft } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { describeThrown } from "../failures.ts";

const oddTexts: readonly string[] = [
  "",
  "50 % & more? #1 / a\\b",
  "\u0000\r\n\t",
  "💥 \ud800",
  "@evil.example/",
  "{title}{container}",
  "x".repeat(100_000),
];

function pageOf({ provider, container, site }: ProviderContext, draft: Omit<IssueDraft, "container"> = {}): URL | null {
  let url: string | null;
  try {
    url = provider.createUrl?.({ container, ...draft }, site) ?? null;
  } catch (error) {
    assert.fail(`createUrl(${JSON.stringify(draft).slice(0, 80)}) threw ${describeThrown(error)}`);
  }
  if (url === null) return null;
  assert.ok(URL.canParse(url), `createUrl gave "${url.slice(0, 200)}", which is no absolute URL`);
  return new URL(url);
}

export const createUrlRules: readonly Rule<ProviderContext>[] = [
  ...defineRules(
    "core/provider/provider.ts, Provider.createUrl",
    { unless: ({ provider }) => (provider.createUrl === undefined ? "the provider has no `createUrl`" : null) },
    [
      [
        "create-url",
        "The page for a new issue is an absolute http or https address without credentials, or there is none.",
        async (context) => {
          const page = pageOf(context);
          if (page === null) return;
          assert.match(page.protocol, /^https?:$/, "createUrl: protocol");
          assert.equal(page.username + page.password, "", "createUrl: credentials");
        },
      ],
      [
        "create-url-draft",
        "Whatever a title or description says, it leads to the same page; what does not fit is left out.",
        async (context) => {
          const plain = pageOf(context);
          for (const text of oddTexts) {
            for (const draft of [{ title: text }, { description: text }, { title: text, description: text }]) {
              const page = pageOf(context, draft);
              assert.equal(page?.origin, plain?.origin, `createUrl(${JSON.stringify(draft).slice(0, 80)}): origin`);
              assert.equal(page?.pathname, plain?.pathname, `createUrl(${JSON.stringify(draft).slice(0, 80)}): path`);
            }
          }
        },
      ],
    ],
  ),
  ...defineRules(
    "core/provider/provider.ts, Provider.onlyContainer",
    { unless: ({ provider }) => (provider.onlyContainer === undefined ? "the provider has no `onlyContainer`" : null) },
    [
      [
        "only-container",
        "The only container is written as the provider writes it, or there is none.",
        async ({ provider, site }) => {
          const only = provider.onlyContainer?.(site) ?? null;
          if (only === null) return;
          assert.deepEqual(provider.describe().container.parse(only), { ok: true, value: only }, "container form");
        },
      ],
    ],
  ),
];
