import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownToTextile, textileToMarkdown } from "../../src/textile/convert.ts";

const pairs: readonly (readonly [markdown: string, textile: string])[] = [
  ["Plain text, 5 * 3 = 15, a_b_c and 1-2-3.", "Plain text, 5 * 3 = 15, a_b_c and 1-2-3."],
  ["# Head\n\n## Second", "h1. Head\n\nh2. Second"],
  ["Some **bold**, *slanted* and ~~old~~ words", "Some *bold*, _slanted_ and -old- words"],
  ["Seen on **build 7**: `a < b`", "Seen on *build 7*: @a < b@"],
  ["- one\n  - inner\n- two", "* one\n** inner\n* two"],
  ["* one\n* two", "*  one\n*  two"],
  ["1. first\n2. second", "# first\n# second"],
  ["> quoted **text**", "> quoted *text*"],
  ["[The defect](https://host.example/d/1)", '"The defect":https://host.example/d/1'],
  ["Linked: [d-1](<https://host.example/d/1>)", 'Linked: "d-1 ":https://host.example/d/1'],
  ["![shot](https://host.example/a.png)", "!https://host.example/a.png(shot)!"],
  ['```js\nconst a = "*b*";\n```', '<pre><code class="js">\nconst a = "*b*";\n</code></pre>'],
  ["```\n<b>\n```\nafter", "<pre>\n<b>\n</pre>\nafter"],
  ["| a | b |\n| --- | --- |\n| 1 | **2** |", "|_. a |_. b |\n| 1 | *2* |"],
  [
    "<!-- backref:br-1 -->\n---\ntext\n<!-- /backref:br-1 -->",
    "<!-- backref:br-1 -->\n---\ntext\n<!-- /backref:br-1 -->",
  ],
  ["half**bold**word", "<notextile>half**bold**word</notextile>"],
  ["1. one\n1. one", "<notextile>1. one</notextile>\n<notextile>1. one</notextile>"],
];

describe("Textile", () => {
  test.each(pairs)("%j", (markdown, textile) => {
    expect(markdownToTextile(markdown)).toBe(textile);
    expect(textileToMarkdown(textile)).toBe(markdown);
  });

  test("what people write in Textile is read, and what Markdown has no form for stays", () => {
    expect(textileToMarkdown("bq. Said _he_\r\n\r\n+under+ %{color:red}red% see #12")).toBe(
      "> Said *he*\n\n+under+ %{color:red}red% see #12",
    );
    expect(textileToMarkdown("2*3*4 and `x`")).toBe("2\\*3\\*4 and \\`x\\`");
  });

  test("parts that read as before stay as people wrote them", () => {
    const original = "%{color:red}red%\n\nbq. Said he\n\nh1. Old";
    const changed = textileToMarkdown(original).replace("Old", "New");
    expect(markdownToTextile(changed, original)).toBe("%{color:red}red%\n\nbq. Said he\n\nh1. New");
  });

  const piece = fc.constantFrom(
    ...'*_~`@-+^%"!|#>[](){}<>/\\:. \n1ab'.split(""),
    ...[
      "**",
      "```",
      "\n\n",
      "- ",
      "1. ",
      "h1. ",
      "bq. ",
      "<pre>",
      "</pre>",
      "<notextile>",
      "https://a.example/b",
      "| a |",
    ],
  );
  const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(""));

  test("any Markdown comes back as it was sent", () => {
    const isFree = (markdown: string) => !/<\/?(?:notextile|pre|code)/.test(markdown);
    fc.assert(
      fc.property(text.filter(isFree), (markdown) => {
        expect(textileToMarkdown(markdownToTextile(markdown))).toBe(markdown);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  test("any Textile that is read and written back reads the same", () => {
    fc.assert(
      fc.property(text, (textile) => {
        const markdown = textileToMarkdown(textile);
        expect(textileToMarkdown(markdownToTextile(markdown, textile))).toBe(markdown);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
