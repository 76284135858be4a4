/** Fields of a defect that a sync link keeps in step. */
export const syncFields = ["title", "description", "status", "priority", "assignee"] as const;

/** A field of a defect that a sync link keeps in step: `title`, `description`, `status`, `priority` or `assignee`. */
export type SyncField = (typeof syncFields)[number];

/**
 * Which way a field travels. `once`: set when the issue is created, then left alone. `never`: not even then.
 */
export type FieldDirection = "two-way" | "out" | "in" | "once" | "never";

/**
 * Who wins when both sides changed a field. `latest`: the later change by the sides' own times where both are known,
 * `remote` on a tie. `manual`: the field is frozen both ways until a person decides. The loser is always kept.
 */
export type ConflictPolicy = "remote" | "local" | "latest" | "manual";

/** One side's value of a field. Remote values are in the tracker's space: a state key, a sorted list of labels, the ids of the assignees. */
export type FieldValue = string | null | readonly string[];
