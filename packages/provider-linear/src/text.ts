/**
 * Linear keeps texts as documents and shows HTML as text, so a rule right below a comment would make a heading of it. What core
 * puts around its own part stands in paragraphs of its own.
 */
export function writeText(markdown: string): string {
  return markdown
    .replace(/(<!-- backref:[0-9a-z-]+ -->)\n(?!\n)(?:---\n(?!\n))?/g, (marks, start: string) =>
      marks.includes("---") ? `${start}\n\n---\n\n` : `${start}\n\n`,
    )
    .replace(/([^\n])\n(<!-- \/backref:[0-9a-z-]+ -->)/g, "$1\n\n$2");
}

/** An identifier of an issue stands in a tag of its own in some answers; people wrote it without. */
export function readText(markdown: string): string {
  return markdown.replace(/<issue\b[^<>]{0,200}>([^<>]{0,200})<\/issue>/g, "$1");
}

/** A comment without the block that names its author, which it begins with. */
export function withoutAuthor(markdown: string): string {
  return markdown.replace(/^<!-- backref:([0-9a-z-]+) -->\n[\s\S]*?\n<!-- \/backref:\1 -->\n*/, "");
}
