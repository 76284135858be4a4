import fc from "fast-check";
import { expect, test } from "vitest";
import { quote, searchWords } from "../src/jql.ts";

test("no value leaves its quotes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('a" OR project = "B', "\\", '\\"')), (text) => {
      const quoted = quote(text);
      expect(quoted).toMatch(/^"(?:[^"\\]|\\["\\])*"$/);
      const inside = quoted.slice(1, -1).replace(/\\(["\\])/g, "$1");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
      expect(inside).toBe(text.replace(/[\u0000-\u001f\u007f]/g, " "));
    }),
  );
});

test("words for a search hold no operator of its language", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      // An asterisk of ours at the end: somebody may still be typing the last word.
      expect(searchWords(text) ?? "x").toMatch(/^[\p{L}\p{N}_ ]+\*?$/u);
    }),
  );
  expect(searchWords(" -- ")).toBe(null);
  expect(searchWords("Zebra OR cros")).toBe("zebra or cros*");
  expect(searchWords("zebr*")).toBe("zebr");
});
