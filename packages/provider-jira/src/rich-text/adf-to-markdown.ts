import type { BlockContent, List, ListItem, PhrasingContent, RootContent, TableRow } from "mdast";
import { type AdfNode, attributeOf } from "./adf.ts";
import { type BreakForm, phrasingOf } from "./inline-to-markdown.ts";
import { type MarkdownTools, raw } from "./markdown.ts";
import { languageOf, panelTypes } from "./markdown-to-adf.ts";
import { type Run, type RunMark, settle, settleCell } from "./runs.ts";

/** The Markdown of each block of a document; empty for one that shows nothing. */
export function adfToChunks(blocks: readonly AdfNode[], tools: MarkdownTools): readonly string[] {
  return blocks.map((block) => tools.write(convert(block)));
}

/** A document of ADF as Markdown. What Markdown has no form for keeps its text. */
export function adfToMarkdown(document: AdfNode, tools: MarkdownTools): string {
  // Written at once: neighbours decide how a list is marked.
  return tools.write((document.content ?? []).flatMap(convert));
}

const runMarkOf: Readonly<Record<string, RunMark>> = {
  strong: "strong",
  em: "em",
  strike: "strike",
  underline: "underline",
  code: "code",
};

/** Inline nodes as runs. People, dates and the like become the text that they show. */
export function runsOfAdf(nodes: readonly AdfNode[]): readonly Run[] {
  const runs = nodes.map((node): Run => {
    const marks = new Set<RunMark>();
    let link: Run["link"] = null;
    for (const mark of node.marks ?? []) {
      const known = runMarkOf[mark.type];
      if (known !== undefined) marks.add(known);
      if (mark.type === "subsup") marks.add(mark.attrs?.["type"] === "sup" ? "sup" : "sub");
      if (mark.type === "link")
        link = { href: String(mark.attrs?.["href"] ?? ""), title: String(mark.attrs?.["title"] ?? "") };
    }
    const url = /Card$/.test(node.type) ? attributeOf(node, "url") : "";
    return { text: inlineText(node), marks, link: url === "" ? link : { href: url, title: "" } };
  });
  // A break is marked where the text on both of its sides is.
  const joined = runs.map((run, index): Run => {
    const [before, after] = [runs[index - 1], runs[index + 1]];
    if (run.text !== "\n" || before === undefined || after === undefined) return run;
    const isLinked = before.link?.href === after.link?.href && before.link?.title === after.link?.title;
    const shared = [...before.marks].filter((mark) => mark !== "code" && after.marks.has(mark));
    return { text: "\n", marks: new Set(shared), link: isLinked ? before.link : null };
  });
  return settle(joined);
}

function inlineText(node: AdfNode): string {
  switch (node.type) {
    case "text":
      return node.text ?? "";
    case "hardBreak":
      return "\n";
    case "mention":
      return `@${attributeOf(node, "text").replace(/^@/, "") || attributeOf(node, "id")}`;
    case "emoji":
      return attributeOf(node, "text") || attributeOf(node, "shortName");
    case "status":
    case "placeholder":
      return attributeOf(node, "text");
    case "date": {
      const time = Number(attributeOf(node, "timestamp"));
      return Number.isFinite(time) && Math.abs(time) < 8e15 ? new Date(time).toISOString().slice(0, 10) : "";
    }
    case "inlineCard":
      return attributeOf(node, "url");
    case "mediaInline":
      return attributeOf(node, "alt") || attributeOf(node, "id");
    default:
      return attributeOf(node, "text");
  }
}

function phrasing(node: AdfNode, breaks: BreakForm): PhrasingContent[] {
  return phrasingOf(runsOfAdf(node.content ?? []), breaks);
}

function paragraphOf(children: PhrasingContent[]): RootContent[] {
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}

function convert(node: AdfNode): RootContent[] {
  const content = node.content ?? [];
  switch (node.type) {
    case "paragraph":
      return paragraphOf(phrasing(node, "line"));
    case "heading": {
      const depth = Math.min(6, Math.max(1, Number(attributeOf(node, "level")) || 1)) as 1;
      return [{ type: "heading", depth, children: phrasing(node, "space") }];
    }
    case "codeBlock": {
      const language = languageOf(attributeOf(node, "language"));
      return [{ type: "code", lang: language === "" ? null : language, value: content.map(inlineText).join("") }];
    }
    case "rule":
      return [{ type: "thematicBreak" }];
    case "blockquote":
      return [{ type: "blockquote", children: withoutAlert(blocks(content)) }];
    case "panel":
      return [{ type: "blockquote", children: withAlert(attributeOf(node, "panelType"), blocks(content)) }];
    case "bulletList":
    case "orderedList":
      return [listOf(node)];
    case "taskList":
    case "decisionList":
      return [taskListOf(node)];
    case "table":
      return tableOf(content);
    case "mediaSingle":
    case "mediaGroup":
      return content.flatMap(mediaOf);
    case "expand":
    case "nestedExpand": {
      const title = attributeOf(node, "title");
      const strong: PhrasingContent = { type: "strong", children: [{ type: "text", value: title }] };
      return [...(title.trim() === "" ? [] : paragraphOf([strong])), ...content.flatMap(convert)];
    }
    case "blockCard":
    case "embedCard": {
      const url = attributeOf(node, "url");
      return url === ""
        ? []
        : paragraphOf(phrasingOf([{ text: url, marks: new Set(), link: { href: url, title: "" } }], "line"));
    }
    case "extension":
      return paragraphOf(attributeOf(node, "text") === "" ? [] : [{ type: "text", value: attributeOf(node, "text") }]);
    default:
      // Layouts, captions and whatever comes in future: what they hold is shown one after the other.
      return content.some((child) => isInline(child)) ? paragraphOf(phrasing(node, "line")) : content.flatMap(convert);
  }
}

function isInline({ type }: AdfNode): boolean {
  return [
    "text",
    "hardBreak",
    "mention",
    "emoji",
    "status",
    "date",
    "inlineCard",
    "mediaInline",
    "inlineExtension",
    "placeholder",
  ].includes(type);
}

function blocks(nodes: readonly AdfNode[]): BlockContent[] {
  return nodes.flatMap(convert) as BlockContent[];
}

/** Text that only looks like an alert. */
function withoutAlert(children: BlockContent[]): BlockContent[] {
  const [first, ...rest] = children;
  const head = first?.type === "paragraph" ? first.children[0] : undefined;
  if (first?.type !== "paragraph" || head?.type !== "text" || !/^\[![A-Z]+\]/.test(head.value)) return children;
  const shown = [raw("\\["), { ...head, value: head.value.slice(1) }, ...first.children.slice(1)];
  return [{ ...first, children: shown }, ...rest];
}

function withAlert(panelType: string, children: BlockContent[]): BlockContent[] {
  const name = Object.keys(panelTypes).find((key) => panelTypes[key] === panelType) ?? "NOTE";
  const [first, ...rest] = children;
  const head = raw(`[!${name}]`);
  // A picture stands alone.
  const isText = first?.type === "paragraph" && !(first.children.length === 1 && first.children[0]?.type === "image");
  if (!isText) return [{ type: "paragraph", children: [head] }, ...children];
  return [{ type: "paragraph", children: [head, raw("\n"), ...first.children] }, ...rest];
}

function listOf(node: AdfNode): RootContent {
  const isOrdered = node.type === "orderedList";
  const children = (node.content ?? []).map(
    (item): ListItem => ({ type: "listItem", ...itemOf(blocks(item.content ?? [])) }),
  );
  const start = Number(attributeOf(node, "order") || "1");
  return { type: "list", ordered: isOrdered, start: isOrdered ? start : null, spread: false, children };
}

/** A list that begins otherwise than most cannot follow a line of text without an empty one between. */
function itemOf(children: BlockContent[]): Pick<ListItem, "spread" | "children"> {
  const needsRoom = children.some((child) => child.type === "list" && startsUnusually(child));
  return { spread: needsRoom, children };
}

function startsUnusually({ ordered, start, children }: List): boolean {
  const [first] = children[0]?.children ?? [];
  const isEmpty = first === undefined;
  return (ordered === true && start !== 1) || isEmpty || (first.type === "list" && startsUnusually(first));
}

function taskListOf(node: AdfNode): RootContent {
  const children: ListItem[] = [];
  for (const item of node.content ?? []) {
    const last = children.at(-1);
    if (item.type === "taskList" && last !== undefined) {
      last.children.push(taskListOf(item) as BlockContent);
      continue;
    }
    const inner =
      item.type === "blockTaskItem"
        ? blocks(item.content ?? [])
        : (paragraphOf(phrasing(item, "line")) as BlockContent[]);
    const isTask = item.type !== "decisionItem" && inner.length > 0;
    const checked = isTask ? attributeOf(item, "state") === "DONE" : null;
    children.push({ type: "listItem", spread: false, checked, children: inner });
  }
  return { type: "list", ordered: false, start: null, spread: false, children };
}

/** Markdown's tables have one line per row, and the first is the head. */
function tableOf(rows: readonly AdfNode[]): RootContent[] {
  const children = rows.map((row): TableRow => {
    const cells = (row.content ?? []).map((cell) => ({
      type: "tableCell" as const,
      children: phrasingOf(settleCell(cellRuns(cell)), "tag"),
    }));
    return { type: "tableRow", children: cells };
  });
  return children.length === 0 ? [] : [{ type: "table", align: [], children }];
}

function cellRuns(node: AdfNode): readonly Run[] {
  const content = node.content ?? [];
  if (node.type === "codeBlock") {
    const lines = content.map(inlineText).join("").split("\n");
    return lines.flatMap((text) => [{ text, marks: new Set<RunMark>(["code"]), link: null }, lineBreak]);
  }
  if (content.some(isInline) || node.type === "paragraph") return [...runsOfAdf(content), lineBreak];
  const bullet: readonly Run[] = /Item$/.test(node.type) ? [{ ...lineBreak, text: "- " }] : [];
  const own = attributeOf(node, "title");
  const title: readonly Run[] = own === "" ? [] : [{ ...lineBreak, text: own }, lineBreak];
  return [...bullet, ...title, ...content.flatMap(cellRuns)];
}

const lineBreak: Run = { text: "\n", marks: new Set(), link: null };

/** A picture of elsewhere; a file of Jira's own by its name. */
function mediaOf(node: AdfNode): RootContent[] {
  if (node.type !== "media") return convert({ ...node, type: "paragraph" });
  const alt = attributeOf(node, "alt");
  const url = attributeOf(node, "url");
  if (url !== "") return paragraphOf([{ type: "image", url, alt, title: null }]);
  return paragraphOf([{ type: "text", value: alt || attributeOf(node, "id") || "attachment" }]);
}
