import { createGitHubProvider } from "@backref/provider-github";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neutraliseText, restoreText, type TextRules } from "../../src/mapping/neutral-text.ts";
import { resolveCapabilities } from "../../src/provider/resolved-capabilities.ts";
import { codeIn, noticesIn } from "../support/github-reading.ts";

const rules = resolveCapabilities(createGitHubProvider().capabilities);
const none: TextRules = resolveCapabilities({});
const out = (text: string) => neutraliseText(text, rules);
const back = (text: string) => restoreText(text, rules);
const shown = (text: string) => out(text).replaceAll("\u200b", "¦");

/** Pieces of Markdown that come apart, or together, in surprising ways. */
const pieces = [
  ...["@lena", "@org/team", "#12", "GH-12", "gh-7", "acme/web#12", "user#3", "fixes #12", "a@b.example", "C#7"],
  ...["https://github.com/acme/web/issues/12", "https://github.com/a/b/pull/1#x", "https://e.example/@lena#12"],
  ...["<https://github.com/a/b/discussions/3>", "[x](https://github.com/a/b/issues/1)", "http://a_b.c_d/@lena"],
  ...["&#64;lena", "&commat;lena", "&#35;12", "#&#49;", "@&#117;", "&#39;", "\\@lena", "\\#12", "GH\\-12"],
  ...["`", "``", "```", "~~~", "````", "\\`", "\n", "\n", "\n\n", "\n    ", "\n  ", "\n\n    ", "\t", " ", "  "],
  ...["- ", "\n- ", "\n1. ", "\n> ", "> ", "\n# ", "\n```\n", "\n```ts\n", "\n  ```\n", "\n   ~~~\n", "\n    ```\n"],
  ...["<b>", "</b>", '<a title="`">', "<a title='", "<!-- ", " -->", "<div>", "\n<div>\n", "\n</div>\n", "<pre>", "<"],
  ...["| a | b |\n|---|---|\n| ", " | ", "|", "\n[^1]: ", "[^1]", "*", "**", "_", "~", "~~", "[", "](", ")", "](#12)"],
  ...["word", "x", ".", ",", "'", '"', "\\", "$", "---", "\n---\n", "\n[a]: /u '", "\u00a0", "\u2028", "\r\n", "é"],
];
const markdown = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(""));
const anyText = fc.oneof(markdown, fc.string({ unit: "binary", maxLength: 200 }));
const runs = { numRuns: 2_000 };

describe("text on its way out", () => {
  test.each([
    ["@lena, mail a@b.example and @org/team", "@¦lena, mail a@b.example and @¦org/team"],
    ["fixes #12, closes GH-12 and resolves acme/web#12", "fixes #¦12, closes GH-¦12 and resolves acme/web#¦12"],
    ["Duplicate of #7; see user#3 and gh-1", "Duplicate of #¦7; see user#¦3 and gh-¦1"],
    ["it&#39;s &#64;lena, &#35;12 and GH\\-12", "it&#39;s &#64;¦lena, &#35;¦12 and GH\\-¦12"],
    ["C# 12, # Heading, #tag, GH-x, HIGH-12, 5 @ 3", "C# 12, # Heading, #tag, GH-x, HIGH-12, 5 @ 3"],
    ["commit 16c9a3f and acme/web@16c9a3f", "commit 16c9a3f and acme/web@16c9a3f"],
  ])("%s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test("addresses of issues lead there without leaving a note; others stay whole", () => {
    const quiet = "https://redirect.github.com/acme/web";
    expect(out("see https://github.com/acme/web/issues/12#issuecomment-3.")).toBe(
      `see ${quiet}/issues/12#issuecomment-3.`,
    );
    expect(out("[it](https://github.com/acme/web/pull/3) <https://github.com/acme/web/discussions/4>")).toBe(
      `[it](${quiet}/pull/3) <${quiet}/discussions/4>`,
    );
    for (const address of [
      "https://github.com/acme/web/actions/runs/123",
      "https://github.com/acme/web/commit/16c9a3f",
      "https://tests.example.com/runs#12",
      "https://medium.example/@lena/post",
      "https://ghe.example.com/acme/web/issues/12",
    ])
      expect(out(address)).toBe(address);
  });

  test("what looks like an address ends where markup may begin", () => {
    expect(shown("(https://e.example/a)@lena **https://e.example/b**#12 _https://e.example/c_@lena")).toBe(
      "(https://e.example/a)@¦lena **https://e.example/b**#¦12 _https://e.example/c_@¦lena",
    );
    expect(out("https://e.example/a_b(c)_d#12")).toBe("https://e.example/a_b(c)_d#12");
  });

  test("code stays as it is", () => {
    for (const text of [
      "Use `@Override` and ``a ` #12`` here",
      "```java\n@Override\n// fixes #12\n```",
      "~~~\n@lena\n~~~",
      "Text\n```\n@lena\n\n#12",
      "1. Step\n\n   ```\n   @Test\n\n   #12\n   ```\n\n   `@x`",
      "Failed:\n\n    at @scope/package #12\n\n    at GH-1",
      "| `@a` | `#12` |\n|---|---|\n| 1 | 2 |",
      "Press <kbd>x</kbd> `@a`, a < b `#12`, <https://e.example> `GH-12`",
    ])
      expect(out(text)).toBe(text);
    expect(shown("`@a` @b\n```\n@c\n```\n@d")).toBe("`@a` @¦b\n```\n@c\n```\n@¦d");
  });

  test.each([
    ["a backtick without its pair", "a ` b\nc ` @lena `"],
    ["an escaped one", "\\`@lena`"],
    ["one in a tag", "<a title='`'> @lena `"],
    ["a cell that ends", "| a ` | @lena ` |\n|---|---|"],
    ["HTML, in which nothing is Markdown", "<div>\n`@lena`\n```\n@lena\n```"],
    ["a fence that ends with its list item", "- a\n  ```\n  code\n- @lena\n  ```"],
    ["a fence in a quote", "> ```\n> code\n\n@lena\n```\n```"],
    ["the paragraph of a list item, four spaces in", "- a\n\n    @lena"],
    ["a longer fence", "````\n```\n````\n@lena"],
  ])("nothing is taken for code because of %s", (_, text) => {
    expect(shown(text)).toContain("@¦lena");
  });

  test("no parser finds anyone to notify or anything to leave a note at", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(noticesIn(out(text))).toEqual([]);
      }),
      runs,
    );
  });

  test("and where the parser found no one before, the code in it is still the same", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(codeIn(out(text)).map(back)).toEqual(codeIn(text).map(back));
      }),
      runs,
    );
  });
});

describe("keys of letters and a number", () => {
  const keyed: TextRules = resolveCapabilities({ references: { keys: true } });
  const parted = (text: string) => neutraliseText(text, keyed).replaceAll("\u200b", "¦");

  test.each([
    ["see ENG-12, eng-7 and (ENG-12).", "see ENG-¦12, eng-¦7 and (ENG-¦12)."],
    ["branch max/eng-12-total and ENG\\-12", "branch max/eng-¦12-total and ENG\\-¦12"],
    [
      "`ENG-12` and https://linear.app/acme/issue/ENG-12/total",
      "`ENG-12` and https://linear.app/acme/issue/ENG-12/total",
    ],
    ["2026-11-22, ENG-x, ENG - 12, E2E-tests, ENG-12abc", "2026-11-22, ENG-x, ENG - 12, E2E-tests, ENG-12abc"],
    ["session c0ffee00-1234-4999-a6c8-b8f54445e926 failed", "session c0ffee00-1234-4999-a6c8-b8f54445e926 failed"],
  ])("%s", (text, expected) => {
    expect(parted(text)).toBe(expected);
    expect(restoreText(neutraliseText(text, keyed), keyed)).toBe(text);
  });

  test("come back as they were written, and parting them twice is as once", () => {
    const withKeys = fc.array(fc.constantFrom(...pieces, "ENG-12", "a-1", "-", "7", "ENG-"), { maxLength: 14 });
    fc.assert(
      fc.property(withKeys, (parts) => {
        const text = parts.join("");
        const once = neutraliseText(text, keyed);
        expect(restoreText(once, keyed)).toBe(text);
        expect(neutraliseText(once, keyed)).toBe(once);
      }),
      runs,
    );
  });
});

describe("and back", () => {
  test("it reads as it was written", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!text.includes("\u200b") && !/redirect\.github\.com|www\.github\.com/i.test(text));
        expect(back(out(text))).toBe(text);
      }),
      runs,
    );
  });

  test("twice is as once, both ways", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(out(out(text))).toBe(out(text));
        expect(back(out(text))).toBe(back(text));
      }),
      runs,
    );
  });

  test("a tracker without such things gets the text as it is", () => {
    const text = "@lena fixes #12 https://github.com/acme/web/issues/12";
    expect(neutraliseText(text, none)).toBe(text);
    expect(restoreText("@\u200blena", none)).toBe("@\u200blena");
    expect(neutraliseText(text, { ...none, mentions: true })).toBe(text.replace("@", "@\u200b"));
  });

  test("the longest text a tracker takes is no trouble", () => {
    for (const part of ["`", "@a ", "```\n", "<a ", "https://e.example/(", "#1`", "- ```\n", "  ```\n", "_@a*"]) {
      const startedAt = performance.now();
      const text = part.repeat(Math.floor(65_536 / part.length));
      expect(back(out(text))).toBe(text);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });
});
