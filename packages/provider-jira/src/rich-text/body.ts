import type { JsonValue } from "@backref/core/provider";
import { z } from "zod";
import { type AdfDocument, asDocument } from "./adf.ts";
import { adfToMarkdown } from "./adf-to-markdown.ts";
import { markdownOverOriginal } from "./keep-original.ts";
import type { MarkdownTools } from "./markdown.ts";
import { markdownToAdf } from "./markdown-to-adf.ts";
import { findBlock, mark, unmark, withoutBlock } from "./marker.ts";

/** What is remembered beside a text: how it was written, which ADF does not tell. */
export interface TextMemory {
  /** Of the marked block, in the form that ADF gives back; null where there is none. */
  readonly block: { readonly token: string; readonly inner: string } | null;
  /** The Markdown as it was sent; null where it was too long to keep, or reads the same. */
  readonly source: string | null;
}

const memoryShape: z.ZodType<TextMemory> = z.object({
  block: z.object({ token: z.string(), inner: z.string() }).nullable().catch(null),
  source: z.string().nullable().catch(null),
});

/** Longest JSON of an entity property, with room for what else stands in it. */
const longestMemory = 32_000;

export interface WrittenText {
  readonly document: AdfDocument;
  readonly memory: TextMemory;
}

/** Markdown as Jira gets it. @param original what stands there now: blocks that stay as they read are kept as they are */
export function writeBody(markdown: string, original: unknown, tools: MarkdownTools): WrittenText {
  const document = markdownOverOriginal(unmark(markdown), asDocument(original), tools);
  const found = findBlock(markdown);
  const canonical = (text: string) => adfToMarkdown(markdownToAdf(text, tools), tools);
  const block = found === null ? null : { token: found.token, inner: canonical(found.inner) };
  const isPlain = block === null && adfToMarkdown(document, tools) === markdown;
  const memory = { block, source: isPlain ? null : markdown };
  const fits = JSON.stringify(memory).length <= longestMemory;
  return { document, memory: fits ? memory : { block, source: null } };
}

/**
 * A document as Markdown. Where it still reads as what was written here, with the marked block or without, it is that, to
 * the letter; where people changed it, at least the block is known again.
 */
export function readBody(document: unknown, memory: JsonValue | undefined, tools: MarkdownTools): string {
  const known = asDocument(document);
  const text = known === null ? "" : adfToMarkdown(known, tools);
  const remembered = memoryShape.safeParse(memory);
  if (!remembered.success) return text;
  const { source, block } = remembered.data;
  if (source !== null) {
    const isSame = (markdown: string) => adfToMarkdown(markdownToAdf(markdown, tools), tools) === text;
    if (isSame(unmark(source))) return source;
    // Somebody took the block out and left the rest alone.
    const rest = withoutBlock(source);
    if (isSame(rest)) return rest;
  }
  return block === null ? text : mark(text, block);
}
