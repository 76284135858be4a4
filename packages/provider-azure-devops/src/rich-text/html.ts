import type { Element, RootContent as HastContent } from "hast";
import type { Definition, Root, RootContent } from "mdast";
import type { MarkupTools } from "./markup.ts";

/** HTML as Markdown, in the one form that is written here. */
export function readHtml(html: string, tools: MarkupTools): string {
  return joinMarkers(tools.writeMarkdown(tools.toMarkdownNodes(tools.parseHtml(html).children)));
}

/**
 * Markdown as HTML. Parts of the original that read as before are kept as they stand, to the byte: people, colours, pictures
 * and whatever else Markdown has no form for.
 * @param original what stands there now; null for a new text
 */
export function writeHtml(markdown: string, original: string | null, tools: MarkupTools): string {
  const root = tools.parseMarkdown(markdown);
  if (original === null || original === "") return tools.writeHtml(root);
  const parts = partsOf(original, tools);
  const definitions = root.children.filter((node): node is Definition => node.type === "definition");
  const blocks = root.children.filter(({ type }) => type !== "definition");
  const written: string[] = [];
  let next = 0;
  for (let at = 0; at < blocks.length; ) {
    const meaning = (size: number) => tools.writeMarkdown(blocks.slice(at, at + size));
    const found = parts.findIndex((part, index) => index >= next && part.size > 0 && meaning(part.size) === part.text);
    const kept = parts[found];
    if (kept === undefined) {
      written.push(tools.writeHtml(documentOf(blocks.slice(at, at + 1), definitions)));
      at += 1;
      continue;
    }
    written.push(kept.html);
    at += kept.size;
    next = found + 1;
  }
  return written.join("\n");
}

interface Part {
  readonly html: string;
  /** In canonical Markdown. */
  readonly text: string;
  /** Blocks of Markdown that it is. */
  readonly size: number;
}

/** The parts that a text has on its outermost level, below boxes that hold all of it. */
function partsOf(html: string, tools: MarkupTools): readonly Part[] {
  let children: readonly HastContent[] = tools.parseHtml(html).children;
  for (;;) {
    const [only, ...others] = children.filter((node) => !isBlank(node));
    if (others.length > 0 || only?.type !== "element" || only.tagName !== "div") break;
    if (!only.children.some((child) => child.type === "element" && isBlock(child))) break;
    children = only.children as readonly HastContent[];
  }
  return runsOf(children).map((nodes) => {
    const start = nodes[0]?.position?.start.offset ?? 0;
    const end = nodes.at(-1)?.position?.end.offset ?? start;
    const text = tools.writeMarkdown(tools.toMarkdownNodes(nodes));
    const blocks = tools.parseMarkdown(text).children;
    return { html: html.slice(start, end), text: tools.writeMarkdown(blocks), size: blocks.length };
  });
}

/** Blocks by themselves, and what runs in one line between them together. */
function runsOf(nodes: readonly HastContent[]): readonly (readonly HastContent[])[] {
  const runs: HastContent[][] = [];
  let isOpen = false;
  for (const node of nodes) {
    const isOwn = node.type === "comment" || (node.type === "element" && isBlock(node));
    if (isOwn || !isOpen) runs.push([node]);
    else runs.at(-1)?.push(node);
    isOpen = !isOwn;
  }
  return runs.filter((run) => !run.every(isBlank));
}

const blockNames = new Set(
  "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split(
    " ",
  ),
);

function isBlock({ tagName }: Element): boolean {
  return blockNames.has(tagName);
}

function isBlank(node: HastContent): boolean {
  return node.type === "text" && node.value.trim() === "";
}

function documentOf(blocks: readonly RootContent[], definitions: readonly RootContent[]): Root {
  return { type: "root", children: [...blocks, ...definitions] };
}

/** The comments around core's part stand in the lines before and after it, as core writes them. */
function joinMarkers(markdown: string): string {
  return markdown
    .replace(/(<!-- backref:[0-9a-z-]+ -->)\n\n/g, "$1\n")
    .replace(/\n\n(<!-- \/backref:[0-9a-z-]+ -->)/g, "\n$1");
}
