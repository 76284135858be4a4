import type { RemoteState, StateTarget, StatusCategory } from "@backref/core/provider";
import { z } from "zod";

export interface LinearState {
  readonly id: string;
  readonly name: string;
  /** `triage`, `backlog`, `unstarted`, `started`, `completed`, `canceled` or `duplicate`. */
  readonly type: string;
}

export interface PlacedState extends LinearState {
  readonly position: number;
}

export const stateShape: z.ZodType<LinearState> = z.object({ id: z.string(), name: z.string(), type: z.string() });

export const placedStateShape: z.ZodType<PlacedState> = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  position: z.number(),
});

const closedTypes = ["completed", "canceled", "duplicate"];

function categoryOf(type: string): StatusCategory {
  if (closedTypes.includes(type)) return "closed";
  return type === "started" ? "active" : "open";
}

/** Why an issue is closed stands in the kind of its state. */
export function mapState({ id, name, type }: LinearState): RemoteState {
  const category = categoryOf(type);
  return { id, name, category, reason: category === "closed" ? type : null };
}

/** What other trackers and hosts call Linear's three ways to close. */
const closedTypeOf: Readonly<Record<string, string>> = {
  not_planned: "canceled",
  wont_fix: "canceled",
  wontfix: "canceled",
  cancelled: "canceled",
  canceled: "canceled",
  duplicate: "duplicate",
};

/** Kinds of states of a category, the best first. A new issue belongs where work has not begun. */
function typesOf({ category, reason }: StateTarget): readonly string[] {
  if (category === "open") return ["unstarted", "backlog", "triage"];
  if (category === "active") return ["started"];
  const wanted = closedTypeOf[reason?.toLowerCase().replaceAll(/[\s'-]+/g, "_") ?? ""];
  return wanted === undefined ? closedTypes : [wanted, "canceled", "completed"];
}

/**
 * The team's state for a target: the one that is named, by id or name, else the first of the category's in the team's own
 * order. Null where the team has none.
 */
export function chooseState(states: readonly PlacedState[], target: StateTarget): PlacedState | null {
  const named = target.state?.trim().toLowerCase();
  if (named !== undefined) {
    return states.find(({ id, name }) => id === target.state || name.toLowerCase() === named) ?? null;
  }
  for (const type of typesOf(target)) {
    const [first] = states.filter((state) => state.type === type).toSorted((a, b) => a.position - b.position);
    if (first !== undefined) return first;
  }
  return null;
}
