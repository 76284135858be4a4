/** What a cell holds. Null is an empty cell. */
export type CsvValue = string | number | null;

/** Characters that make spreadsheets compute a cell instead of showing it; the wide ones count as the same in some of them. */
const sign = /[=+\-@＝＋－＠]/u;
/**
 * A sign behind what spreadsheets pass over: spaces, control and invisible characters, and quotation marks, which a program
 * set to another separator reads as its own. Tabs and line breaks at the beginning count by themselves.
 */
const beginsFormula = /^[\s"\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
/** Runs of separators and of what is passed over, with the sign that follows. Whole runs, so that the time stays linear. */
const afterSeparator = /[;|\s"\p{Cc}\p{Cf}]+[=+\-@＝＋－＠]?/gu;
const separator = /[;|\t\r\n]/u;

/**
 * The text with an apostrophe wherever a spreadsheet might begin to compute: at the beginning, and behind what a program set
 * to another separator takes for the end of a cell, since there quotation marks do not protect it.
 */
export function withoutFormulas(text: string): string {
  const inner = text.replaceAll(afterSeparator, (run) => {
    const last = run.at(-1) ?? "";
    return sign.test(last) && separator.test(run) ? `${run.slice(0, -1)}'${last}` : run;
  });
  return beginsFormula.test(inner) ? `'${inner}` : inner;
}

/** One record of RFC 4180, with its line end. Texts cannot become formulas. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = withoutFormulas(value);
  return /[",;|\s]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
