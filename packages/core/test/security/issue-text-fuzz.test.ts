import { createGitHubProvider } from "@backref/provider-github";
import { createUrlTemplateProvider, type UrlTemplateOptions } from "@backref/provider-url-template";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { IssueLocation } from "../../src/domain/issue-snapshot.ts";
import { findIssueInText } from "../../src/services/references/issue-text.ts";

/** Of a busy machine; elsewhere each takes a few seconds. */
vi.setConfig({ testTimeout: 300_000 });

const numRuns = Number(process.env["BACKREF_FUZZ_RUNS"] ?? 10_000);
const github = createGitHubProvider();
const urlTemplate = createUrlTemplateProvider();

function templateOptions(options: Partial<UrlTemplateOptions>): UrlTemplateOptions | null {
  const parsed = urlTemplate.describe().options.parse(options);
  return parsed.ok ? parsed.value : null;
}

const jiraLike = templateOptions({
  issueUrlTemplate: "/browse/{key}",
  keyPattern: "(?<container>[A-Z][A-Z0-9_]*)-(?<item>[0-9]+)",
  keyCase: "upper",
});

interface Reader {
  readonly name: string;
  readonly host: string;
  parse(text: string): IssueLocation | null;
  urlOf(location: { readonly container: string; readonly item: string }): string;
}

const githubSite = { baseUrl: "https://api.github.com", options: { webUrl: null, priorityField: null } };
const jiraSite = { baseUrl: "https://tracker.example.com", options: jiraLike as UrlTemplateOptions };
const readers: readonly Reader[] = [
  {
    name: "github",
    host: "github.com",
    parse: (text) => github.parseIssue(text, githubSite),
    urlOf: (location) => github.formatIssue(location, githubSite).url,
  },
  {
    name: "url-template",
    host: "tracker.example.com",
    parse: (text) => urlTemplate.parseIssue(text, jiraSite),
    urlOf: (location) => urlTemplate.formatIssue(location, jiraSite).url,
  },
];

const atoms = [
  "https://",
  "HTTP://",
  "//",
  "github.com",
  "tracker.example.com",
  "evil.example.com",
  "@",
  ":",
  "/",
  "\\",
]
  .concat([
    "acme",
    "web",
    "issues",
    "pull",
    "browse",
    "ABC-1",
    "#12",
    "GH-12",
    "acme/web#12",
    "12",
    "-1",
    "0",
    "..",
    ".",
  ])
  .concat(["%2e%2e", "%2f", "%00", "%", "?issue=acme|web|12", "?", "#", "(", ")", "[", "](", "<", ">", " ", "\n", "\t"])
  .concat(["\0", "\u200b", "\u202e", "\ud800", "é", "“", "javascript:", "[::1]", "127.0.0.1", "x".repeat(300)]);
const text = fc.oneof(
  fc.array(fc.constantFrom(...atoms), { maxLength: 12 }).map((parts) => parts.join("")),
  fc
    .array(fc.oneof(fc.constantFrom(...atoms), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 8 })
    .map((parts) => parts.join("")),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

test.each(readers)("$name: whatever is pasted, it is an issue of this tracker or none", ({ host, parse, urlOf }) => {
  let count = 0;
  fc.assert(
    fc.property(text, (pasted) => {
      const found = findIssueInText(pasted, { parse, keyOf: (location) => JSON.stringify(location) });
      const direct = parse(pasted);
      for (const location of [direct, found.kind === "one" ? found.location : null]) {
        if (location === null) continue;
        count += 1;
        const { container, item } = location;
        expect(item).not.toBe("");
        const url = new URL(urlOf({ container: container ?? "acme/web", item }));
        expect([url.protocol, url.host, url.username]).toEqual(["https:", host, ""]);
      }
    }),
    { numRuns },
  );
  expect(count).toBeGreaterThan(numRuns / 200);
});

const templateAtoms = [
  "/",
  "{item}",
  "{key}",
  "{container}",
  "{title}",
  "{",
  "}",
  "{}",
  "{x}",
  "https://",
  "evil.example.com",
].concat(["?", "&", "=", "#", "a", "..", "//", "\\", "@", ":", "%", "%2f", " ", "é", "\n", "javascript:"]);
const patternAtoms = [
  "(?<item>",
  "(?<container>",
  "(",
  ")",
  "[0-9]",
  "[A-Z]",
  "+",
  "*",
  "{2}",
  "{1,1000}",
  "|",
  "\\d",
  "\\",
  "^",
  "$",
  "-",
  ".",
  "a",
];
const joined = (parts: readonly string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((list) => list.join(""));
const anyOptions = fc.record({
  issueUrlTemplate: fc.oneof(joined(templateAtoms), fc.constant("/issues/{item}")),
  createUrlTemplate: fc.oneof(fc.constant(null), joined(templateAtoms)),
  keyPattern: fc.oneof(fc.constant("(?<item>[^/]+)"), joined(patternAtoms)),
});

test("URL templates: options are refused in words, or give addresses of the host they name, whatever the values", () => {
  let count = 0;
  fc.assert(
    fc.property(anyOptions, fc.string({ unit: "binary", maxLength: 20 }), joined(atoms), (given, container, item) => {
      const options = templateOptions(given);
      if (options === null) return;
      count += 1;
      const site = { baseUrl: "https://tracker.example.com", options };
      const { host } = new URL(new URL(options.issueUrlTemplate.replaceAll(/[{}]/g, ""), site.baseUrl).href);
      const { url } = urlTemplate.formatIssue({ container: container || "c", item: item || "1" }, site);
      expect(new URL(url).host).toBe(host);
      expect(["https:", "http:"]).toContain(new URL(url).protocol);
      urlTemplate.parseIssue(item, site);
      urlTemplate.createUrl?.({ container: container || "c", title: item, description: container }, site);
    }),
    { numRuns },
  );
  expect(count).toBeGreaterThan(numRuns / 100);
});
