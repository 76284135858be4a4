import type { FieldWarning, StateTarget } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsClient } from "./client.ts";
import { categoryOf, type TypeState, typePath } from "./work-item-types.ts";

const operation: Operation = { name: "issue.transition", isWrite: false };

function isMeant(state: string, target: StateTarget, states: readonly TypeState[]): boolean {
  if (target.state !== undefined) return target.state.toLowerCase() === state.toLowerCase();
  return categoryOf(state, states) === target.category;
}

/** States of this kind come last in their category: work that was thrown away is not what was meant. */
const lastResort = "removed";

function candidates(target: StateTarget, states: readonly TypeState[]): readonly string[] {
  const meant = states.filter(({ name }) => isMeant(name, target, states));
  const rank = ({ category }: TypeState) => (category.toLowerCase() === lastResort ? 1 : 0);
  return meant.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

/** The state to move to: the first that the process has of the category; null where it has none. */
export function chooseState(
  target: StateTarget,
  current: string,
  states: readonly TypeState[],
): string | "there" | null {
  if (isMeant(current, target, states)) return "there";
  // A type whose states nobody may see still knows their names.
  return candidates(target, states)[0] ?? (states.length === 0 ? (target.state ?? null) : null);
}

const typeShape = z.object({
  transitions: z.record(z.string(), z.array(z.object({ to: z.string() })).nullish()).nullish(),
});

/** The fewest steps that the process allows, without the state that it begins in; null where no way leads there. */
export async function pathTo(
  client: AzureDevOpsClient,
  way: {
    readonly container: string;
    readonly type: string;
    readonly from: string;
    readonly target: StateTarget;
    readonly states: readonly TypeState[];
  },
): Promise<readonly string[] | null> {
  const answer = await client.request(operation, "GET", typePath(way.container, way.type));
  const transitions = answer.as((data) => parseShape(typeShape, data, "type").transitions) ?? {};
  const ends = new Set(candidates(way.target, way.states));
  const seen = new Set([way.from]);
  let paths: readonly (readonly string[])[] = [[way.from]];
  while (paths.length > 0) {
    const longer: (readonly string[])[] = [];
    for (const path of paths) {
      for (const { to } of transitions[path.at(-1) ?? ""] ?? []) {
        if (seen.has(to)) continue;
        if (ends.has(to)) return [...path.slice(1), to];
        seen.add(to);
        longer.push([...path, to]);
      }
    }
    paths = longer;
  }
  return null;
}

export function noWay(current: string, target: StateTarget, states: readonly TypeState[]): FieldWarning {
  const wanted = target.state === undefined ? `of the category ${target.category}` : `"${target.state}"`;
  const names = states.map(({ name }) => name).join(", ");
  const message = `The work item stays at "${current}": its type has no state ${wanted}. It has: ${names}. Map the status to one of them.`;
  return { field: "state", message };
}
