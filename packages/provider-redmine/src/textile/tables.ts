const separator = /^\|(?: --- \|)+$/;
const row = /^\| (.+) \|$/;

function cellsOf(line: string): readonly string[] | null {
  return row.exec(line)?.[1]?.split(" | ") ?? null;
}

/** A table in Markdown begins with a head; null for lines that are none. */
export function tableToTextile(lines: readonly string[], convert: (cell: string) => string): readonly string[] | null {
  const [head = "", line = "", ...body] = lines;
  const rows = [head, ...body].map(cellsOf);
  if (!separator.test(line) || !rows.every((cells) => cells !== null)) return null;
  return rows.map((cells, index) => {
    const sign = index === 0 ? "_. " : " ";
    return `|${cells.map((cell) => `${sign}${convert(cell)} |`).join("")}`;
  });
}

/** Rows in Textile whose first are heads; null for lines that are none. */
export function tableToMarkdown(lines: readonly string[], convert: (cell: string) => string): readonly string[] | null {
  const [head = "", ...body] = lines;
  const heads = /^\|_\. (.+) \|$/.exec(head)?.[1]?.split(" |_. ");
  const rows = body.map(cellsOf);
  if (heads === undefined || !rows.every((cells) => cells !== null)) return null;
  const written = [heads, ...rows].map((cells) => `| ${cells.map(convert).join(" | ")} |`);
  return [written[0] ?? "", `|${" --- |".repeat(heads.length)}`, ...written.slice(1)];
}
