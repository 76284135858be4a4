import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { AdfNode } from "../../src/rich-text/adf.ts";
import { adfToMarkdown } from "../../src/rich-text/adf-to-markdown.ts";
import { adfToWiki } from "../../src/rich-text/adf-to-wiki.ts";
import { loadMarkdown, type MarkdownTools } from "../../src/rich-text/markdown.ts";
import { markdownToAdf } from "../../src/rich-text/markdown-to-adf.ts";
import { wikiToAdf } from "../../src/rich-text/wiki-to-adf.ts";
import { markdownDocument } from "./documents.ts";
import { textOf } from "./text-of.ts";

/** Minutes on a busy machine. */
const timeoutMs = 900_000;
const numRuns = Number(process.env["BACKREF_DOCUMENTS"] ?? 5_000);
/** Always the same documents, unless more are asked for. */
const seeded = process.env["BACKREF_DOCUMENTS"] === undefined ? { seed: 7 } : {};
let tools: MarkdownTools;

beforeAll(async () => {
  tools = await loadMarkdown();
});

test(
  "Markdown keeps its text on the way to wiki markup and back, as often as it travels",
  () => {
    fc.assert(
      fc.property(markdownDocument, (markdown) => {
        const document = markdownToAdf(markdown, tools);
        const markup = adfToWiki(document.content);
        const back = wikiToAdf(markup);
        // A task among other items shows its box as text.
        const shown = (nodes: readonly AdfNode[]) => nodes.map(textOf).join("").replace(/[☐☑]/g, "");
        expect(shown(back)).toBe(shown(document.content));
        const read = adfToMarkdown({ type: "doc", content: back }, tools);
        const again = wikiToAdf(adfToWiki(markdownToAdf(read, tools).content));
        expect(shown(again)).toBe(shown(back));
      }),
      { numRuns, ...seeded },
    );
  },
  timeoutMs,
);
