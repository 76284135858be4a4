import type { RedmineOptions } from "./types.ts";

/** How texts go in and out: Markdown on our side. */
export interface TextConverter {
  read(text: string): string;
  write(markdown: string): string;
}

const asItIs: TextConverter = { read: (text) => text, write: (markdown) => markdown };

export function textOf(_options: RedmineOptions): TextConverter {
  return asItIs;
}
