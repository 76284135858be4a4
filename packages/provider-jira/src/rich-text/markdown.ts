import { lazy } from "@backref/provider-kit";
import type { Nodes, PhrasingContent, Root, RootContent } from "mdast";
import type { Options } from "mdast-util-to-markdown";
import { isTooDeep } from "./depth.ts";

/** Parser and writer of GitHub's Markdown, loaded on first use. */
export interface MarkdownTools {
  /** What is nested too deeply is one paragraph of text. */
  parse(markdown: string): Root;
  /** In the one form that is written here: `-` for lists, fences for code, one line for a table's row. */
  write(nodes: readonly RootContent[]): string;
}

export const loadMarkdown: () => Promise<MarkdownTools> = lazy(async () => {
  const [{ fromMarkdown }, { gfmFromMarkdown, gfmToMarkdown }, { toMarkdown }, { gfm }] = await Promise.all([
    import("mdast-util-from-markdown"),
    import("mdast-util-gfm"),
    import("mdast-util-to-markdown"),
    import("micromark-extension-gfm"),
  ]);
  // The transform would make links of addresses that are escaped.
  const mdastExtensions = gfmFromMarkdown().map(({ transforms: _transforms, ...extension }) => extension);
  return {
    parse(markdown) {
      const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions });
      return isTooDeep(root, (node: Nodes) => ("children" in node ? node.children : [])) ? plainText(markdown) : root;
    },
    write(nodes) {
      const root: Root = { type: "root", children: [...nodes] };
      return toMarkdown(root, {
        bullet: "-",
        bulletOther: "*",
        emphasis: "*",
        fences: true,
        listItemIndent: "one",
        resourceLink: true,
        rule: "-",
        extensions: [gfmToMarkdown({ tablePipeAlign: false })],
        handlers: { [rawType]: ({ value }: { readonly value: string }) => value } as Options["handlers"] & object,
      }).replace(/\n$/, "");
    },
  };
});

function plainText(text: string): Root {
  const whole = { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: text.length } };
  const words = { type: "text" as const, value: text, position: whole };
  return { type: "root", children: [{ type: "paragraph", children: [words], position: whole }] };
}

/** No type of the format's: HTML proper is moved away from the beginnings of lines. */
const rawType = "raw";

/** Markdown that is written as it is. */
export function raw(value: string): PhrasingContent {
  return { type: rawType, value } as unknown as PhrasingContent;
}

/** Where the links of a document by reference lead, by their labels. */
export function definitionsOf(root: Root): ReadonlyMap<string, { readonly url: string; readonly title: string }> {
  const found = new Map<string, { url: string; title: string }>();
  const visit = (node: Nodes): void => {
    if (node.type === "definition" && !found.has(node.identifier))
      found.set(node.identifier, { url: node.url, title: node.title ?? "" });
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}
