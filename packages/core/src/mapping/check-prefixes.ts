import type { PriorityMapping } from "../domain/mapping.ts";
import type { MappingProblem } from "./check-mapping.ts";

/** What comes before the first colon or slash, with it; empty where there is none. */
function prefixOf(label: string): string {
  return /^[^:/]+[:/]+/.exec(label)?.[0].toLowerCase() ?? "";
}

const why = "Backref adds and takes off every label of the mapping, whoever put it there";

/** Labels of the mapping are ours alone, so one that does not look like the others may be somebody else's. */
export function checkPrefixes(priority: readonly PriorityMapping[]): readonly MappingProblem[] {
  const problem = { severity: "warning", kind: "unknown-label-prefix", field: "priority" } as const;
  if (priority.length === 0) return [];
  const counts = Map.groupBy(priority, ({ remote }) => prefixOf(remote));
  const [known] = [...counts]
    .filter(([prefix]) => prefix !== "")
    .toSorted((left, right) => right[1].length - left[1].length);
  if (known === undefined) {
    const names = priority.map(({ remote }) => `"${remote}"`).join(", ");
    const message = `priority: the labels ${names} have no prefix. ${why}; a prefix such as "priority:" keeps them apart from people's own.`;
    return [{ ...problem, path: ["priority"], message }];
  }
  const [prefix] = known;
  return priority.flatMap(({ remote }, index) =>
    prefixOf(remote) === prefix
      ? []
      : [
          {
            ...problem,
            path: ["priority", index, "remote"],
            message: `priority: the label "${remote}" does not begin with "${prefix}" as others do. ${why}: make sure that nobody uses it for something else.`,
          },
        ],
  );
}
