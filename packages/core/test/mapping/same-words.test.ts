import fc from "fast-check";
import { expect, test } from "vitest";
import { sameWords } from "../../src/mapping/same-words.ts";

test.each([
  ["- one\n- two", "* one\n* two"],
  ["1. one\n1. two", "1. one\n2. two"],
  ["- [x] done [P0]", "* [X] done \\[P0\\]"],
  ["1. total [x]", "1. total \\[x\\]"],
  ["https://e.example/a", "<https://e.example/a>"],
  ["https://e.example/a", "[https://e.example/a](<https://e.example/a>)"],
  ["run.sh", "[run.sh](<http://run.sh>)"],
  ["a & b", "a &amp; b"],
  ["Head\n---\ntext", "## Head\n\ntext"],
])("%j is %j in other marks", (a, b) => expect([sameWords(a, b), sameWords(b, a)]).toEqual([true, true]));

test.each([
  ["one two", "two one"],
  ["one", "One"],
  ["", "one"],
  ["!", "?"],
  ["[help](https://e.example/a)", "[help](https://e.example/b)"],
  ["total 30", "total 29"],
  ["🙂", ""],
  ["total [x]", "total"],
])("%j is not %j", (a, b) => expect([sameWords(a, b), sameWords(b, a)]).toEqual([false, false]));

test("a text is itself, with any marks between its words", () => {
  const words = fc.array(fc.stringMatching(/^[\p{L}]{1,6}$/u), { minLength: 1, maxLength: 6 });
  const marks = fc.constantFrom(" ", "\n", " **", "*\n", "\n- ", "\n\n> ", " `", " \\[");
  fc.assert(
    fc.property(words, marks, marks, (parts, a, b) => {
      expect(sameWords(parts.join(a), parts.join(b))).toBe(true);
    }),
  );
});
