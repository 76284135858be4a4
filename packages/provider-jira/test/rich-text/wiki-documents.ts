import fc from "fast-check";

/** Words of people who write wiki markup by hand, and signs that mean something in it or in Markdown. */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("total", "is", "wrong", "Größe", "日本語", "a", "x1", "don't", "🎉") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ..."* _ - + ^ ~ # | || \\ \\\\ [ ] { } ! ? ?? -- --- : = < > & @ \" ' ` ``".split(" "),
      "snake_case",
      "2*3*4",
      "\\*not bold\\*",
      "{color:red}red{color}",
      "[~lena]",
      "(!)",
      "&#42;",
      "<b>",
      "1.",
      "https://example.com/a?b=c&d=e#f",
      "C:\\temp",
    ),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/[\r\n]/.test(text)) },
);

const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const wrap = (before: string, after = before) => line.map((text) => `${before}${text}${after}`);

const inline: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: line },
  { weight: 1, arbitrary: wrap("*") },
  { weight: 1, arbitrary: wrap("_") },
  { weight: 1, arbitrary: wrap("-") },
  { weight: 1, arbitrary: wrap("+") },
  { weight: 1, arbitrary: wrap("{*}") },
  { weight: 1, arbitrary: wrap("*_", "_ tail*") },
  { weight: 1, arbitrary: wrap("{{", "}}") },
  { weight: 1, arbitrary: wrap("[", "|https://example.com/x_y]") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("!https://example.com/p.png!", "!shot.png|width=20!", "[https://example.com]"),
  },
);

const text = fc.array(inline, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const lines = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("\n"));
const rows = (separator: string) =>
  fc
    .array(fc.tuple(text, text), { minLength: 1, maxLength: 3 })
    .map((cells) => cells.map((row) => `${separator}${row.join(separator)}${separator}`).join("\n"));

const block: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: lines },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 6 }), text).map(([level, title]) => `h${level}. ${title}`),
  },
  { weight: 1, arbitrary: lines.map((code) => `{code:java}\n${code}\n{code}`) },
  { weight: 1, arbitrary: lines.map((code) => `{noformat}\n${code}\n{noformat}`) },
  { weight: 1, arbitrary: lines.map((quoted) => `{quote}\n${quoted}\n{quote}`) },
  { weight: 1, arbitrary: lines.map((shown) => `{warning}\n${shown}\n{warning}`) },
  { weight: 1, arbitrary: text.map((quoted) => `bq. ${quoted}`) },
  { weight: 1, arbitrary: fc.constantFrom("----", '!https://example.com/p.png|alt="p"!') },
  { weight: 1, arbitrary: rows("|") },
  { weight: 1, arbitrary: rows("||") },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom("*", "**", "#", "#*", "-", "##"), lines), { minLength: 1, maxLength: 4 })
      .map((items) => items.map(([marker, item]) => `${marker} ${item}`).join("\n")),
  },
);

/** Whole texts of wiki markup, as tidy and as untidy as people write them. */
export const wikiDocument: fc.Arbitrary<string> = fc
  .array(block, { maxLength: 4 })
  .map((blocks) => blocks.join("\n\n"));
