import fc from "fast-check";
import { expect, test } from "vitest";
import type { UrlTemplateOptions } from "../src/index.ts";
import { presets, provider, siteWith } from "./support.ts";

/** Values as a pattern of one repeated class describes them. */
const values = ["A-Z", "a-z0-9", "0-9", "A-Za-z_.-", "a-z/", "-:0-9", "\\wäöü%&=?#+ -"] as const;
const separators = ["", "-", "/", ".", ":", "#", "::", "-x", "a"] as const;

interface Written {
  readonly options: UrlTemplateOptions;
  readonly container: string;
  readonly item: string;
}

const templates = fc.oneof(
  fc.constantFrom("/{key}", "/a/{key}/", "/{container}/{item}", "/?c={container}&i={item}", "/x#/{container}/y/{item}"),
  fc
    .tuple(fc.constantFrom(...separators), fc.constantFrom("/", "/b/", "/?q=", "/b#"))
    .map(([separator, before]) => `${before}{container}${separator}{item}`),
);

/** Options of two parts, right or not, and an issue that fits their pattern. */
const written: fc.Arbitrary<Written> = fc
  .record({
    container: fc.constantFrom(...values),
    item: fc.constantFrom(...values),
    separator: fc.constantFrom(...separators),
    issueUrlTemplate: templates,
    keyCase: fc.constantFrom("as-is", "upper", "lower"),
  })
  .chain(({ container, item, separator, issueUrlTemplate, keyCase }) => {
    const literal = separator.replaceAll(".", "\\.");
    const keyPattern = `(?<container>[${container}]{1,12})${literal}(?<item>[${item}]{1,12})`;
    const text = (characters: string) => fc.stringMatching(new RegExp(`^[${characters}]{1,12}$`));
    return fc.record({
      options: fc.constant({
        issueUrlTemplate,
        createUrlTemplate: null,
        keyPattern,
        keyCase,
        hostAliases: [],
      } as const),
      container: text(container),
      item: text(item),
    });
  });

const inCase = (text: string, { keyCase }: UrlTemplateOptions) =>
  ({ "as-is": text, upper: text.replace(/[a-z]/g, (letter) => letter.toUpperCase()), lower: text.toLowerCase() })[
    keyCase
  ];

/** Outer space, and segments that browsers take out of a path, stand in no key. */
const canStand = (text: string) => text === text.trim() && text.split("/").every((segment) => !/^\.*$/.test(segment));

test("whatever the options, a URL and a key of an issue lead back to it", () => {
  let tried = 0;
  fc.assert(
    fc.property(written, ({ options, container, item }) => {
      const isRight = provider.describe().options.parse(options).ok;
      if (!isRight || !canStand(container) || !canStand(item)) return;
      tried += 1;
      const site = siteWith(options);
      const issue = { container: inCase(container, options), item: inCase(item, options) };
      const { url, displayKey, canonicalKey } = provider.formatIssue(issue, site);
      expect(provider.parseIssue(url, site)).toEqual(issue);
      expect(provider.parseIssue(displayKey, site)).toEqual(issue);
      expect(provider.formatIssue({ container, item }, site)).toEqual({
        url,
        displayKey,
        canonicalKey,
      });
      for (const pasted of [`${url}&x=1`, ` ${url} `, url.replace("https:", "HTTP:")]) {
        if (pasted.includes("#") || !url.includes("?")) continue;
        expect(provider.parseIssue(pasted, site)).toEqual(issue);
      }
    }),
    { numRuns: 500 },
  );
  expect(tried).toBeGreaterThan(100);
});

test("no text makes it throw, and what it reads it writes and reads again", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.tuple(fc.constantFrom(...presets), fc.string({ unit: "binary" })).map(([{ url }, more]) => url + more),
    fc
      .tuple(fc.constantFrom(...presets), fc.nat(60), fc.string())
      .map(([{ url }, at, text]) => url.slice(0, at) + text),
    fc.tuple(fc.constantFrom(...presets), fc.string()).map(([{ key }, text]) => text + key),
  );
  const anything = {
    issueUrlTemplate: "/{item}/x?c={container}",
    keyPattern: "(?<container>[^!]+)!(?<item>[\\x00-\\x{10FFFF}]+)",
  };
  const sites = [...presets.map(({ options }) => options), anything].map((options) => siteWith(options));
  fc.assert(
    fc.property(anyText, fc.constantFrom(...sites), (text, site) => {
      const read = provider.parseIssue(text, site);
      if (read === null) return;
      const issue = { container: read.container ?? presetContainer(site.options), item: read.item };
      expect(provider.parseIssue(provider.formatIssue(issue, site).url, site)).toEqual(issue);
    }),
    { numRuns: 5_000 },
  );
});

test("options are refused in words or taken, and never make it throw", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "(",
      ")",
      "(?:",
      "(?<item>",
      "(?<container>",
      "[",
      "]",
      "^",
      "-",
      "?",
      "*",
      "+",
      "{2}",
      "\\",
      "a",
      "0-9",
      ".",
      "|",
      "$",
      "/",
    ),
    { maxLength: 12 },
  );
  const anyPattern = fc.oneof(
    fc.string(),
    pieces.map((list) => list.join("")),
  );
  const anyTemplate = fc.oneof(
    fc.string().map((text) => `/${text}{item}`),
    fc.string().map((text) => `https://${text}/{key}`),
    fc.constant("/{key}"),
  );
  fc.assert(
    fc.property(anyPattern, anyTemplate, fc.string({ unit: "binary" }), (keyPattern, issueUrlTemplate, text) => {
      const parsed = provider.describe().options.parse({ keyPattern, issueUrlTemplate });
      if (!parsed.ok) {
        for (const { message } of parsed.issues) expect(message).toMatch(/\S/);
        return;
      }
      const site = siteWith(parsed.value);
      provider.parseIssue(text, site);
      const { url } = provider.formatIssue({ container: text, item: text }, site);
      const host = issueUrlTemplate.startsWith("/") ? "tracker.example" : new URL(issueUrlTemplate).host;
      expect(new URL(url)).toMatchObject({ protocol: "https:", host, username: "", password: "" });
    }),
    { numRuns: 1_000 },
  );
});

function presetContainer({ issueUrlTemplate }: UrlTemplateOptions): string {
  return presets.find(({ options }) => options.issueUrlTemplate === issueUrlTemplate)?.container ?? "x";
}
