import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { asDocument } from "../../src/rich-text/adf.ts";
import { adfToMarkdown } from "../../src/rich-text/adf-to-markdown.ts";
import { markdownOverOriginal } from "../../src/rich-text/keep-original.ts";
import { loadMarkdown, type MarkdownTools } from "../../src/rich-text/markdown.ts";
import { markdownToAdf } from "../../src/rich-text/markdown-to-adf.ts";
import { loadDocumentSchema } from "../support-contract.ts";
import { adfDocument, markdownDocument } from "./documents.ts";
import { examples } from "./found.ts";
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
  "Markdown becomes a document that the official schema accepts",
  (context) => {
    const check = loadDocumentSchema();
    if (check === null) context.skip("contracts: Atlassian's files are not in the folder that BACKREF_CONTRACTS names");
    fc.assert(
      fc.property(markdownDocument, (markdown) => {
        expect(check?.(markdownToAdf(markdown, tools))).toEqual([]);
      }),
      { numRuns, ...seeded, examples },
    );
  },
  timeoutMs,
);

test(
  "Markdown comes back as Markdown that means the same, in a form that stays as it is",
  () => {
    fc.assert(
      fc.property(markdownDocument, (markdown) => {
        const document = markdownToAdf(markdown, tools);
        const back = adfToMarkdown(document, tools);
        expect(markdownToAdf(back, tools)).toEqual(document);
        expect(adfToMarkdown(markdownToAdf(back, tools), tools)).toBe(back);
      }),
      { numRuns, ...seeded, examples },
    );
  },
  timeoutMs,
);

test(
  "ADF keeps its text on the way to Markdown and back",
  () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const back = markdownToAdf(adfToMarkdown(document, tools), tools);
        expect(textOf(back)).toBe(textOf(document));
      }),
      { numRuns, ...seeded },
    );
  },
  timeoutMs,
);

test(
  "a document that reads as before is sent as it is, bit by bit",
  () => {
    fc.assert(
      fc.property(adfDocument, (document) => {
        const original = asDocument(document);
        const again = markdownOverOriginal(adfToMarkdown(document, tools), original, tools);
        expect(again).toEqual(original);
      }),
      { numRuns: numRuns / 5, ...seeded },
    );
  },
  timeoutMs,
);
