import { expect, test } from "vitest";
import { canonicalText, canonicalTitle } from "../../src/mapping/canonical-text.ts";
import { tokensIn, userPartOf } from "../../src/mapping/managed-block.ts";
import { splitCode } from "../../src/mapping/markdown-code.ts";
import { neutraliseText, restoreText, type TextRules } from "../../src/mapping/neutral-text.ts";
import { sameWords } from "../../src/mapping/same-words.ts";
import { redactSecrets } from "../../src/security/redact.ts";
import { fingerprintOf } from "../../src/services/defects/fingerprint.ts";

/** A text that some tracker or user may send, far longer than any accepts. Quadratic work on it takes most of a minute. */
const length = 200_000;
/** Of a busy machine; what is linear takes a few milliseconds. */
const longestMs = 5_000;

const rules: TextRules = {
  mentions: true,
  references: {
    prefixes: ["#", "&", "GH-"],
    named: ["issue", "work_item"],
    keys: true,
    urls: { host: "github.com", quietHost: "redirect.github.com", kinds: ["issues", "pull", "discussions"] },
  },
  quickActions: true,
};
const token = `br-${"a".repeat(26)}`;

const readers: { readonly [name: string]: (text: string) => unknown } = {
  canonicalText,
  canonicalTitle,
  sameWords: (text) => sameWords(`a ${text}`, `b ${text}`),
  neutraliseText: (text) => neutraliseText(`@max #1 ${text}`, rules),
  restoreText: (text) => restoreText(`\u200b${text}`, rules),
  splitCode,
  userPartOf: (text) => userPartOf(text, token),
  tokensIn,
  redactSecrets,
  fingerprintOf: (text) => fingerprintOf({ caseId: "TC-7", title: text, details: text }),
};

const pieces = [
  "\n",
  " ",
  "a-",
  "a.",
  "ghs_1_",
  "eyJaaaaaaaa-",
  "@a.",
  "&#0",
  "\\[work\\_",
  "`",
  "` `` ",
  "~~~ x\n",
  " ```\n",
  "<!--",
  "<a b='",
  "[^",
  "> - ",
  "https://a_",
  "http://a(",
  "a://",
  "password ",
  `<!-- backref:${token} -->`,
];

const texts = pieces.flatMap((piece) => {
  const many = piece.repeat(Math.ceil(length / piece.length));
  return [`${many}x`, `x${many}!`, `> ${many}\` @a #1`];
});

test.each(Object.entries(readers))("%s takes linear time, whatever it reads", (_name, read) => {
  const slow = texts.filter((text) => {
    const start = performance.now();
    read(text);
    return performance.now() - start > longestMs;
  });
  expect(slow.map((text) => JSON.stringify(text.slice(0, 20)))).toEqual([]);
});
