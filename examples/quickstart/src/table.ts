export interface Column {
  readonly title: string;
  /** May be cut off where the table is too wide. */
  readonly flexible?: boolean;
}

const gap = "  ";
const narrowest = 12;

/** A table of plain text that fits the width if its flexible columns can make up for it. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_column, index) => Math.max(...lines.map((line) => (line[index] ?? "").length)));
  const total = (): number => widths.reduce((sum, next) => sum + next, gap.length * (widths.length - 1));
  while (total() > width) {
    // The widest flexible column gives way first.
    const widest = columns.reduce((best, column, index) => {
      const isWider = column.flexible === true && (widths[index] ?? 0) > (widths[best] ?? narrowest);
      return isWider ? index : best;
    }, -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const format = (line: readonly string[]): string =>
    widths
      .map((columnWidth, index) => cut(line[index] ?? "", columnWidth).padEnd(columnWidth))
      .join(gap)
      .trimEnd();
  const rule = widths.map((columnWidth) => "─".repeat(columnWidth)).join(gap);
  const [head = [], ...body] = lines;
  return [format(head), rule, ...body.map(format)].join("\n");
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
