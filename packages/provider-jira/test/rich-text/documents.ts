import fc from "fast-check";
import type { AdfNode } from "../../src/rich-text/adf.ts";

/** Characters and pieces that mean something in Markdown, in wiki markup or in both, among ordinary words. */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("total", "is", "wrong", "Größe", "日本語", "a", "x1", "don't", "🎉") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ..."* ** _ __ ` `` ~ ~~ # - + 1. > | \\ [ ] ( ) ! < & { } ^ : = \" '".split(" "),
      "snake_case",
      "2*3*4",
      "<b>",
      "&amp;",
      "[x]",
      "h1. title",
      "{code}",
      "bq. no",
      "!",
      "@someone",
      "https://example.com/a?b=c&d=e#f",
      "C:\\temp",
    ),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/[\r\n]/.test(text)) },
);

const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));

const inline: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: line },
  { weight: 1, arbitrary: line.map((text) => `**${text}**`) },
  { weight: 1, arbitrary: line.map((text) => `*${text}*`) },
  { weight: 1, arbitrary: line.map((text) => `~~${text}~~`) },
  { weight: 1, arbitrary: line.map((text) => `\`${text}\``) },
  { weight: 1, arbitrary: line.map((text) => `[${text}](https://example.com/x_y "t")`) },
  { weight: 1, arbitrary: line.map((text) => `***${text}* tail**`) },
  { weight: 1, arbitrary: line.map((text) => `<u>${text}</u> <sub>i</sub>`) },
  { weight: 1, arbitrary: line.map((text) => `![${text}](https://example.com/p.png)`) },
);

const text = fc.array(inline, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const lines = fc
  .array(text, { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.constantFrom("\n", "  \n", "\\\n").map((separator) => parts.join(separator)));

function indent(block: string, by: string): string {
  return block
    .split("\n")
    .map((row, index) => (index === 0 || row === "" ? row : by + row))
    .join("\n");
}

const leaf: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: lines },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 6 }), text).map(([level, title]) => `${"#".repeat(level)} ${title}`),
  },
  { weight: 1, arbitrary: lines.map((code) => `\`\`\`\`\`ts\n${code}\n\`\`\`\`\``) },
  { weight: 1, arbitrary: lines.map((code) => `    ${code.replaceAll("\n", "\n    ")}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("---", "***", "<!-- note -->", "<div>\nhtml\n</div>", "![p](https://example.com/p.png)"),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(text, text), { minLength: 1, maxLength: 3 })
      .map((rows) =>
        ["| a | b |", "| --- | :-: |", ...rows.map(([first, second]) => `| ${first} | ${second} |`)].join("\n"),
      ),
  },
);

const block: fc.Arbitrary<string> = fc.letrec<{ block: string }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    { weight: 1, arbitrary: tie("block").map((inner) => `> ${inner.replaceAll("\n", "\n> ")}`) },
    { weight: 1, arbitrary: tie("block").map((inner) => `> [!WARNING]\n> ${inner.replaceAll("\n", "\n> ")}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom("- ", "* ", "1. ", "7) "),
          fc.array(fc.array(tie("block"), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
        )
        .map(([marker, items]) =>
          items.map((blocks) => marker + indent(blocks.join("\n\n"), " ".repeat(marker.length))).join("\n"),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(fc.boolean(), text), { minLength: 1, maxLength: 3 })
        .map((items) => items.map(([done, task]) => `- [${done ? "x" : " "}] ${task}`).join("\n")),
    },
  ),
})).block;

/** Whole documents of Markdown, as tidy and as untidy as people write them. */
export const markdownDocument: fc.Arbitrary<string> = fc
  .array(block, { maxLength: 4 })
  .map((blocks) => blocks.join("\n\n"));

const adfText: fc.Arbitrary<AdfNode> = fc
  .tuple(
    fc
      .array(fc.oneof(word, fc.constantFrom(" ", "  ")), { minLength: 1, maxLength: 4 })
      .map((words) => words.join(" ")),
    fc.subarray(["strong", "em", "strike", "underline"] as const),
    fc.option(fc.constantFrom("#ff0000", "#00ff00")),
    fc.boolean(),
  )
  .map(([value, marks, colour, isLinked]) => {
    const all = [
      ...(isLinked ? [{ type: "link", attrs: { href: "https://example.com/" } }] : []),
      ...marks.map((type) => ({ type })),
      ...(colour === null ? [] : [{ type: "textColor", attrs: { color: colour } }]),
    ];
    return { type: "text", text: value, ...(all.length > 0 && { marks: all }) };
  });

const adfInline: fc.Arbitrary<AdfNode> = fc.oneof(
  { weight: 6, arbitrary: adfText },
  { weight: 1, arbitrary: line.map((value): AdfNode => ({ type: "text", text: value, marks: [{ type: "code" }] })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<AdfNode>(
      { type: "hardBreak" },
      { type: "mention", attrs: { id: "5b10", text: "@Ann" } },
      { type: "emoji", attrs: { shortName: ":smile:", text: "😄" } },
      { type: "date", attrs: { timestamp: "1732838400000" } },
      { type: "status", attrs: { text: "BLOCKED", color: "red" } },
      { type: "inlineCard", attrs: { url: "https://example.com/card" } },
    ),
  },
);

const adfParagraph = fc.array(adfInline, { maxLength: 5 }).map((content): AdfNode => ({ type: "paragraph", content }));

const adfBlock: fc.Arbitrary<AdfNode> = fc.letrec<{ block: AdfNode; item: AdfNode }>((tie) => ({
  item: fc.tuple(adfParagraph, fc.option(tie("block"))).map(
    ([first, second]): AdfNode => ({
      type: "listItem",
      content:
        second === null || !["bulletList", "orderedList", "codeBlock"].includes(second.type)
          ? [first]
          : [first, second],
    }),
  ),
  block: fc.oneof(
    { depthSize: "small" },
    { weight: 5, arbitrary: adfParagraph },
    {
      weight: 1,
      arbitrary: fc
        .array(adfInline, { minLength: 1, maxLength: 3 })
        .map((content): AdfNode => ({ type: "heading", attrs: { level: 2 }, content })),
    },
    {
      weight: 1,
      arbitrary: line.map(
        (value): AdfNode => ({
          type: "codeBlock",
          attrs: { language: "java" },
          content: [{ type: "text", text: value }],
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie("item"), { minLength: 1, maxLength: 3 })
        .map((content): AdfNode => ({ type: "bulletList", content })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie("item"), { minLength: 1, maxLength: 3 })
        .map((content): AdfNode => ({ type: "orderedList", content })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(adfParagraph, { minLength: 1, maxLength: 2 })
        .map((content): AdfNode => ({ type: "panel", attrs: { panelType: "warning" }, content })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(adfParagraph, { minLength: 1, maxLength: 2 })
        .map((content): AdfNode => ({ type: "expand", attrs: { title: "More" }, content })),
    },
    { weight: 1, arbitrary: fc.constant<AdfNode>({ type: "rule" }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.tuple(adfParagraph, adfParagraph), { minLength: 1, maxLength: 3 }).map(
        (rows): AdfNode => ({
          type: "table",
          content: rows.map((cells) => ({
            type: "tableRow",
            content: cells.map((cell) => ({ type: "tableCell", content: [cell, cell] })),
          })),
        }),
      ),
    },
  ),
})).block;

/** Documents of ADF with what Markdown has no form for among the rest. */
export const adfDocument: fc.Arbitrary<AdfNode> = fc
  .array(adfBlock, { maxLength: 4 })
  .map((content) => ({ type: "doc", version: 1, content }) as AdfNode);
