import type { Team } from "./teams.ts";

/** The ids of labels by name, and the names that there are no labels of. */
export function labelIdsOf(
  team: Team,
  names: readonly string[],
): { readonly ids: readonly string[]; readonly unknown: readonly string[] } {
  const found = names.map((name) => [name, team.labelIds.get(name.toLowerCase())] as const);
  return {
    ids: [...new Set(found.flatMap(([, id]) => id ?? []))],
    unknown: found.flatMap(([name, id]) => (id === undefined ? [name] : [])),
  };
}
