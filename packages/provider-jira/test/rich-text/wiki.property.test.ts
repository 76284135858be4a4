import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { AdfNode } from "../../src/rich-text/adf.ts";
import { adfToMarkdown } from "../../src/rich-text/adf-to-markdown.ts";
import { adfToWiki } from "../../src/rich-text/adf-to-wiki.ts";
import { loadMarkdown, type MarkdownTools } from "../../src/rich-text/markdown.ts";
import { markdownToWikiBlocks } from "../../src/rich-text/markdown-to-adf.ts";
import { readWiki, writeWiki } from "../../src/rich-text/wiki-body.ts";
import { wikiToAdf } from "../../src/rich-text/wiki-to-adf.ts";
import { markdownDocument } from "./documents.ts";
import { examples } from "./found.ts";
import { textOf } from "./text-of.ts";
import { wikiDocument } from "./wiki-documents.ts";

/** Minutes on a busy machine. */
const timeoutMs = 900_000;
const numRuns = Number(process.env["BACKREF_DOCUMENTS"] ?? 5_000);
/** Always the same documents, unless more are asked for. */
const isDeep = process.env["BACKREF_DOCUMENTS"] !== undefined;
const seeded = isDeep ? {} : { seed: 7 };
let tools: MarkdownTools;

beforeAll(async () => {
  tools = await loadMarkdown();
});

test(
  "Markdown keeps its text on the way to wiki markup and back, as often as it travels",
  () => {
    fc.assert(
      fc.property(markdownDocument, (markdown) => {
        const blocks = markdownToWikiBlocks(markdown, tools);
        const markup = adfToWiki(blocks);
        const back = wikiToAdf(markup);
        // A task among other items shows its box as text.
        const shown = (nodes: readonly AdfNode[]) => nodes.map(textOf).join("").replace(/[☐☑]/g, "");
        expect(shown(back)).toBe(shown(blocks));
        const read = adfToMarkdown({ type: "doc", content: back }, tools);
        const again = wikiToAdf(adfToWiki(markdownToWikiBlocks(read, tools)));
        expect(shown(again)).toBe(shown(back));
      }),
      { numRuns, ...seeded, examples },
    );
  },
  timeoutMs,
);

test(
  "wiki markup keeps its text on the way to Markdown and back, and stays as it is where nobody changed it",
  () => {
    fc.assert(
      fc.property(wikiDocument, (markup) => {
        const shown = (nodes: readonly AdfNode[]) => nodes.map(textOf).join("");
        const read = readWiki(markup, tools);
        expect(shown(markdownToWikiBlocks(read, tools))).toBe(shown(wikiToAdf(markup)));
        expect(writeWiki(read, markup, tools)).toBe(markup);
        const again = readWiki(writeWiki(read, null, tools), tools);
        expect(shown(markdownToWikiBlocks(again, tools))).toBe(shown(wikiToAdf(markup)));
      }),
      { numRuns: isDeep ? numRuns : numRuns / 10, ...seeded },
    );
  },
  timeoutMs,
);
