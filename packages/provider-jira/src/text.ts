import type { JsonValue } from "@backref/core/provider";
import { readBody, writeBody } from "./rich-text/body.ts";
import { loadMarkdown } from "./rich-text/markdown.ts";
import { readWiki, writeWiki } from "./rich-text/wiki-body.ts";
import type { Deployment } from "./site.ts";

/** A text as Jira takes it, and what is kept beside it so that it reads back as it was written. */
export interface OutgoingText {
  readonly value: JsonValue;
  readonly memory: JsonValue;
}

/** How a deployment writes rich text. */
export interface RichText {
  /** @param original what stands there now; null for a new text */
  write(markdown: string, original: unknown): OutgoingText;
  /** @param memory what stands beside it; absent where there is none */
  read(value: unknown, memory: JsonValue | undefined): string;
}

/**
 * The deployment's own rich text. Its parser is loaded on first use. Data Center's searches tell no properties, so nothing
 * is kept beside a text there: it reads in the one form that is written here.
 */
export async function loadRichText(deployment: Deployment): Promise<RichText> {
  const tools = await loadMarkdown();
  if (deployment === "data-center") {
    return {
      write: (markdown, original) => ({ value: writeWiki(markdown, original, tools), memory: null }),
      read: (value) => readWiki(value, tools),
    };
  }
  return {
    write(markdown, original) {
      const { document, memory } = writeBody(markdown, original, tools);
      return { value: document as unknown as JsonValue, memory: memory as unknown as JsonValue };
    },
    read: (value, memory) => readBody(value, memory, tools),
  };
}
