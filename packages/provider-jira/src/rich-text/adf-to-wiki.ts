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
      const blocks = item.content ?? [];
      const texts = blocks
        .filter(({ type }) => !/List$/.test(type))
        .map(writeBlock)
        .filter((text) => text !== "");
      const nested = blocks.filter(({ type }) => /List$/.test(type)).map((child) => writeList(child, prefix));
      return [`${prefix} ${texts.join("\n").replace(/\n{2,}/g, "\n")}`.trimEnd(), ...nested].join("\n");
    })
    .join("\n");
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
