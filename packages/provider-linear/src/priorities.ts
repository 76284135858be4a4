/** Linear's priorities are the same in every workspace; 0 is none. */
const names = ["Urgent", "High", "Medium", "Low"] as const;

/** As snapshots name it; null for none. */
export function priorityName(priority: number): string | null {
  return names[priority - 1] ?? null;
}

/** Linear's number, from the name or the number, in any case; undefined for what is none of them. */
export function priorityNumber(priority: string | null): number | undefined {
  if (priority === null) return 0;
  const text = priority.trim().toLowerCase();
  if (/^[0-4]$/.test(text)) return Number(text);
  const index = names.findIndex((name) => name.toLowerCase() === text);
  return index < 0 ? undefined : index + 1;
}

export const priorityWords: string = names.join(", ");
