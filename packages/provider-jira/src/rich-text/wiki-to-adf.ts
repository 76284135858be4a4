import type { AdfNode } from "./adf.ts";
import { wikiPanels } from "./adf-to-wiki.ts";
import { deepestNesting } from "./depth.ts";
import { inlineToAdf } from "./markdown-to-adf.ts";
import { matchPicture, wikiToRuns } from "./wiki-to-runs.ts";

/** Wiki markup as blocks of ADF. Macros that are not understood stay text. */
export function wikiToAdf(markup: string): readonly AdfNode[] {
  const state = { lines: markup.replace(/\r\n?/g, "\n").split("\n"), at: 0, tasks: 0, depth: 0 };
  return readBlocks(state, () => false);
}

interface Reading {
  readonly lines: readonly string[];
  at: number;
  tasks: number;
  /** Of macros within macros. */
  depth: number;
}

// Four dashes before words are no list.
const listLine = /^(?!-{4,}\s)([*#-]+)\s+(.*)$/;
const headingLine = /^h([1-6])\.\s*(.*)$/;
const special =
  /^(?:(?!-{4,}\s)[*#-]+\s|h[1-6]\.(?:\s|$)|bq\.\s|\{(?:code|noformat|quote|info|note|warning|tip|panel)[:}]|-{4,}\s*$|\|)/;

function readBlocks(state: Reading, isEnd: (line: string) => boolean): AdfNode[] {
  const blocks: AdfNode[] = [];
  while (state.at < state.lines.length) {
    const line = state.lines[state.at] ?? "";
    if (isEnd(line)) break;
    if (line.trim() === "") state.at += 1;
    else blocks.push(...readBlock(state, line, isEnd));
  }
  return blocks;
}

function readBlock(state: Reading, line: string, isEnd: (line: string) => boolean): readonly AdfNode[] {
  const [, level, title = ""] = headingLine.exec(line) ?? [];
  if (level !== undefined) {
    state.at += 1;
    return [{ type: "heading", attrs: { level: Number(level) }, content: inlineToAdf(wikiToRuns(title)) }];
  }
  if (/^-{4,}\s*$/.test(line)) {
    state.at += 1;
    return [{ type: "rule" }];
  }
  if (line.startsWith("bq. ")) {
    state.at += 1;
    return [{ type: "blockquote", content: [paragraph(line.slice("bq. ".length))] }];
  }
  const [, macro, options = ""] =
    /^\{(code|noformat|quote|info|note|warning|tip|panel)(?::([^}]*))?\}\s*$/.exec(line) ?? [];
  if (
    macro !== undefined &&
    state.depth < deepestNesting &&
    state.lines.slice(state.at + 1).some((other) => other.trim() === `{${macro}}`)
  ) {
    return readMacro(state, line.trim(), macro, options);
  }
  if (listLine.test(line)) return readLists(state, isEnd);
  if (line.startsWith("|")) return [readTable(state)];
  return readParagraph(state, isEnd);
}

function paragraph(text: string): AdfNode {
  return { type: "paragraph", content: inlineToAdf(wikiToRuns(text)) };
}

function readMacro(state: Reading, open: string, macro: string, options: string): readonly AdfNode[] {
  const close = `{${macro}}`;
  state.at += 1;
  if (macro === "code" || macro === "noformat") {
    const from = state.at;
    while (state.lines[state.at]?.trim() !== close) state.at += 1;
    const text = state.lines.slice(from, state.at).join("\n").replaceAll(`{${macro} }`, close);
    state.at += 1;
    const language = /^[\w+#.-]+$/.exec(options.split("|")[0] ?? "")?.[0];
    const attrs = language === undefined ? {} : { attrs: { language } };
    return [{ type: "codeBlock", ...attrs, content: text === "" ? [] : [{ type: "text", text }] }];
  }
  state.depth += 1;
  const content = readBlocks(state, (line) => line.trim() === close);
  state.depth -= 1;
  state.at += 1;
  const filled = content.length === 0 ? [paragraph("")] : content;
  if (macro === "quote") return [{ type: "blockquote", content: filled }];
  const panelType = Object.keys(wikiPanels).find((type) => wikiPanels[type] === open) ?? "info";
  return [{ type: "panel", attrs: { panelType }, content: filled }];
}

function readParagraph(state: Reading, isEnd: (line: string) => boolean): readonly AdfNode[] {
  const from = state.at;
  do state.at += 1;
  while (state.at < state.lines.length && !isBreak(state.lines[state.at] ?? "", isEnd));
  return textBlocks(state.lines.slice(from, state.at).join("\n"));
}

/** A picture that stands alone is a block; nothing is none. */
function textBlocks(text: string): readonly AdfNode[] {
  const picture = matchPicture(text.trim());
  if (picture !== null && picture.length === text.trim().length && /^https?:/.test(picture.url)) {
    const { url, alt } = picture;
    const media: AdfNode = { type: "media", attrs: { type: "external", url, ...(alt !== "" && { alt }) } };
    return [{ type: "mediaSingle", attrs: { layout: "center" }, content: [media] }];
  }
  const made = paragraph(text);
  return made.content?.length === 0 ? [] : [made];
}

function isBreak(line: string, isEnd: (line: string) => boolean): boolean {
  return line.trim() === "" || isEnd(line) || special.test(line);
}

/** A line of a list, with what follows it there: more lines, pictures, code. */
interface Item {
  readonly prefix: string;
  readonly text: string;
  readonly blocks: readonly AdfNode[];
}

function readLists(state: Reading, isEnd: (line: string) => boolean): readonly AdfNode[] {
  const items: Item[] = [];
  while (state.at < state.lines.length) {
    const line = state.lines[state.at] ?? "";
    const [, prefix, text = ""] = listLine.exec(line) ?? [];
    const last = items.at(-1);
    if (isEnd(line) || line.trim() === "") break;
    if (prefix !== undefined) {
      const isPicture = textBlocks(text)[0]?.type === "mediaSingle";
      items.push({
        prefix: prefix.replaceAll("-", "*").slice(0, deepestNesting),
        text: isPicture ? "" : text,
        blocks: isPicture ? textBlocks(text) : [],
      });
    } else if (last !== undefined && /^\{(?:code|noformat)[:}]/.test(line)) {
      items[items.length - 1] = { ...last, blocks: [...last.blocks, ...readBlock(state, line, isEnd)] };
      continue;
    } else if (last === undefined || special.test(line)) break;
    else if (last.blocks.length > 0 || matchPicture(line) !== null) {
      items[items.length - 1] = { ...last, blocks: [...last.blocks, ...textBlocks(line)] };
    } else items[items.length - 1] = { ...last, text: `${last.text}\n${line}` };
    state.at += 1;
  }
  return buildLists(items, 0, state);
}

/** Items of one depth, each with the deeper ones that follow it. */
function buildLists(items: readonly Item[], depth: number, state: Reading): AdfNode[] {
  const lists: AdfNode[] = [];
  for (let at = 0; at < items.length; ) {
    const kind = items[at]?.prefix[depth] ?? "*";
    const rows: Row[] = [];
    while (at < items.length && (items[at]?.prefix[depth] ?? "*") === kind) {
      const item = items[at] as Item;
      const isHere = item.prefix.length <= depth + 1;
      let end = at + (isHere ? 1 : 0);
      while (end < items.length && (items[end]?.prefix.length ?? 0) > depth + 1 && items[end]?.prefix[depth] === kind)
        end += 1;
      rows.push({
        text: isHere ? item.text : "",
        blocks: isHere ? item.blocks : [],
        below: items.slice(at + (isHere ? 1 : 0), end),
      });
      at = end;
    }
    lists.push(kind === "#" ? listOf("orderedList", rows, depth, state) : bulletsOf(rows, depth, state));
  }
  return lists;
}

type Row = Omit<Item, "prefix"> & { readonly below: readonly Item[] };

function bulletsOf(rows: readonly Row[], depth: number, state: Reading): AdfNode {
  const isTasks = rows.every(({ text, blocks, below }) => /^[☐☑] \S/.test(text) && blocks.length + below.length === 0);
  if (!isTasks) return listOf("bulletList", rows, depth, state);
  const nextId = () => {
    state.tasks += 1;
    return `task-${state.tasks}`;
  };
  const localId = nextId();
  const content = rows.map(({ text }): AdfNode => {
    const attrs = { localId: nextId(), state: text.startsWith("☑") ? "DONE" : "TODO" };
    return { type: "taskItem", attrs, content: inlineToAdf(wikiToRuns(text.slice(2))) };
  });
  return { type: "taskList", attrs: { localId }, content };
}

function listOf(type: "bulletList" | "orderedList", rows: readonly Row[], depth: number, state: Reading): AdfNode {
  const content = rows.map(({ text, blocks, below }): AdfNode => {
    const first = text.trim() === "" && blocks.length > 0 ? [] : [paragraph(text)];
    return { type: "listItem", content: [...first, ...blocks, ...buildLists(below, depth + 1, state)] };
  });
  return { type, ...(type === "orderedList" && { attrs: { order: 1 } }), content };
}

function readTable(state: Reading): AdfNode {
  const rows: AdfNode[] = [];
  for (let line = state.lines[state.at] ?? ""; line.startsWith("|"); line = state.lines[state.at] ?? "") {
    const isHead = line.startsWith("||");
    const cells = splitCells(line.trim());
    const content = cells.map(
      (cell): AdfNode => ({ type: isHead ? "tableHeader" : "tableCell", content: [paragraph(cell.trim())] }),
    );
    rows.push({ type: "tableRow", content });
    state.at += 1;
  }
  return { type: "table", content: rows };
}

/** Bars within links and code belong to them. */
function splitCells(line: string): readonly string[] {
  const inner = line.replace(/^\|{1,2}/, "").replace(/(?<!\\)\|{1,2}$/, "");
  const cells: string[] = [""];
  for (const [piece] of inner.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|![^\s!|]+\|[^!]*!|\|{1,2}|[\s\S]/g)) {
    if (/^\|{1,2}$/.test(piece)) cells.push("");
    else cells[cells.length - 1] += piece;
  }
  return cells;
}
