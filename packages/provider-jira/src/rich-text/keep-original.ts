import type { AdfDocument, AdfNode } from "./adf.ts";
import { adfToChunks } from "./adf-to-markdown.ts";
import { definitionsOf, type MarkdownTools } from "./markdown.ts";
import { blocksToAdf, markdownToAdf } from "./markdown-to-adf.ts";

/**
 * New Markdown as a document, in which every block of the old document that reads as before is the old one, bit by bit:
 * people, files, colours, macros and whatever else Markdown has no form for.
 */
export function markdownOverOriginal(
  markdown: string,
  original: AdfDocument | null,
  tools: MarkdownTools,
): AdfDocument {
  if (original === null) return markdownToAdf(markdown, tools);
  const root = tools.parse(markdown);
  const definitions = definitionsOf(root);
  // Compared by what they mean: neighbours decide how a list is marked.
  const chunks = adfToChunks(original.content, tools).map((text) => {
    const blocks = tools.parse(text).children;
    return { size: blocks.length, meaning: JSON.stringify(blocksToAdf(blocks, text, new Map())) };
  });
  const meaningOf = (at: number, size: number) =>
    JSON.stringify(blocksToAdf(root.children.slice(at, at + size), markdown, definitions));
  const content: AdfNode[] = [];
  let next = 0;
  for (let at = 0; at < root.children.length; ) {
    const found = chunks.findIndex(
      ({ meaning, size }, index) => index >= next && size > 0 && meaningOf(at, size) === meaning,
    );
    const kept = original.content[found];
    if (kept === undefined) {
      const block = root.children[at];
      if (block !== undefined) content.push(...blocksToAdf([block], markdown, definitions));
      at += 1;
      continue;
    }
    // What shows nothing in Markdown stays with the block behind it.
    content.push(...original.content.slice(next, found).filter((_, index) => chunks[next + index]?.size === 0), kept);
    next = found + 1;
    at += chunks[found]?.size ?? 1;
  }
  content.push(...original.content.slice(next).filter((_, index) => chunks[next + index]?.size === 0));
  return { type: "doc", version: 1, content: renumber(content) };
}

/** Ids of tasks differ within a document; blocks that were written one by one do not know of each other. */
function renumber(nodes: readonly AdfNode[]): readonly AdfNode[] {
  const seen = new Set<string>();
  const visit = (node: AdfNode): AdfNode => {
    const id = node.attrs?.["localId"];
    const isTask = typeof id === "string" && /^task-\d+$/.test(id);
    let own = id;
    for (let count = seen.size + 1; isTask && seen.has(String(own)); count += 1) own = `task-${count}`;
    if (isTask) seen.add(String(own));
    const attrs = own === id ? {} : { attrs: { ...node.attrs, localId: own ?? null } };
    return { ...node, ...attrs, ...(node.content !== undefined && { content: node.content.map(visit) }) };
  };
  return nodes.map(visit);
}
