import { RE2JS } from "re2js";
import { OptionProblem } from "./option-problem.ts";

/** Instructions of the compiled program; a match takes at most as many steps per character. */
const mostInstructions = 500;

/** A regular expression that takes linear time, whatever the pattern and the text are. */
export interface SafePattern {
  matches(text: string): boolean;
  /** The named groups of a match of the whole text, undefined for those that took no part; null for no match. */
  groups(text: string): Readonly<Record<string, string | undefined>> | null;
}

/** @throws OptionProblem for a pattern that is malformed, or expensive to match */
export function compilePattern(source: string, ignoreCase: boolean): SafePattern {
  const compiled = compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  if (compiled.programSize() > mostInstructions) {
    throw new OptionProblem("The pattern is too large. Use fewer or smaller repetitions.");
  }
  return {
    matches: (text) => compiled.matches(text),
    groups(text) {
      const matcher = compiled.matcher(text);
      if (!matcher.matches()) return null;
      const names = Object.keys(compiled.namedGroups());
      return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined]));
    },
  };
}

export function quote(text: string): string {
  return RE2JS.quote(text);
}

function compile(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
    throw new OptionProblem(`This is no regular expression in RE2 syntax: ${reason}.`);
  }
}
