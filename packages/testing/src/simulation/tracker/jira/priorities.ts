import type { PriorityMapping } from "@backref/core";
import { priorityMapping } from "../../oracle/meaning.ts";

/** Jira's ids in the words that the judge has for priorities; none is the empty one. */
const ids: Readonly<Record<string, string>> = {
  "priority:critical": "1",
  "priority:high": "2",
  "priority:medium": "3",
  "priority:low": "4",
};

export function wordOf(id: string | null): string {
  if (id === null) return "";
  return Object.keys(ids).find((word) => ids[word] === id) ?? "?";
}

/** Null for none. */
export const idOf = (word: string): string | null => ids[word] ?? null;

/** The judge's table as a source's mapping. */
export const jiraPriorities: readonly PriorityMapping[] = priorityMapping.map((entry) => ({
  ...entry,
  remote: ids[entry.remote ?? ""] ?? "?",
}));
