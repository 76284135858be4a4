import { OptionProblem } from "./option-problem.ts";
import { compilePattern, quote } from "./safe-pattern.ts";

const element =
  /\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|..)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\(\?<\w*>|\(\?:|\(\?|./gsu;
const structure = /^(?:[()|*+?^$]|\(\?:|\{\d+(?:,\d*)?\}|\\[bBAzZ])$/;

/**
 * A regular expression, cut into escapes, classes, repetitions, beginnings of groups and single characters.
 * @throws OptionProblem for what would need more than that to be understood
 */
export function elementsOf(source: string): readonly string[] {
  const elements = source.match(element) ?? [];
  for (const text of elements) {
    if (text === "(?") {
      throw new OptionProblem("Of groups that begin with (? there are (?<container>…), (?<item>…) and (?:…) only.");
    }
    if (/^\\[QEC0-9]$/.test(text)) throw new OptionProblem(`Write ${text} in another way; it is not supported here.`);
  }
  return elements;
}

/** The index of the `)` that belongs to the group beginning at `from`. */
export function closingOf(elements: readonly string[], from: number): number {
  let depth = 0;
  for (const [index, text] of elements.entries()) {
    if (index < from) continue;
    if (text.startsWith("(")) depth += 1;
    else if (text === ")") depth -= 1;
    if (depth === 0) return index;
  }
  throw new OptionProblem("A group is not closed.");
}

/** Which characters may stand in what a pattern matches; rather one too many. */
export function alphabetOf(source: string, ignoreCase: boolean): (character: string) => boolean {
  const characters = elementsOf(source).filter((text) => !structure.test(text));
  const patterns = characters.map((text) =>
    compilePattern(text.length === 1 && text !== "." ? quote(text) : text, ignoreCase),
  );
  return (character) => patterns.some((pattern) => pattern.matches(character));
}
