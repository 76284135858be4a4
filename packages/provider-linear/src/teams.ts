import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient } from "./client.ts";
import { moreLabelsDocument, teamDocument } from "./documents.ts";
import { type Operation, unknownTeam } from "./errors.ts";
import { type PlacedState, placedStateShape } from "./states.ts";

/** What a team's issues are made of, by the ids that Linear wants in writes. */
export interface Team {
  readonly id: string;
  readonly defaultState: PlacedState | null;
  readonly states: readonly PlacedState[];
  /** By name in lower case: Linear tells labels apart by more than that. The team's own and the workspace's. */
  readonly labelIds: ReadonlyMap<string, string>;
  /** Of labels that belong to a group, by their id: an issue has one of each group at most. */
  readonly groupIds: ReadonlyMap<string, string>;
}

/**
 * Teams as they were read lately. Writes name states and labels by id, and reading those anew for each would double what
 * a write costs. Nothing depends on what is kept here: whoever does not find a name in it reads again.
 */
export interface Teams {
  of(call: LinearCall, client: LinearClient, container: string, reading: Reading): Promise<Team>;
  /** What is kept of a team is out of date. */
  forget(call: LinearCall, container: string): void;
  /** Reading it took so long that the next who asks does without another reading, whatever they do not find. */
  takeAsItIs(call: LinearCall, container: string): void;
  /** A label that was made since. */
  addLabel(call: LinearCall, container: string, label: { readonly id: string; readonly name: string }): void;
}

interface Reading {
  readonly operation: Operation;
  /** Reads again whatever is kept where this is not satisfied, once. @default satisfied */
  readonly suffices?: (team: Team) => boolean;
  /**
   * How old what is kept may be, in milliseconds. A change waits for nothing between the look at an issue and the write, so it
   * takes what is older. @default 300000
   */
  readonly keptMs?: number;
}

const usuallyKeptMs = 300_000;
const mostKept = 200;

interface Kept {
  readonly team: Team;
  readonly readAt: number;
  /** For the next who asks, whatever they do not find in it. */
  readonly isEnough?: true;
}

const labelsShape = z.object({
  nodes: z.array(z.object({ id: z.string(), name: z.string(), parent: z.object({ id: z.string() }).nullish() })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
});

const teamShape = z.object({
  teams: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        defaultIssueState: placedStateShape.nullish(),
        states: z.object({ nodes: z.array(placedStateShape) }),
      }),
    ),
  }),
  issueLabels: labelsShape,
});

export function createTeams(): Teams {
  const kept = new Map<string, Kept>();
  const keyOf = (call: LinearCall, container: string) => `${call.baseUrl} ${call.credentialId} ${container}`;
  return {
    async of(call, client, container, { operation, suffices = () => true, keptMs = usuallyKeptMs }) {
      const key = keyOf(call, container);
      const known = kept.get(key);
      const ageMs = known === undefined ? Number.POSITIVE_INFINITY : call.clock.monotonic() - known.readAt;
      if (known !== undefined && ageMs < keptMs && (known.isEnough === true || suffices(known.team))) {
        kept.set(key, { team: known.team, readAt: known.readAt });
        return known.team;
      }
      const team = await readTeam(client, operation, container);
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, { team, readAt: call.clock.monotonic() });
      return team;
    },
    forget: (call, container) => void kept.delete(keyOf(call, container)),
    takeAsItIs(call, container) {
      const known = kept.get(keyOf(call, container));
      if (known !== undefined) kept.set(keyOf(call, container), { ...known, isEnough: true });
    },
    addLabel(call, container, { id, name }) {
      const known = kept.get(keyOf(call, container));
      if (known === undefined) return;
      const labelIds = new Map(known.team.labelIds).set(name.toLowerCase(), id);
      kept.set(keyOf(call, container), { ...known, team: { ...known.team, labelIds } });
    },
  };
}

async function readTeam(client: LinearClient, { name }: Operation, container: string): Promise<Team> {
  // It belongs to a write, but writes nothing.
  const reading = { name, isWrite: false };
  const data = await client.ask(reading, teamDocument, { key: container }, (answer) =>
    parseShape(teamShape, answer, "data"),
  );
  const [team] = data.teams.nodes;
  if (team === undefined) throw unknownTeam(reading, container);
  const labelIds = new Map<string, string>();
  const groupIds = new Map<string, string>();
  for (let page = data.issueLabels; ; ) {
    for (const { id, name: label, parent } of page.nodes) {
      labelIds.set(label.toLowerCase(), id);
      if (parent != null) groupIds.set(id, parent.id);
    }
    const after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    if (after == null) break;
    page = await client
      .ask(reading, moreLabelsDocument, { key: container, after }, (answer) =>
        parseShape(z.object({ issueLabels: labelsShape }), answer, "data"),
      )
      .then(({ issueLabels }) => issueLabels);
  }
  return { id: team.id, defaultState: team.defaultIssueState ?? null, states: team.states.nodes, labelIds, groupIds };
}
