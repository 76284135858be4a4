/** What a status means, whatever a host or tracker calls it. */
export type StatusCategory = "open" | "active" | "closed";

/** The host's words for status and priority of a defect. */
export interface Vocabulary {
  readonly statuses: readonly { readonly id: string; readonly category: StatusCategory }[];
  /** Most urgent first. */
  readonly priorities: readonly string[];
}

/** The words used where the host gives none. */
export const defaultVocabulary = {
  statuses: [
    { id: "open", category: "open" },
    { id: "in-progress", category: "active" },
    { id: "closed", category: "closed" },
    { id: "achieved", category: "closed" },
  ],
  priorities: ["blocker", "critical", "major", "minor", "trivial"],
} as const;

/** Type of `defaultVocabulary`: what statuses and priorities are where the host gives no `vocabulary`. */
export type DefaultVocabulary = typeof defaultVocabulary;
/** Ids of a vocabulary's statuses, for example `"open" | "in-progress" | "closed" | "achieved"`. */
export type StatusOf<Words extends Vocabulary> = Words["statuses"][number]["id"];
/** A vocabulary's priorities. */
export type PriorityOf<Words extends Vocabulary> = Words["priorities"][number];

export function categoryOf(vocabulary: Vocabulary, status: string): StatusCategory | undefined {
  return vocabulary.statuses.find((entry) => entry.id === status)?.category;
}
