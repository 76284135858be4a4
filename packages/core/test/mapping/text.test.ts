import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../src/mapping/canonical-text.ts";
import { composeBlock, composeComment, joinBody, tokensIn, userPartOf } from "../../src/mapping/managed-block.ts";
import { resolveCapabilities } from "../../src/provider/resolved-capabilities.ts";

const token = `br-${"a".repeat(26)}`;
const rules = resolveCapabilities({ mentions: true, references: { prefixes: ["#"] } });
const block = composeBlock({ token, defectId: "D-1", defectUrl: "https://tests.example.com/defects/D-1", rules });
const text = fc.string({ unit: "binary", maxLength: 400 });
const lines = fc
  .array(fc.constantFrom("", "a", "  b ", "```", "---", "<!-- x -->", "@lena", "\r"))
  .map((parts) => parts.join("\n"));

describe("text on its way out and back", () => {
  test("the user's part survives the block, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(text, lines), (body) => {
        const user = canonicalText(body);
        expect(canonicalText(userPartOf(joinBody(user, block), token))).toBe(
          user.trimEnd() === "" ? canonicalText(user.trimEnd()) : canonicalText(user),
        );
      }),
    );
  });

  test("whatever people write, with pieces of our markers in it, comes back, and going out again adds nothing", () => {
    const pieces = fc
      .array(
        fc.oneof(
          text,
          fc.constantFrom(`<!-- backref:${token}`, ` -->`, `<!-- /backref:${token} -->`, "\n", "<b>", "```"),
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(pieces, pieces, (body, authorName) => {
        const user = userPartOf(canonicalText(body), token);
        for (const out of [joinBody(user, block), composeComment({ token, authorName, body: user, rules })]) {
          const back = userPartOf(out, token);
          expect(back.trim()).toBe(user.trim());
          expect(userPartOf(back, token).trim()).toBe(back.trim());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("an end without a beginning, which anybody can put above, hides no block", () => {
    const end = `<!-- /backref:${token} -->`;
    expect(userPartOf(`${end} text\n\n${block}`, token)).toBe(`${end} text`);
    expect(userPartOf(`${end}${end} a ${end}\n\n${block}\n\n${block}`, token)).toBe(`${end}${end} a ${end}`);
  });

  test("canonical text is a fixed point and ignores line ends", () => {
    fc.assert(
      fc.property(fc.oneof(text, lines), (body) => {
        const once = canonicalText(body);
        expect(canonicalText(once)).toBe(once);
        expect(canonicalText(once.replaceAll("\n", "\r\n"))).toBe(once);
      }),
    );
  });

  test("text added by people above, below and on both sides of the block is kept", () => {
    expect(userPartOf(`before\n\n${block}\n\nafter`, token)).toBe("before\n\nafter");
    expect(userPartOf(`${block}\nafter`, token)).toBe("after");
    expect(userPartOf(block, token)).toBe("");
  });

  test("only a well-formed own block is cut off", () => {
    const other = composeBlock({ token: `br-${"b".repeat(26)}`, defectId: "D-2", defectUrl: null, rules });
    expect(userPartOf(`text\n\n${other}`, token)).toContain("D-2");
    const torn = block.replace(`<!-- /backref:${token} -->`, "");
    expect(userPartOf(`text\n\n${torn}`, token)).toBe(`text\n\n${torn}`);
    expect(userPartOf(`a\n\n${block}\n\nb\n\n${block}`, token)).toBe("a\n\nb");
  });

  test("a hostile id or author cannot break out of the block", () => {
    const hostile = composeBlock({
      token,
      defectId: "](javascript:x) <!-- -->\n# h",
      defectUrl: "https://e.example/> <b>",
      rules,
    });
    expect(hostile.split("\n")).toHaveLength(4);
    expect(userPartOf(joinBody("user", hostile), token)).toBe("user");
    const comment = composeComment({ token, authorName: "**Ann**\n<b>", body: "hello", rules });
    expect(userPartOf(comment, token)).toBe("hello");
    expect(comment).toContain("\\*\\*Ann\\*\\* \\<b\\>");
  });

  test("names in what Backref adds notify nobody and leave no note; its link stays as it is", () => {
    expect(composeComment({ token, authorName: "@lena fixes #12", body: "", rules })).toContain(
      "**@\u200blena fixes #\u200b12** wrote:",
    );
    expect(composeBlock({ token, defectId: "#12", defectUrl: null, rules })).toContain("Linked defect: #\u200b12\n");
    const defectUrl = "https://tests.example.com/@web/defects#12";
    expect(composeBlock({ token, defectId: "#12", defectUrl, rules })).toContain(`[#12](<${defectUrl}>)`);
  });

  test("tokens are found once each, and nothing else is taken for one", () => {
    expect(tokensIn(`${block} ${block} <!-- backref:br-short --> br-${"c".repeat(26)}`)).toEqual([token]);
  });
});
