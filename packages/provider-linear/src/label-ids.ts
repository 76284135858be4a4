import type { Team } from "./teams.ts";

/** Labels to set: of each group the first that is named. Linear refuses a write with two. */
export function settableIdsOf(team: Team, names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return labelIdsOf(team, names).ids.filter((id) => {
    const group = team.groupIds.get(id);
    if (group === undefined) return true;
    return !taken.has(group) && taken.add(group).size > 0;
  });
}

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
