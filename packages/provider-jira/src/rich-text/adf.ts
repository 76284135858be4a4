import type { JsonValue } from "@backref/core/provider";
import { isTooDeep } from "./depth.ts";

/** A mark on a piece of text, such as `strong`. */
export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, JsonValue>>;
}

/**
 * A node of the Atlassian Document Format. What there is of them, and what may stand in what, says Atlassian's schema:
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, JsonValue>>;
  readonly content?: readonly AdfNode[];
  readonly text?: string;
  readonly marks?: readonly AdfMark[];
}

export interface AdfDocument extends AdfNode {
  readonly type: "doc";
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

/** The document, if the value is one; null for anything else. Of one that is nested too deeply, its text. */
export function asDocument(value: unknown): AdfDocument | null {
  const { type, content } = (typeof value === "object" && value !== null ? value : {}) as Partial<AdfDocument>;
  if (type !== "doc" || !Array.isArray(content)) return null;
  const childrenOf = (node: AdfNode) => node.content ?? [];
  const document: AdfDocument = { type, version: 1, content };
  if (!isTooDeep<AdfNode>(document, childrenOf)) return document;
  const texts: AdfNode[] = [];
  for (let level: readonly AdfNode[] = content; level.length > 0; level = level.flatMap(childrenOf)) {
    texts.push(...level.filter((node) => node.type === "text").map(({ text = "" }) => ({ type: "text", text })));
  }
  return { ...document, content: [{ type: "paragraph", content: texts }] };
}

export function attributeOf(node: AdfNode, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
