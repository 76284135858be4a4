import type { PriorityMapping } from "@backref/core";
import { priorityMapping } from "../../oracle/meaning.ts";

/** Linear's numbers in the words that the judge has for priorities; none is the empty one. */
const words = ["", "priority:critical", "priority:high", "priority:medium", "priority:low"];
const names: Readonly<Record<string, string>> = {
  "priority:critical": "Urgent",
  "priority:high": "High",
  "priority:medium": "Medium",
  "priority:low": "Low",
};

/** A priority that Linear has no name for here is what it says. */
export const wordOfName = (name: string): string => words.find((word) => names[word] === name) ?? name;

export const wordOf = (priority: number): string => words[priority] ?? "?";

/** Null for a word that Linear has no priority for. */
export function numberOf(word: string): number | null {
  const number = words.indexOf(word);
  return number < 0 ? null : number;
}

/** The judge's table as a source's mapping. */
export const linearPriorities: readonly PriorityMapping[] = priorityMapping.map((entry) => ({
  ...entry,
  remote: names[entry.remote ?? ""] ?? "?",
}));
