import type { StatusCategory } from "@backref/core/provider";
import { createFlights, hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type AzureDevOpsCall, type AzureDevOpsClient, valuesOf } from "./client.ts";
import { errors, projectUnknown } from "./errors.ts";
import { segment } from "./site.ts";

/** A state of a type. */
export interface TypeState {
  readonly name: string;
  /** `Proposed`, `InProgress`, `Resolved`, `Completed` or `Removed`. */
  readonly category: string;
}

/**
 * States of types as they were read lately. Items tell the name of their state and not what it means, and reading that anew
 * for each would double what they cost. Nothing depends on what is kept here: whoever misses a state in it reads again.
 */
export interface WorkItemTypes {
  /** In the order of the process. Empty where the type, or the project, is not there for this credential. */
  statesOf(call: AzureDevOpsCall, client: AzureDevOpsClient, wanted: TypeAddress): Promise<readonly TypeState[]>;
}

export interface TypeAddress {
  readonly operation: Operation;
  readonly container: string;
  readonly type: string;
  /** Reads again whatever is kept where it lacks this state. */
  readonly state?: string;
}

const keptMs = 300_000;
/** What was looked for in vain is looked for again so much later. */
const missedMs = 60_000;
const mostKept = 500;

const stateShape = z.object({ name: z.string(), category: z.string().nullish() });

export function createWorkItemTypes(): WorkItemTypes {
  const kept = new Map<string, { readonly states: readonly TypeState[]; readonly readAt: number }>();
  const flights = createFlights<readonly TypeState[]>();
  return {
    async statesOf(call, client, { operation, container, type, state }) {
      const key = [call.baseUrl, call.credentialId, container, type].join(" ").toLowerCase();
      const known = kept.get(key);
      const ageMs = known === undefined ? Number.POSITIVE_INFINITY : call.clock.monotonic() - known.readAt;
      const isThere = state === undefined || known?.states.some(({ name }) => name === state) === true;
      if (known !== undefined && ageMs < (isThere ? keptMs : missedMs)) return known.states;
      // It may belong to a write, but writes nothing.
      const reading: Operation = { name: operation.name, isWrite: false };
      const states = await flights
        .share(key, call.signal, () => readStates(client, reading, container, type))
        .catch((error: unknown) => {
          throw errors.fromThrown(reading, error, call.clock.now());
        });
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, { states, readAt: call.clock.monotonic() });
      return states;
    },
  };
}

/** The path of a type in a project. */
export function typePath(container: string, type: string): string {
  return `/${segment(container)}/_apis/wit/workitemtypes/${segment(type)}`;
}

const typeShape = z.object({ name: z.string(), isDisabled: z.boolean().nullish() });

/** Of the types that new items of a project can have, in the order of the process. */
export async function readTypeNames(
  client: AzureDevOpsClient,
  { name }: Operation,
  container: string,
): Promise<readonly string[]> {
  const reading: Operation = { name, isWrite: false, explain: { 404: projectUnknown(container) } };
  const answer = await client.request(reading, "GET", `/${segment(container)}/_apis/wit/workitemtypes`);
  const types = answer.as((data) => valuesOf(data).map((row) => parseShape(typeShape, row, "type")));
  return types.filter(({ isDisabled }) => isDisabled !== true).map((type) => type.name);
}

async function readStates(
  client: AzureDevOpsClient,
  reading: Operation,
  container: string,
  type: string,
): Promise<readonly TypeState[]> {
  try {
    const answer = await client.request(reading, "GET", `${typePath(container, type)}/states`);
    return answer.as((data) =>
      valuesOf(data).map((row) => {
        const { name: state, category } = parseShape(stateShape, row, "state");
        return { name: state, category: category ?? "" };
      }),
    );
  } catch (error) {
    if (hasStatus(error, 403, 404)) return [];
    throw error;
  }
}

const categories: Readonly<Record<string, StatusCategory>> = {
  proposed: "open",
  inprogress: "active",
  // Done, and not yet looked at by whoever asked for it.
  resolved: "active",
  completed: "closed",
  removed: "closed",
};

/** Names that the processes of Azure DevOps itself have, for types whose states nobody may see. */
const usualNames: Readonly<Record<string, StatusCategory>> = {
  active: "active",
  committed: "active",
  doing: "active",
  "in progress": "active",
  resolved: "active",
  closed: "closed",
  done: "closed",
  removed: "closed",
};

export function categoryOf(state: string, states: readonly TypeState[]): StatusCategory {
  const category = states.find(({ name }) => name === state)?.category.toLowerCase();
  return categories[category ?? ""] ?? usualNames[state.toLowerCase()] ?? "open";
}
