import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findIssueInText } from "../../src/services/references/issue-text.ts";
import { createToyProvider } from "../support/toy-provider.ts";

const toy = createToyProvider();
const site = { baseUrl: "https://toy.example", options: {} };
const find = (text: string) =>
  findIssueInText(text, {
    parse: (part) => toy.parseIssue(part, site),
    keyOf: ({ container, item }) => toy.formatIssue({ container: container ?? "blue", item }, site).canonicalKey,
  });
const inBlue = { kind: "one", location: { container: "blue", item: "12" } };
const url = "https://toy.example/blue/12";

describe("a text names one issue", () => {
  test.each([
    ["a key", "blue#12"],
    ["a key in brackets", "[blue#12]"],
    ["a key in parentheses", "(blue#12)"],
    ["a key in quotes", '"blue#12"'],
    ["a key in curly quotes", "“blue#12”"],
    ["a key in angle brackets", "<blue#12>"],
    ["a key in backticks", "`blue#12`"],
    ["a key in bold", "**blue#12**"],
    ["a key at the end of a sentence", "blue#12."],
    ["a key with its title", "blue#12: It breaks"],
    ["a key in brackets with its title", "[blue#12] It breaks, again"],
    ["a key, a dash and its title", "blue#12 – It breaks"],
    ["a key and a number", "blue#12 breaks 3 times"],
    ["a key twice", "blue#12 (was Blue#12)"],
    ["a key as the page lists it", "#12 opened yesterday"],
    ["a URL", url],
    ["a URL with a query", `${url}?tab=all`],
    ["a URL with a fragment", `${url}#comment-7`],
    ["a URL with a trailing slash", `${url}/`],
    ["a URL with an upper-case host", "HTTPS://TOY.example/blue/12"],
    ["a URL of the other scheme", "http://toy.example/blue/12#top"],
    ["a URL of the other scheme in a sentence", "(see http://toy.example/blue/12)."],
    ["a URL without a scheme", "toy.example/blue/12/"],
    ["a URL without a scheme, with its title", "<toy.example/blue/12> It breaks"],
    ["a URL in angle brackets", `<${url}>`],
    ["a URL in quotes", `"${url}"`],
    ["a URL in single quotes", `'${url}'`],
    ["a URL in curly quotes", `“${url}”`],
    ["a URL in guillemets", `«${url}»`],
    ["a URL in parentheses", `(${url})`],
    ["a URL at the end of a sentence", `${url}.`],
    ["a URL before a comma", `${url}, please`],
    ["a URL with its title", `${url} It breaks`],
    ["a title with its URL", `It breaks: ${url}`],
    ["a URL on a line of its own", `It breaks\n${url}\nAnn`],
    ["a link in Markdown", `[It breaks](${url})`],
    ["a link in Markdown with a title", `[blue#12](${url} "It breaks").`],
    ["a link in Markdown whose text is its URL", `[${url}](${url})`],
    ["a link of Slack's", `<${url}|blue#12>`],
    ["a link of Jira's", `[It breaks|${url}]`],
    ["a link in HTML", `<a href="${url}">blue#12</a>`],
    ["a link in Textile", `"It breaks":${url}`],
    ["a URL with another one about something else", `${url} (see https://docs.example/blue/13)`],
    ["a URL with marks that nobody sees", `\u200B${url}\u200E\u00A0`],
  ])("%s", (_name, text) => {
    const found = find(text);
    const location = found.kind === "one" ? { ...found.location, container: found.location.container ?? "blue" } : null;
    expect({ ...found, location: { ...location, container: location?.container.toLowerCase() } }).toEqual(inBlue);
  });

  test("a URL is read as it is before anything is taken for punctuation", () => {
    const parse = (text: string) => (text === "https://x.example/(a)." ? { container: null, item: "a" } : null);
    expect(findIssueInText(" https://x.example/(a). ", { parse, keyOf: ({ item }) => item })).toMatchObject({
      kind: "one",
    });
  });

  test("brackets that belong to a URL stay", () => {
    const seen: string[] = [];
    const parse = (text: string) => {
      seen.push(text);
      return null;
    };
    findIssueInText("(see https://x.example/a_(b)).", { parse, keyOf: ({ item }) => item });
    expect(seen.filter((text) => text.startsWith("https:"))).toEqual(["https://x.example/a_(b)"]);
  });
});

describe("a text names none", () => {
  test.each([
    "",
    "   ",
    "It breaks",
    "12 reasons",
    "see blue#12",
    "https://elsewhere.example/blue/12",
    "blue#12 https://elsewhere.example/blue/12",
    "http://",
    "()",
    "\u200B",
  ])("%j", (text) => {
    expect(find(text)).toEqual({ kind: "none" });
  });
});

describe("a text names several", () => {
  test.each([
    ["blue#12, blue#13", ["blue#12", "blue#13"]],
    ["blue#12 and red#12", ["blue#12", "red#12"]],
    [`${url} https://toy.example/blue/13`, [url, "https://toy.example/blue/13"]],
    [`[${url}](https://toy.example/blue/13)`, [url, "https://toy.example/blue/13"]],
  ])("%s", (text, texts) => {
    expect(find(text)).toEqual({ kind: "several", texts });
  });
});

test("whatever stands around a URL, it is that issue or none; and nothing makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (before, after) => {
      const found = find(`${before} ${url} ${after}`);
      return found.kind === "one"
        ? found.location.item === "12"
        : found.kind === "none" || /:\/\//.test(before + after);
    }),
  );
});

test.each([
  ["brackets", `https://x.example/${")".repeat(3_900)}`],
  ["brackets and dots", `https://x.example/${").".repeat(1_900)}`],
  ["brackets around nothing", `${"(".repeat(1_900)}x${")".repeat(1_900)}`],
  ["dots", "a.".repeat(2_000)],
])("a text of nothing but %s takes no longer than others", (_name, text) => {
  const startedAt = performance.now();
  for (let repeat = 0; repeat < 50; repeat += 1) expect(find(text)).toEqual({ kind: "none" });
  expect(performance.now() - startedAt).toBeLessThan(300);
});
