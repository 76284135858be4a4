/** What core puts between two comments of HTML, with a token that says whose it is. */
export interface MarkedBlock {
  readonly token: string;
  /** Markdown between the comments. */
  readonly inner: string;
}

const pattern = /<!-- backref:(br-[0-9a-z]+) -->\n?([\s\S]*?)\n?<!-- \/backref:\1 -->/;

/** The first marked block of a text; null for none. */
export function findBlock(markdown: string): (MarkedBlock & { readonly start: number; readonly end: number }) | null {
  const match = pattern.exec(markdown);
  if (match === null) return null;
  const [whole, token = "", inner = ""] = match;
  return { token, inner, start: match.index, end: match.index + whole.length };
}

/** The text without the comments: Jira has no place for what nobody sees. */
export function unmark(markdown: string): string {
  const block = findBlock(markdown);
  if (block === null) return markdown;
  return `${markdown.slice(0, block.start)}${block.inner}${markdown.slice(block.end)}`;
}

/** The text without the block and what separates it from the rest. */
export function withoutBlock(markdown: string): string {
  const block = findBlock(markdown);
  if (block === null) return markdown;
  const parts = [markdown.slice(0, block.start).trimEnd(), markdown.slice(block.end).trimStart()];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Puts the comments back around the block, where its text stands in lines of its own. */
export function mark(markdown: string, { token, inner }: MarkedBlock): string {
  const at = markdown.lastIndexOf(inner);
  const isWhole =
    at >= 0 &&
    inner !== "" &&
    (at === 0 || markdown[at - 1] === "\n") &&
    /^(?:\n|$)/.test(markdown.slice(at + inner.length));
  if (!isWhole) return markdown;
  const [before, after] = [markdown.slice(0, at), markdown.slice(at + inner.length)];
  return `${before}<!-- backref:${token} -->\n${inner}\n<!-- /backref:${token} -->${after}`;
}
