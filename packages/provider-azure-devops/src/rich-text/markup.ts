import { lazy } from "@backref/provider-kit";
import type { Comment, Element, RootContent as HastContent, Nodes as HastNodes, Root as HastRoot, Text } from "hast";
import type { Html, Root, RootContent } from "mdast";

/** Parsers and writers of GitHub's Markdown and of HTML, loaded on first use. */
export interface MarkupTools {
  parseMarkdown(markdown: string): Root;
  /** In the one form that is written here: `-` for lists, fences for code. */
  writeMarkdown(nodes: readonly RootContent[]): string;
  /** Whatever a browser would make of it, with the places of its elements in the text. */
  parseHtml(html: string): HastRoot;
  /** Harmless HTML of a document; HTML inside of the Markdown is text. */
  writeHtml(root: Root): string;
  /** Harmless nodes of a document of HTML: no scripts, styles, events or addresses that do something. */
  toMarkdownNodes(nodes: readonly HastContent[]): readonly RootContent[];
}

/** What core puts around its own part of a text. */
const ownComment = /^\s*\/?backref:[0-9a-z-]+\s*$/;

export const loadMarkup: () => Promise<MarkupTools> = lazy(async () => {
  const [{ fromMarkdown }, { gfmFromMarkdown, gfmToMarkdown }, { toMarkdown }, { gfm }, html] = await Promise.all([
    import("mdast-util-from-markdown"),
    import("mdast-util-gfm"),
    import("mdast-util-to-markdown"),
    import("micromark-extension-gfm"),
    Promise.all([
      import("hast-util-from-html"),
      import("hast-util-sanitize"),
      import("hast-util-to-html"),
      import("hast-util-to-mdast"),
      import("mdast-util-to-hast"),
    ]),
  ]);
  const [{ fromHtml }, { sanitize, defaultSchema }, { toHtml }, { toMdast }, { toHast }] = html;
  // The transform would make links of addresses that are escaped.
  const mdastExtensions = gfmFromMarkdown().map(({ transforms: _transforms, ...extension }) => extension);
  const strip = [...(defaultSchema.strip ?? []), "style", "noscript", "template"];
  const schema = { ...defaultSchema, allowComments: true, clobberPrefix: "", strip };
  const harmless = (root: HastRoot) => withoutDeadLinks(sanitize(withoutStrangeComments(root), schema) as HastRoot);
  return {
    parseMarkdown: (markdown) => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions }),
    writeMarkdown: (nodes) =>
      toMarkdown(
        { type: "root", children: [...nodes] },
        {
          bullet: "-",
          bulletOther: "*",
          emphasis: "*",
          fences: true,
          listItemIndent: "one",
          resourceLink: true,
          rule: "-",
          extensions: [gfmToMarkdown({ tablePipeAlign: false })],
        },
      ).replace(/\n$/, ""),
    parseHtml: (text) => fromHtml(text, { fragment: true }),
    writeHtml: (root) => toHtml(harmless(toHast(root, { handlers: { html: htmlAsText } }) as HastRoot)),
    toMarkdownNodes: (nodes) =>
      (toMdast(harmless({ type: "root", children: [...nodes] }), { newlines: true }) as Root).children,
  };
});

/** The comments of core stay comments; all other HTML is what it looks like. */
function htmlAsText(_state: unknown, { value }: Html): Comment | Text {
  const comment = /^<!--([\s\S]*)-->$/.exec(value.trim())?.[1];
  if (comment !== undefined && ownComment.test(comment)) return { type: "comment", value: comment };
  return { type: "text", value };
}

function withoutStrangeComments<Node extends HastRoot | Element>(node: Node): Node {
  const isKept = (child: HastNodes) => child.type !== "comment" || ownComment.test(child.value);
  const children = node.children.filter(isKept);
  return {
    ...node,
    children: children.map((child) => (child.type === "element" ? withoutStrangeComments(child) : child)),
  };
}

/** Links whose address was taken from them are text. */
function withoutDeadLinks<Node extends HastRoot | Element>(node: Node): Node {
  const children = node.children.flatMap((child): readonly HastContent[] => {
    if (child.type !== "element") return [child];
    const inner = withoutDeadLinks(child);
    const isDead = inner.tagName === "a" && inner.properties["href"] === undefined;
    return isDead ? inner.children : [inner];
  });
  return { ...node, children };
}
