import { markdownToTextile, textileToMarkdown } from "./textile/convert.ts";
import type { RedmineOptions } from "./types.ts";

/** How texts go in and out: Markdown on our side. */
export interface TextConverter {
  read(text: string): string;
  /** @param original what stands there now: what reads as before stays as people wrote it. @default nothing */
  write(markdown: string, original?: string): string;
}

const markdown: TextConverter = {
  read: (text) => text.replaceAll("\r\n", "\n"),
  write: (text) => text,
};
const textile: TextConverter = { read: textileToMarkdown, write: markdownToTextile };

export function textOf({ textFormat }: Pick<RedmineOptions, "textFormat">): TextConverter {
  return textFormat === "textile" ? textile : markdown;
}
