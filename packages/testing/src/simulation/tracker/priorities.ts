import type { PriorityMapping } from "@backref/core";
import { priorityMapping } from "../oracle/meaning.ts";

/** A tracker's numbers, 1 for the highest, in the words that the judge has for priorities; none is the empty one. */
const words = ["", "priority:critical", "priority:high", "priority:medium", "priority:low"];

export const wordOf = (priority: number): string => words[priority] ?? "?";

/** Null for a word that stands for no number. */
export function numberOf(word: string): number | null {
  const number = words.indexOf(word);
  return number < 0 ? null : number;
}

/** The judge's table as a source's mapping, for a tracker that calls its numbers so. */
export function prioritiesNamed(nameOf: (priority: number) => string): readonly PriorityMapping[] {
  return priorityMapping.map((entry) => ({ ...entry, remote: nameOf(words.indexOf(entry.remote ?? "?")) }));
}
