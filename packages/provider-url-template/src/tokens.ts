import { OptionProblem } from "./option-problem.ts";
import { alphabetOf } from "./pattern-elements.ts";

/** A piece of a key or of a part of a URL: fixed text, or a value that a pattern describes. */
export type Token =
  | { readonly type: "literal"; readonly text: string }
  | {
      readonly type: "value";
      readonly name: string;
      readonly pattern: string;
      /** False only for characters that no such value has. */
      mayHold(character: string): boolean;
    };

export function valueToken(name: string, source: string, ignoreCase: boolean): Token {
  let alphabet: ((character: string) => boolean) | undefined;
  return {
    type: "value",
    name,
    pattern: ignoreCase ? `(?i:${source})` : source,
    mayHold(character) {
      alphabet ??= alphabetOf(source, ignoreCase);
      return alphabet(character);
    },
  };
}

/**
 * Two values can be told apart if, between them, a character stands that one of them never has: then it marks the end of
 * the first or the beginning of the second.
 * @throws OptionProblem where they cannot, and for more than two
 */
export function checkSeparated(tokens: readonly Token[], where: string): void {
  const places = tokens.flatMap((token, index) => (token.type === "value" ? [index] : []));
  const [first = 0, second, third] = places;
  if (second === undefined) return;
  if (third !== undefined) throw new OptionProblem(`${capitalised(where)} can hold two values at most.`);
  const [left, right] = [tokens[first], tokens[second]];
  if (left?.type !== "value" || right?.type !== "value") return;
  const between = tokens.slice(first + 1, second).flatMap((token) => (token.type === "literal" ? [...token.text] : []));
  if (between.some((character) => !left.mayHold(character) || !right.mayHold(character))) return;
  throw new OptionProblem(
    between.length === 0
      ? `In ${where}, something has to stand between ${left.name} and ${right.name}.`
      : `In ${where}, "${between.join("")}" stands between ${left.name} and ${right.name}, and both may hold it themselves. Narrow the pattern of one of them.`,
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
