import { readHtml, writeHtml } from "./rich-text/html.ts";
import { loadMarkup } from "./rich-text/markup.ts";

/** How a long text is kept: Services keeps each field of each item in one of them, Server knows HTML alone. */
export type TextFormat = "markdown" | "html";

/** Texts of Azure DevOps as the Markdown that hosts have, and back. */
export interface RichText {
  read(text: string, format: TextFormat): string;
  /** @param original what stands there now; null for a new text */
  write(markdown: string, format: TextFormat, original: string | null): string;
  /** True for HTML that writing its Markdown would give again: nothing in it is lost by that. */
  isOwnForm(html: string): boolean;
}

/** Parsers are loaded on first use. */
export async function loadRichText(): Promise<RichText> {
  const tools = await loadMarkup();
  return {
    read: (text, format) => (format === "markdown" || text === "" ? text : readHtml(text, tools)),
    write: (markdown, format, original) =>
      format === "markdown" || markdown === "" ? markdown : writeHtml(markdown, original, tools),
    isOwnForm: (html) => writeHtml(readHtml(html, tools), null, tools) === html,
  };
}

/** Elements that a text which is no HTML would hardly have. */
const element =
  /<\/?(?:div|p|br|span|b|i|u|em|strong|font|ul|ol|li|a|img|table|tr|td|h[1-6]|pre|code|blockquote)(?:\s[^<>]*)?\/?>/i;

/** The format of a text whose answer does not tell it. */
export function guessFormat(text: string): TextFormat {
  return element.test(text) ? "html" : "markdown";
}
