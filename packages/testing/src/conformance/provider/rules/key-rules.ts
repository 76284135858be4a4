import assert from "node:assert/strict";
import type { IssueLocation } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";

const garbage: readonly string[] = [
  "",
  " ",
  "\t\n",
  "#",
  "#0",
  "-",
  "/",
  "://",
  "http://",
  "https://%",
  "https://[",
  "%",
  "%E0%A4%A",
  "\u0000",
  "💥",
  "null",
  "undefined",
  "javascript:alert(1)",
  "data:text/plain,12",
  "file:///etc/passwd",
  "two words, and a comma",
  "../../etc/passwd#1",
  "9".repeat(400),
  "a/".repeat(5_000),
  `#${"1".repeat(100_000)}`,
];

/** What comes along when people mark and copy; core takes it off before it asks again. */
const surroundings: readonly ((text: string) => string)[] = [
  (text) => `${text}.`,
  (text) => `${text},`,
  (text) => `${text}:`,
  (text) => `(${text})`,
  (text) => `[${text}]`,
  (text) => `<${text}>`,
  (text) => `"${text}"`,
  (text) => `“${text}”`,
  (text) => `\`${text}\``,
  (text) => `[It breaks](${text})`,
  (text) => `${text} It breaks`,
  (text) => `${text}: It breaks`,
  (text) => `${text}\nIt breaks`,
  (text) => `It breaks ${text}`,
  (text) => `${text} ${text}`,
];

function sampleLocation({ container, underTest }: ProviderContext): { container: string; item: string } {
  return { container, item: underTest.item ?? "12" };
}

function formatSample(context: ProviderContext) {
  return context.provider.formatIssue(sampleLocation(context), context.site);
}

function assertLocation(context: ProviderContext, text: string, expected: IssueLocation): void {
  const parsed = context.provider.parseIssue(text, context.site);
  const shown = `parseIssue(${JSON.stringify(text)})`;
  assert.ok(parsed !== null, `${shown} is null, expected ${JSON.stringify(expected)}`);
  // Where items tell issues apart in the whole source, nothing has to name the container.
  const isLeftOut = context.capabilities.itemScope === "source" && parsed.container === null;
  const wanted = isLeftOut ? { ...expected, container: null } : expected;
  assert.deepEqual({ ...parsed }, wanted, `${shown} is ${JSON.stringify(parsed)}, not ${JSON.stringify(wanted)}`);
}

/** The canonical key that a text leads to, the container filled in where it names none. */
function canonicalKeyOf(context: ProviderContext, text: string): string {
  const parsed = context.provider.parseIssue(text, context.site);
  assert.ok(parsed !== null, `parseIssue(${JSON.stringify(text)}) is null, expected an issue`);
  const location = { container: parsed.container ?? context.container, item: parsed.item };
  return context.provider.formatIssue(location, context.site).canonicalKey;
}

export const keyRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/provider.ts, Provider.parseIssue and Provider.formatIssue",
  {},
  [
    [
      "keys-round-trip",
      "The URL that formatIssue gives parses to the same location, and the display key to the same item.",
      async (context) => {
        const location = sampleLocation(context);
        const { url, displayKey, canonicalKey } = formatSample(context);
        assert.ok(/^https?:$/.test(new URL(url).protocol), `${url} is no web address`);
        assert.ok(displayKey !== "" && canonicalKey !== "", "keys are not empty");
        assertLocation(context, url, location);
        const parsed = context.provider.parseIssue(displayKey, context.site);
        assert.equal(parsed?.item, location.item, `parseIssue("${displayKey}") finds item ${parsed?.item}`);
        assert.ok(
          parsed?.container === null || parsed?.container === location.container,
          `parseIssue("${displayKey}") finds container ${parsed?.container}`,
        );
      },
    ],
    [
      "keys-pasted",
      "URLs are understood as people paste them: with query, fragment, trailing slash, surrounding space.",
      async (context) => {
        const { url } = formatSample(context);
        const pasted = [`${url}?tab=all&x=%20`, `${url}#comment-7`, `${url}?a=b#c`, ` ${url}\n`, `\t${url}`];
        if (new URL(url).search === "") pasted.push(`${url}/`);
        for (const text of pasted.filter((candidate) => isCleanPaste(candidate, url))) {
          assertLocation(context, text, sampleLocation(context));
        }
      },
    ],
    [
      "keys-canonical",
      "However an issue is written, its canonical key is the same.",
      async (context) => {
        const { url, displayKey, canonicalKey } = formatSample(context);
        const upperHost = url.replace(/^(https?:\/\/)([^/]+)/, (_, scheme, host) => scheme + host.toUpperCase());
        for (const text of [url, displayKey, upperHost, ...(context.underTest.keyVariants ?? [])]) {
          assert.equal(canonicalKeyOf(context, text), canonicalKey, `the canonical key of "${text}"`);
        }
      },
    ],
    [
      "keys-surroundings",
      "What stands around a key or URL is never taken for a part of it: the answer is null, or that very issue.",
      async (context) => {
        const { url, displayKey } = formatSample(context);
        const { container, item } = sampleLocation(context);
        for (const text of [url, displayKey].flatMap((key) => surroundings.map((around) => around(key)))) {
          const parsed = context.provider.parseIssue(text, context.site);
          const isSound = parsed === null || (parsed.item === item && (parsed.container ?? container) === container);
          assert.ok(isSound, `parseIssue(${JSON.stringify(text)}) is ${JSON.stringify(parsed)}, expected null`);
        }
      },
    ],
    [
      "keys-distinct",
      "Different issues have different canonical keys and URLs.",
      async (context) => {
        const first = formatSample(context);
        const others = [
          { ...sampleLocation(context), item: context.underTest.missingItem ?? "999999" },
          ...(context.underTest.otherContainer === undefined
            ? []
            : [{ ...sampleLocation(context), container: context.underTest.otherContainer }]),
        ];
        for (const location of others) {
          const other = context.provider.formatIssue(location, context.site);
          assert.notEqual(other.canonicalKey, first.canonicalKey, `canonical key of ${JSON.stringify(location)}`);
          const isNamedAlone =
            context.capabilities.itemScope === "source" && location.item === sampleLocation(context).item;
          if (!isNamedAlone) assert.notEqual(other.url, first.url, `URL of ${JSON.stringify(location)}`);
        }
      },
    ],
    [
      "keys-other-host",
      "A URL of another host is null, also where that host dresses up as ours.",
      async (context) => {
        const { url } = formatSample(context);
        const { host, pathname, search } = new URL(url);
        const foreign = [
          `https://elsewhere.example${pathname}${search}`,
          `https://${host}.elsewhere.example${pathname}${search}`,
          `https://${host}@elsewhere.example${pathname}${search}`,
          `https://elsewhere.example/${host}${pathname}${search}`,
          `https://elsewhere.example/?u=${encodeURIComponent(url)}`,
        ];
        for (const text of foreign) {
          const parsed = context.provider.parseIssue(text, context.site);
          assert.equal(parsed, null, `parseIssue("${text}") is ${JSON.stringify(parsed)}, expected null`);
        }
      },
    ],
    [
      "keys-garbage",
      "What is not a key is null, or at worst a location; parseIssue never throws.",
      async (context) => {
        for (const text of garbage) {
          const shown = JSON.stringify(text.slice(0, 40));
          let parsed: IssueLocation | null;
          try {
            parsed = context.provider.parseIssue(text, context.site);
          } catch (error) {
            assert.fail(`parseIssue(${shown}) threw ${String(error)}`);
          }
          if (text.trim() === "") assert.equal(parsed, null, `parseIssue(${shown}) is ${JSON.stringify(parsed)}`);
          assert.ok(parsed === null || parsed.item.trim() !== "", `parseIssue(${shown}) has an empty item`);
        }
      },
    ],
  ],
);

/** A query of our own means nothing to a URL that keeps the issue in its query. */
function isCleanPaste(text: string, url: string): boolean {
  return new URL(url).search === "" || !text.trim().slice(url.length).startsWith("?");
}
