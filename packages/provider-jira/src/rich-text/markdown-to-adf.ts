import type { BlockContent, List, ListItem, Nodes, RootContent, Table } from "mdast";
import type { AdfDocument, AdfMark, AdfNode } from "./adf.ts";
import { type InlineReading, runsOf } from "./inline-from-markdown.ts";
import { definitionsOf, type MarkdownTools } from "./markdown.ts";
import { type Run, type RunMark, settle, settleCell } from "./runs.ts";

/** What may stand where: ADF nests less than Markdown does. */
type Place = "document" | "panel" | "quote" | "item";

interface Writing extends InlineReading {
  /** Gives task items their ids, which have to differ within a document. */
  readonly nextId: () => string;
  /** Wiki markup has tables, pictures, titles and rules in quotes and panels as well. */
  readonly isForWiki: boolean;
}

/** Markdown as a document of ADF. What has no place there keeps its text. */
export function markdownToAdf(markdown: string, tools: MarkdownTools): AdfDocument {
  const root = tools.parse(markdown);
  return { type: "doc", version: 1, content: blocksToAdf(root.children, markdown, definitionsOf(root)) };
}

/** Markdown as the blocks that wiki markup has a form for. */
export function markdownToWikiBlocks(markdown: string, tools: MarkdownTools): readonly AdfNode[] {
  const root = tools.parse(markdown);
  return blocksToAdf(root.children, markdown, definitionsOf(root), true);
}

/** Blocks of one document, whose source is needed for what is kept as it was written. */
export function blocksToAdf(
  blocks: readonly RootContent[],
  source: string,
  definitions: InlineReading["definitions"],
  isForWiki = false,
): readonly AdfNode[] {
  let count = 0;
  const nextId = () => {
    count += 1;
    return `task-${count}`;
  };
  return blocks.flatMap((block) => convert(block, { source, definitions, nextId, isForWiki }, "document"));
}

const markNames: Readonly<Record<RunMark, AdfMark>> = {
  strong: { type: "strong" },
  em: { type: "em" },
  strike: { type: "strike" },
  underline: { type: "underline" },
  code: { type: "code" },
  sub: { type: "subsup", attrs: { type: "sub" } },
  sup: { type: "subsup", attrs: { type: "sup" } },
};

/** Settled runs as inline nodes of ADF. */
export function inlineToAdf(runs: readonly Run[]): readonly AdfNode[] {
  return runs.flatMap(({ text, marks, link }) => {
    const named = [...marks]
      .filter((mark) => mark !== "sub" || !marks.has("sup"))
      .sort()
      .map((mark) => markNames[mark]);
    const target =
      link === null
        ? []
        : [{ type: "link", attrs: { href: link.href, ...(link.title !== "" && { title: link.title }) } }];
    const all: readonly AdfMark[] = [...target, ...named];
    return text.split(/(\n)/).flatMap((piece): AdfNode[] => {
      if (piece === "") return [];
      if (piece === "\n") return [{ type: "hardBreak" }];
      return [{ type: "text", text: piece, ...(all.length > 0 && { marks: all }) }];
    });
  });
}

function paragraph(runs: readonly Run[]): AdfNode {
  return { type: "paragraph", content: inlineToAdf(runs) };
}

function plain(text: string): Run {
  return { text, marks: new Set(), link: null };
}

function sourceOf(node: Nodes, { source }: Writing): string {
  return source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
}

function convert(node: RootContent, writing: Writing, place: Place): readonly AdfNode[] {
  const isWide = place === "document" || (writing.isForWiki && place !== "item");
  switch (node.type) {
    case "paragraph": {
      const [image] = node.children;
      if (node.children.length === 1 && image?.type === "image" && (place !== "panel" || isWide))
        return [picture(image.url, image.alt ?? "")];
      const runs = runsOf(node.children, writing);
      return runs.length === 0 ? [] : [paragraph(runs)];
    }
    case "heading": {
      const runs = runsOf(node.children, writing).map((run) => ({ ...run, text: run.text.replaceAll("\n", " ") }));
      if (isWide || place === "panel")
        return [{ type: "heading", attrs: { level: node.depth }, content: inlineToAdf(runs) }];
      const bold = runs.map((run) =>
        run.marks.has("code") ? run : { ...run, marks: new Set([...run.marks, "strong" as const]) },
      );
      return bold.length === 0 ? [] : [paragraph(settle(bold))];
    }
    case "code":
      return [codeBlock(node.value, languageOf(node.lang ?? ""))];
    case "html":
      return [paragraph(runsOf([{ type: "text", value: node.value }], writing))].filter(
        ({ content = [] }) => content.length > 0,
      );
    case "thematicBreak":
      return isWide ? [{ type: "rule" }] : [paragraph([plain("---")])];
    case "blockquote":
      return quote(node.children, writing, place);
    case "list":
      return list(node, writing, place);
    case "table":
      return isWide ? [table(node, writing)] : [codeBlock(tableSource(node, writing), "markdown")];
    case "footnoteDefinition": {
      const label = paragraph([plain(`[^${node.identifier}]:`)]);
      return [label, ...node.children.flatMap((child) => convert(child, writing, place))];
    }
    default:
      return [];
  }
}

function picture(url: string, alt: string): AdfNode {
  const media: AdfNode = { type: "media", attrs: { type: "external", url, ...(alt !== "" && { alt }) } };
  return { type: "mediaSingle", attrs: { layout: "center" }, content: [media] };
}

/** One word, as it stands behind a fence. */
export function languageOf(text: string): string {
  return text.replace(/[\s`]/g, "");
}

function codeBlock(value: string, language: string): AdfNode {
  const text = value.replace(/\r\n?/g, "\n");
  return {
    type: "codeBlock",
    ...(language !== "" && { attrs: { language } }),
    content: text === "" ? [] : [{ type: "text", text }],
  };
}

/** GitHub's alerts, and the panels they stand for. */
export const panelTypes: Readonly<Record<string, string>> = {
  NOTE: "info",
  TIP: "success",
  IMPORTANT: "note",
  WARNING: "warning",
  CAUTION: "error",
};

function quote(
  children: readonly BlockContent[] | readonly RootContent[],
  writing: Writing,
  place: Place,
): readonly AdfNode[] {
  const inner = (at: Place) => children.flatMap((child) => convert(child as RootContent, writing, at));
  if (place !== "document") return inner(place);
  const [first] = children;
  const head = first?.type === "paragraph" ? first.children[0] : undefined;
  // What is escaped is no alert but text.
  const isAlert = head?.type === "text" && first !== undefined && sourceOf(first, writing).startsWith("[!");
  const [whole, name = ""] = (isAlert ? /^\[!([A-Z]+)\](?:\n|$)/.exec(head.value) : null) ?? [];
  const panelType = panelTypes[name];
  if (panelType !== undefined && whole !== undefined && head?.type === "text" && first?.type === "paragraph") {
    const rest = {
      ...first,
      children: [{ ...head, value: head.value.slice(whole.length) }, ...first.children.slice(1)],
    };
    const content = [rest, ...children.slice(1)].flatMap((child) => convert(child as RootContent, writing, "panel"));
    return [{ type: "panel", attrs: { panelType }, content: content.length === 0 ? [paragraph([])] : content }];
  }
  const content = inner("quote");
  return [{ type: "blockquote", content: content.length === 0 ? [paragraph([])] : content }];
}

function list(node: List, writing: Writing, place: Place): readonly AdfNode[] {
  if (isTaskList(node) && (place === "document" || place === "item")) return [taskList(node, writing)];
  const content = node.children.map((item): AdfNode => {
    const box = item.checked === true ? "[x] " : item.checked === false ? "[ ] " : "";
    const blocks = withPrefix(item, box).flatMap((child) => convert(child as RootContent, writing, "item"));
    const startsWithList = blocks[0] === undefined || /List$/.test(blocks[0].type);
    return { type: "listItem", content: startsWithList ? [paragraph([]), ...blocks] : blocks };
  });
  const start = node.start ?? 1;
  return node.ordered === true
    ? [{ type: "orderedList", attrs: { order: start }, content }]
    : [{ type: "bulletList", content }];
}

function withPrefix(item: ListItem, prefix: string): readonly ListItem["children"][number][] {
  const [first, ...rest] = item.children;
  if (prefix === "" || first?.type !== "paragraph") return item.children;
  return [{ ...first, children: [{ type: "text", value: prefix }, ...first.children] }, ...rest];
}

/** Tasks have one line each, and at most more tasks below. */
function isTaskList(node: List): boolean {
  const isTask = ({ checked, children }: ListItem) =>
    typeof checked === "boolean" &&
    children[0]?.type === "paragraph" &&
    children[0].children.every((child) => child.type !== "image") &&
    children.slice(1).every((child) => child.type === "list" && isTaskList(child));
  return node.ordered !== true && node.children.every(isTask);
}

function taskList(node: List, writing: Writing): AdfNode {
  const localId = writing.nextId();
  const content = node.children.flatMap(({ checked, children: [line, ...below] }): AdfNode[] => {
    const runs = line?.type === "paragraph" ? runsOf(line.children, writing) : [];
    const state = checked === true ? "DONE" : "TODO";
    const item: AdfNode = { type: "taskItem", attrs: { localId: writing.nextId(), state }, content: inlineToAdf(runs) };
    return [item, ...below.flatMap((child) => (child.type === "list" ? [taskList(child, writing)] : []))];
  });
  return { type: "taskList", attrs: { localId }, content };
}

/** A table as it was written, without what stands before its lines in a quote or a list. */
function tableSource(node: Table, writing: Writing): string {
  const dashes = { left: ":-", center: ":-:", right: "-:" };
  const line = (node.align ?? []).map((align) => (align === null ? "-" : dashes[align]));
  const [head = "", ...rows] = node.children.map((row) => sourceOf(row, writing));
  return [head, `| ${line.join(" | ")} |`, ...rows].join("\n");
}

function table(node: Table, writing: Writing): AdfNode {
  const width = node.children[0]?.children.length ?? 0;
  const content = node.children.map((row, index): AdfNode => {
    const type = index === 0 ? "tableHeader" : "tableCell";
    const cells = Array.from({ length: width }, (_, column): AdfNode => {
      const runs = settleCell(runsOf(row.children[column]?.children ?? [], writing));
      return { type, content: [paragraph(runs)] };
    });
    return { type: "tableRow", content: cells };
  });
  return { type: "table", content };
}
