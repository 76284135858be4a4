/** A part of a text: lines of code with what stands around them, or lines that are none. */
export interface Block {
  readonly lines: readonly string[];
  /** Language of code, empty for none; null where it is no code. */
  readonly language: string | null;
}

/** Markdown between fences of three backticks that begin their line; other fences are lines like all. */
export function markdownBlocks(text: string): readonly Block[] {
  return splitAt(text, /^```([\w+#-]*)$/, /^```$/);
}

/** Textile between `<pre>` and `</pre>` that have a line to themselves. */
export function textileBlocks(text: string): readonly Block[] {
  return splitAt(text, /^<pre>(?:<code(?: class="([\w+#-]*)")?>)?$/, /^(?:<\/code>)?<\/pre>$/);
}

function splitAt(text: string, begin: RegExp, end: RegExp): readonly Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) blocks.push({ lines: plain, language: null });
    plain = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const found = begin.exec(line);
    const close = found === null ? -1 : lines.findIndex((candidate, index) => index > at && end.test(candidate));
    if (found === null || close < 0) {
      plain.push(line);
      // A group of lines ends with an empty one: lists are counted within.
      if (line === "") flush();
      continue;
    }
    flush();
    blocks.push({ lines: lines.slice(at + 1, close), language: found[1] ?? "" });
    at = close;
  }
  flush();
  return blocks;
}
