import { adfToMarkdown } from "./adf-to-markdown.ts";
import { adfToWiki } from "./adf-to-wiki.ts";
import type { MarkdownTools } from "./markdown.ts";
import { markdownToWikiBlocks } from "./markdown-to-adf.ts";
import { findBlock } from "./marker.ts";
import { wikiToAdf } from "./wiki-to-adf.ts";

/** Macros that nobody sees say where a marked block begins and ends; they carry its token. */
const anchors = /\{anchor:backref-(br-[0-9a-z]+)\}\n*([\s\S]*?)\n*\{anchor:backref-end\}/;

/** Markdown as wiki markup. @param original what stands there now: markup that reads the same stays as it is */
export function writeWiki(markdown: string, original: unknown, tools: MarkdownTools): string {
  const convert = (text: string) => adfToWiki(markdownToWikiBlocks(text, tools));
  if (typeof original === "string" && readWiki(original, tools) === markdown) return original;
  const block = findBlock(markdown);
  if (block === null) return convert(markdown);
  const marked = `{anchor:backref-${block.token}}\n${convert(block.inner)}\n{anchor:backref-end}`;
  const parts = [convert(markdown.slice(0, block.start)), marked, convert(markdown.slice(block.end))];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Wiki markup as Markdown. */
export function readWiki(value: unknown, tools: MarkdownTools): string {
  if (typeof value !== "string") return "";
  const convert = (markup: string) => adfToMarkdown({ type: "doc", content: wikiToAdf(markup) }, tools);
  const match = anchors.exec(value);
  if (match === null) return convert(value);
  const [whole, token = "", inner = ""] = match;
  const marked = `<!-- backref:${token} -->\n${convert(inner)}\n<!-- /backref:${token} -->`;
  const parts = [convert(value.slice(0, match.index)), marked, convert(value.slice(match.index + whole.length))];
  return parts.filter((part) => part !== "").join("\n\n");
}
