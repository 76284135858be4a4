import type { SyncMappingInput } from "@backref/core";

/** The words of the host. Statuses are mapped by their category. */
export const vocabulary = {
  statuses: [
    { id: "new", category: "open" },
    { id: "in work", category: "active" },
    { id: "done", category: "closed" },
    { id: "no bug", category: "closed" },
  ],
  priorities: ["S1", "S2", "S3"],
} as const;

export type State = (typeof vocabulary.statuses)[number]["id"];
export type Severity = (typeof vocabulary.priorities)[number];

export const states: readonly string[] = vocabulary.statuses.map(({ id }) => id);
export const severities: readonly string[] = vocabulary.priorities;

/** Labels for the severities. */
export const mapping: SyncMappingInput = {
  priority: [
    { remote: "severity:1", local: ["S1"], color: "b60205" },
    { remote: "severity:2", local: ["S2"], color: "fbca04" },
    { remote: "severity:3", local: ["S3"], color: "c2e0c6" },
  ],
};
