import { asObject, asText, type JsonObject } from "../../../fake/json.ts";
import type { Deployment } from "../../../jira/index.ts";
import { withoutBlocks } from "../../oracle/meaning.ts";

/**
 * Jira's texts as the judge and the people of a run write them, apart from the provider's own conversion: paragraphs, breaks,
 * rules, links and bold words are all that occurs.
 */

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const markOf = (token: string) => `<!-- backref:${token} -->`;
const endOf = (token: string) => `<!-- /backref:${token} -->`;
const anyBlock = /<!-- backref:(br-[0-9a-z]{26}) -->[\s\S]*?<!-- \/backref:\1 -->/;
const anyMark = /<!-- \/?backref:br-[0-9a-z]{26} -->\n?/g;

function readInline(node: unknown): string {
  const { type, text, marks } = asObject(node);
  if (type === "hardBreak") return "\n";
  const words = asText(text) ?? "";
  const mark = list(marks).map(asObject)[0];
  if (mark?.["type"] === "strong") return `**${words}**`;
  return mark?.["type"] === "link" ? `[${words}](${asText(asObject(mark["attrs"])["href"]) ?? ""})` : words;
}

function readDocument(document: unknown): string {
  const blocks = list(asObject(document)["content"]).map(asObject);
  return blocks
    .map(({ type, content }) => (type === "rule" ? "---" : list(content).map(readInline).join("")))
    .join("\n\n");
}

const anchors = /\{anchor:backref-(br-[0-9a-z]{26})\}\n*([\s\S]*?)\n*\{anchor:backref-end\}/g;

function readWiki(markup: string): string {
  return markup
    .replace(anchors, (_, token: string, inner: string) => `${markOf(token)}\n${inner}\n${endOf(token)}`)
    .replace(/^----$/gm, "---")
    .replace(/\[([^|\]]+)\|([^\]]+)\]/g, "[$1]($2)")
    .replace(/(^|\s)\*([^*\n]+)\*(?=\s|$)/g, "$1**$2**");
}

/** The marks around what stands for the block in a text; at its end where nothing does. */
function withMarks(text: string, token: string, inner: string): string {
  if (text.includes(markOf(token))) return text;
  const at = inner === "" ? -1 : text.lastIndexOf(inner);
  // Taken out of the text or never in it: it stays in the property.
  if (at < 0) return `${text}\n\n${markOf(token)}\n${endOf(token)}`.trim();
  return `${text.slice(0, at)}${markOf(token)}\n${inner}\n${endOf(token)}${text.slice(at + inner.length)}`;
}

/** Documents have no empty lines: what was sent says where they were, for as long as the rest is as it was. */
function withEmptyLines(text: string, sent: string): string {
  const shown = (whole: string) => withoutBlocks(whole).replace(/\n{3,}/g, "\n\n");
  if (shown(sent) !== shown(text)) return text;
  const [block = ""] = anyBlock.exec(text) ?? [];
  const parts = block !== "" && text.startsWith(block) ? [block, withoutBlocks(sent)] : [withoutBlocks(sent), block];
  return parts.filter((part) => part !== "").join("\n\n");
}

/**
 * A text with its marked block, whose token is in the property beside it.
 * @param property `backref` of the issue or comment
 */
export function readText(value: unknown, property: unknown): string {
  const { token: made, body } = asObject(property);
  const { block, source } = asObject(body);
  const { token: marked, inner } = asObject(block);
  const shown = typeof value === "string" ? readWiki(value) : readDocument(value);
  const own = asText(marked) ?? asText(made);
  const text = own === undefined ? shown : withMarks(shown, own, asText(inner) ?? "");
  const sent = asText(source);
  return sent === undefined ? text : withEmptyLines(text, sent);
}

const pieces = /\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)]+)\)|\n/g;

function writeInline(text: string): readonly JsonObject[] {
  const nodes: JsonObject[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) nodes.push({ type: "text", text: text.slice(from, to) });
  };
  for (const match of text.matchAll(pieces)) {
    plain(match.index);
    const [whole, bold, title, href] = match;
    from = match.index + whole.length;
    if (bold !== undefined) nodes.push({ type: "text", text: bold, marks: [{ type: "strong" }] });
    else if (title === undefined) nodes.push({ type: "hardBreak" });
    else nodes.push({ type: "text", text: title, marks: [{ type: "link", attrs: { href } }] });
  }
  plain(text.length);
  return nodes;
}

function writeWiki(text: string): string {
  return text
    .replace(/<!-- backref:(br-[0-9a-z]{26}) -->/g, "{anchor:backref-$1}")
    .replace(/<!-- \/backref:br-[0-9a-z]{26} -->/g, "{anchor:backref-end}")
    .replace(/^---$/gm, "----")
    .replace(/\*\*([^*\n]+)\*\*/g, "*$1*")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, "[$1|$2]");
}

const emptyBlock = /<!-- backref:(br-[0-9a-z]{26}) -->\n<!-- \/backref:\1 -->/g;

/** What somebody leaves in Jira's editor, which shows no marks. */
export function writeText(deployment: Deployment, text: string): unknown {
  const shown = text
    .replace(emptyBlock, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  if (deployment === "data-center") return writeWiki(shown);
  const blocks = shown
    .replace(anyMark, "\n\n")
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter(Boolean);
  return {
    type: "doc",
    version: 1,
    content: blocks.map((block) =>
      block === "---" ? { type: "rule" } : { type: "paragraph", content: writeInline(block) },
    ),
  };
}
