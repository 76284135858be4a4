import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { SKIP, visit } from "unist-util-visit";

const mention = /(?<![A-Za-z0-9_])@[A-Za-z0-9]/;
const number = /#\d|(?<![A-Za-z0-9_])GH-\d/i;
const issueAddress = /^https?:\/\/(?:www\.)?github\.com\/[^/]+\/[^/]+\/(?:issues|pull|discussions)\/\d/i;

/**
 * What GitHub would make of a text, by a Markdown parser nobody here wrote: whom it would notify, and at what it would
 * leave a note. Mentions and numbers count in text, outside of code and links; addresses wherever they lead.
 */
export function noticesIn(markdown: string): readonly string[] {
  const found: string[] = [];
  const read = (text: string) => {
    for (const pattern of [mention, number]) {
      const [hit] = pattern.exec(text) ?? [];
      if (hit !== undefined) found.push(hit);
    }
  };
  visit(parse(markdown), (node) => {
    if (node.type === "text") read(node.value);
    if (node.type === "html") read(readHtml(node.value));
    if (node.type !== "link" && node.type !== "definition") return undefined;
    if (issueAddress.test(node.url)) found.push(node.url);
    return SKIP;
  });
  return found;
}

/** The text in HTML, tags taken out and character references read. */
function readHtml(html: string): string {
  return html
    .replace(/<[^>]*(?:>|$)/g, "\0")
    .replace(/&commat;/g, "@")
    .replace(/&num;/g, "#")
    .replace(/&#x([\da-f]{1,6});?/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&#(\d{1,7});?/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The code in a text, in order. */
export function codeIn(markdown: string): readonly string[] {
  const found: string[] = [];
  visit(parse(markdown), (node) => {
    if (node.type === "code" || node.type === "inlineCode") found.push(node.value);
  });
  return found;
}

function parse(markdown: string) {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}
