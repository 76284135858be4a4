import fc from "fast-check";
import { expect, test } from "vitest";
import { rewriteMarkdown } from "../../src/linear/rewrite-markdown.ts";

test.each([
  ["- a\n- [x] b", "* a\n* [X] b"],
  ["see https://e.example/a.", "see <https://e.example/a>."],
  ["[a](https://e.example) [b]", "[a](<https://e.example>) \\[b\\]"],
  ["# Steps\nfirst", "# Steps\n\nfirst"],
  ["<!-- mark -->\n---\ntext", "## <!-- mark -->\n\ntext"],
  ["<!-- mark -->\n\n---\n\ntext", "<!-- mark -->\n\n---\n\ntext"],
  ["```\n- a [b]\n```\n- c", "```\n- a [b]\n```\n* c"],
  ["`[a]` and \\[b\\]\n\n\n\nend", "`[a]` and \\[b\\]\n\nend"],
])("%j is written as %j", (text, written) => expect(rewriteMarkdown(text)).toBe(written));

test("what is written in this form stays as it is", () => {
  const pieces = [
    "- ",
    "* ",
    "# ",
    "[x] ",
    "[",
    "]",
    "](",
    ")",
    "https://e.example/a",
    "<",
    ">",
    "`",
    "\n",
    "\n\n",
    "---",
  ];
  const text = fc.array(fc.constantFrom(...pieces, "word", " ", "\\", "<!-- m -->"), { maxLength: 14 });
  fc.assert(
    fc.property(text, (parts) => {
      const once = rewriteMarkdown(parts.join(""));
      expect(rewriteMarkdown(once)).toBe(once);
    }),
  );
});
