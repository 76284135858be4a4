import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLine, withoutFormulas } from "../../src/services/traceability/csv.ts";

const special = [
  "=",
  "+",
  "-",
  "@",
  "＝",
  "＠",
  "\t",
  "\r",
  "\n",
  '"',
  "'",
  ",",
  ";",
  "|",
  " ",
  "a",
  "1",
  "\u202e",
  "\ufeff",
];
/** What people and attackers write: any text, and texts of nothing but special characters. */
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom(...special), maxLength: 12 }));
const rows = fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });

const documentOf = (values: readonly (readonly string[])[]) => values.map(csvLine).join("");
const options = { relax_column_count: true, skip_empty_lines: false } as const;

/** A cell that a spreadsheet computes, whatever it passes over at the beginning. */
const isFormula = (cell: string) => /^[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]/u.test(cell);

describe("CSV", () => {
  test("is read back as it was written, but for the apostrophes", () => {
    fc.assert(
      fc.property(rows, (values) => {
        expect(parse(documentOf(values), { ...options, record_delimiter: "\r\n" })).toEqual(
          values.map((row) => row.map(withoutFormulas)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("apostrophes are all that is added, and only where a sign or a separator is", () => {
    fc.assert(
      fc.property(text, (value) => {
        const safe = withoutFormulas(value);
        expect(safe.replaceAll("'", "")).toBe(value.replaceAll("'", ""));
        if (!/[=+\-@＝＋－＠\t\r\n]/u.test(value)) expect(safe).toBe(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has no cell that is a formula, whatever the program that opens it takes for a separator", () => {
    fc.assert(
      fc.property(rows, (values) => {
        const document = documentOf(values);
        const strict = parse(document, { ...options, record_delimiter: "\r\n" }) as string[][];
        expect(strict.flat().filter((cell) => isFormula(cell))).toEqual([]);
        // A program set to another separator knows no quotation marks inside a cell, nor what is inside them.
        const cells = document.split(/[;|\t\r\n]/u);
        expect(cells.filter((cell) => isFormula(cell))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["-2+3", "'-2+3"],
    ["+49 30", "'+49 30"],
    ["\t=1", "'\t'=1"],
    ["\rx", "'\rx"],
    [" =1", "' =1"],
    ["\u200b=1", "'\u200b=1"],
    ["＝1", "'＝1"],
    ["Total; =HYPERLINK(1)", "Total; '=HYPERLINK(1)"],
    ['x;"=1"', 'x;"\'=1"'],
    ["Steps\n- open", "Steps\n'- open"],
    ["a = b - c", "a = b - c"],
    ["Login fails", "Login fails"],
    ["", ""],
  ])("%j becomes %j", (value, safe) => {
    expect(withoutFormulas(value)).toBe(safe);
  });

  test("numbers and nothing stay what they are", () => {
    expect(csvLine([1, -5, null, "x"])).toBe("1,-5,,x\r\n");
  });

  test("a text of nothing but separators costs time in proportion to its length", () => {
    const started = performance.now();
    withoutFormulas("\t;".repeat(500_000));
    withoutFormulas(" ".repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
