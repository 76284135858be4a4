import { type AdfNode, attributeOf } from "./adf.ts";
import { runsOfAdf } from "./adf-to-markdown.ts";
import { settle } from "./runs.ts";
import { escapeWiki, runsToWiki } from "./runs-to-wiki.ts";

/** Wiki markup's panels, by the types that ADF has. */
export const wikiPanels: Readonly<Record<string, string>> = {
  info: "{info}",
  note: "{note}",
  warning: "{warning}",
  success: "{tip}",
  error: "{panel:bgColor=#ffebe6}",
};

/** A document as wiki markup, for Data Center. */
export function adfToWiki(blocks: readonly AdfNode[]): string {
  return blocks
    .map(writeBlock)
    .filter((text) => text !== "")
    .join("\n\n");
}

function lines(node: AdfNode): string {
  return runsToWiki(runsOfAdf(node.content ?? []), "\n");
}

function writeBlock(node: AdfNode): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "paragraph":
      return lines(node);
    case "heading":
      return `h${attributeOf(node, "level")}. ${lines(node).replaceAll("\n", " ")}`;
    case "codeBlock":
      return writeCode(content.map(({ text = "" }) => text).join(""), attributeOf(node, "language"));
    case "rule":
      return "----";
    case "blockquote":
      return `{quote}\n${adfToWiki(content)}\n{quote}`;
    case "panel": {
      const open = wikiPanels[attributeOf(node, "panelType")] ?? "{info}";
      return `${open}\n${adfToWiki(content)}\n${open.replace(/:.*/, "}")}`;
    }
    case "bulletList":
    case "orderedList":
    case "taskList":
      return writeList(node, "");
    case "table":
      return content.map(writeRow).join("\n");
    case "mediaSingle":
      return content.map(writePicture).join("\n");
    default:
      return content.length > 0 ? adfToWiki(content) : "";
  }
}

/** Code that has the macro's own end in it goes into the other one. */
function writeCode(text: string, language: string): string {
  const macro = text.includes("{code}") ? "noformat" : "code";
  const option = language === "" || macro === "noformat" ? "" : `:${language.replace(/[^\w+#.-]/g, "")}`;
  return `{${macro}${option}}\n${text.replaceAll(`{${macro}}`, `{${macro} }`)}\n{${macro}}`;
}

/** An item is one line; what else is in it follows in lines of its own. */
function writeList(list: AdfNode, outer: string): string {
  const prefix = outer + (list.type === "orderedList" ? "#" : "*");
  return (list.content ?? [])
    .map((item) => {
      if (item.type === "taskList") return writeList(item, prefix);
      if (item.type === "taskItem")
        return `${prefix} ${attributeOf(item, "state") === "DONE" ? "☑" : "☐"} ${lines(item)}`.trimEnd();
      return writeItem(item.content ?? [], prefix);
    })
    .join("\n");
}

/** What stands behind a list within an item becomes an item of its own: there is no way back. */
function writeItem(blocks: readonly AdfNode[], prefix: string): string {
  const isList = ({ type }: AdfNode) => /List$/.test(type);
  const firstList = blocks.findIndex(isList);
  const own = firstList < 0 ? blocks : blocks.slice(0, firstList);
  const rest = firstList < 0 ? [] : blocks.slice(firstList);
  const next = rest.findIndex((block) => !isList(block));
  const lists = next < 0 ? rest : rest.slice(0, next);
  const behind = next < 0 ? [] : rest.slice(next);
  const texts = own.map((block) => writeBlock(block).replace(/\n{2,}/g, block.type === "codeBlock" ? "$&" : "\n"));
  // Code begins in a line of its own.
  const head = `${prefix} ${own[0]?.type === "codeBlock" ? "\n" : ""}${texts.filter((text) => text !== "").join("\n")}`;
  const below = lists.map((list) => writeList(list, prefix));
  return [head, ...below, ...(behind.length === 0 ? [] : [writeItem(behind, prefix)])].join("\n");
}

function writeRow(row: AdfNode): string {
  const cells = row.content ?? [];
  const bar = cells[0]?.type === "tableHeader" ? "||" : "|";
  const texts = cells.map((cell) =>
    runsToWiki(settle((cell.content ?? []).flatMap((block) => runsOfAdf(block.content ?? []))), "\\\\"),
  );
  return `${bar}${texts.map((text) => (text === "" ? " " : text)).join(bar)}${bar}`;
}

function writePicture({ attrs = {} }: AdfNode): string {
  const { url, alt } = attrs;
  const address = String(url ?? "").replace(/[\s!|\\]/g, encodeURIComponent);
  const words =
    typeof alt === "string" && alt !== ""
      ? `|alt="${escapeWiki(alt.replaceAll("\n", " "), '"', '"').replaceAll('"', "&#34;").replaceAll("\\!", "!").replaceAll("!", "&#33;")}"`
      : "";
  return `!${address}${words}!`;
}
