import { beforeAll, expect, test } from "vitest";
import { loadMarkdown, type MarkdownTools } from "../../src/rich-text/markdown.ts";
import { markdownToAdf } from "../../src/rich-text/markdown-to-adf.ts";
import { loadRichText, type RichText } from "../../src/text.ts";

const token = "br-01j00000000000000000000000";
const block = `<!-- backref:${token} -->\n---\nLinked defect: [D-1](<https://tests.example.com/D-1>)\n<!-- /backref:${token} -->`;
let tools: MarkdownTools;
let richText: RichText;

beforeAll(async () => {
  tools = await loadMarkdown();
  richText = await loadRichText("cloud");
});

test("a text whose block somebody took out is still the one that was written", () => {
  const part = "* one\n* two\n\n\n\n__bold__";
  const { value, memory } = richText.write(`${part}\n\n${block}`, null);
  expect(richText.read(value, memory)).toBe(`${part}\n\n${block}`);

  const rest = markdownToAdf(part, tools);
  expect(richText.read(rest, memory)).toBe(part);
});

test("a text that people changed is what they wrote, the block apart", () => {
  const { memory } = richText.write(`* one\n\n\n\ntwo\n\n${block}`, null);
  const edited = markdownToAdf("- one\n\nthree", tools);
  expect(richText.read(edited, memory)).toBe("- one\n\nthree");
});

test("dashes before words end the reading of wiki markup like any other text", async () => {
  const wiki = await loadRichText("data-center");
  expect(wiki.read("---- no rule\n* one\n---- no item either", undefined)).toBe(
    "\\---- no rule\n\n- one\n  \\---- no item either",
  );
});

test("what is nested more deeply than anybody writes keeps its text", async () => {
  const wiki = await loadRichText("data-center");
  const quoted = `${"> ".repeat(2_000)}deep`;
  for (const form of [richText, wiki]) {
    const { value, memory } = form.write(quoted, null);
    expect(form.read(value, memory)).toContain("deep");
  }
  expect(wiki.read(`${"*".repeat(30_000)} deep`, undefined)).toContain("deep");
  const macros = "{quote}\n{info}\n".repeat(1_500);
  expect(wiki.read(`${macros}deep\n${macros}`, undefined)).toContain("deep");
  let node: object = { type: "paragraph", content: [{ type: "text", text: "deep" }] };
  for (let level = 0; level < 3_000; level += 1) node = { type: "blockquote", content: [node] };
  expect(richText.read({ type: "doc", version: 1, content: [node] }, undefined)).toBe("deep");
});
