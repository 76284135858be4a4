import { posix } from "node:path";
import GithubSlugger from "github-slugger";
import type { Code, Definition, Heading, Image, Link, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { toString as textOf } from "mdast-util-to-string";
import { visit } from "unist-util-visit";
import { readTracked, trackedFiles } from "./tracked-files.ts";

export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly tree: Root;
}

/** All Markdown of the repository. */
export const pages: readonly Page[] = trackedFiles()
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path, tree: fromMarkdown(readTracked(path)) }));

/** Pages whose code readers will copy: the README, the guides and the README of each package. */
export const guides: readonly Page[] = pages.filter(({ path }) =>
  /^(README\.md|docs\/.*\.md|packages\/[^/]+\/README\.md)$/.test(path),
);

export interface PageLink {
  readonly line: number;
  /** Path of the file it leads to, from the root of the repository. */
  readonly path: string;
  /** Without `#`; empty for the page itself. */
  readonly anchor: string;
}

/** Links to files of the repository. Links to the web are left out. */
export function linksOf({ path, tree }: Page): readonly PageLink[] {
  const links: PageLink[] = [];
  visit(tree, (node) => {
    if (!isLink(node) || /^[a-z][a-z0-9+.-]*:/i.test(node.url)) return;
    const [file = "", anchor = ""] = decodeURI(node.url).split("#");
    const target = file === "" ? path : posix.join(posix.dirname(path), file);
    links.push({ line: node.position?.start.line ?? 0, path: target.replace(/\/$/, ""), anchor });
  });
  return links;
}

function isLink(node: { readonly type: string }): node is Link | Image | Definition {
  return node.type === "link" || node.type === "image" || node.type === "definition";
}

/** The anchors that GitHub makes of a page's headings. */
export function anchorsOf({ tree }: Page): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  visit(tree, "heading", (heading: Heading) => void anchors.add(slugger.slug(textOf(heading))));
  return anchors;
}

export interface CodeBlock {
  /** Path of the page and line of the fence, for example `docs/concepts.md:12`. */
  readonly place: string;
  readonly text: string;
  /** Fenced as `ts run`: it must also run to its end. */
  readonly runs: boolean;
}

const CONTINUES = /^\/\/ continues\b/;

/** The TypeScript of a page. A block that begins with `// continues` belongs to the one before it. */
export function codeBlocksOf({ path, tree }: Page): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  visit(tree, "code", ({ lang, meta, value, position }: Code) => {
    if (lang !== "ts") return;
    const block = {
      place: `${path}:${position?.start.line}`,
      text: `${value}\n`,
      runs: meta?.split(" ").includes("run") ?? false,
    };
    const previous = CONTINUES.test(value) ? blocks.pop() : undefined;
    blocks.push(
      previous === undefined
        ? block
        : { place: previous.place, text: `${previous.text}\n${block.text}`, runs: previous.runs || block.runs },
    );
  });
  return blocks;
}
