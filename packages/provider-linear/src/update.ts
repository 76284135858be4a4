import type { FieldWarning, IssueAddress, IssuePatch, IssueSnapshot, UpdateGroup } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient, OpenClient } from "./client.ts";
import { unknownPriority } from "./create.ts";
import { issueUpdateDocument } from "./documents.ts";
import { errors, meetsOtherOfGroup, type Operation, unknownIssue } from "./errors.ts";
import { labelIdsOf, settableIdsOf } from "./label-ids.ts";
import { mapIssue } from "./map-issue.ts";
import { priorityNumber } from "./priorities.ts";
import { readOne } from "./read.ts";
import { requireRecentLook } from "./recent-look.ts";
import { withFreshTeam } from "./stale-team.ts";
import { chooseState, type PlacedState } from "./states.ts";
import type { Team, Teams } from "./teams.ts";
import { writeText } from "./text.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";
import { type GoneUsers, withoutUnknownUser } from "./unknown-user.ts";
import { droppedAssignees, droppedLabels, keptLabels } from "./warnings.ts";

const operation: Operation = { name: "issue.update", isWrite: true };
const readBack: Operation = { name: "issue.update", isWrite: false };

/** A state or label that is gone by then is refused by Linear, and the team is read anew. */
const longestKeptMs = 3_600_000;

const payloadShape = z.object({ issueUpdate: z.object({ issue: z.unknown() }) });

export function createUpdateGroup(
  open: OpenClient,
  teams: Teams,
  gone: GoneUsers,
): UpdateGroup<LinearAuth, LinearOptions> {
  return {
    /** One request: whatever changed travels together. */
    update(call: LinearCall, { issue: address, patch }) {
      const requireRecent = requireRecentLook(call, operation, () => teams.takeAsItIs(call, address.container));
      return withFreshTeam(teams, call, address.container, async () => {
        const client = open(call);
        const plan = await planUpdate(patch, (suffices) =>
          teams.of(call, client, address.container, { operation, suffices, keptMs: longestKeptMs }),
        );
        const id = address.remoteId ?? `${address.container}-${address.item}`;
        const send = async (given: Plan["input"]) =>
          Object.keys(given).length > 0
            ? await withoutUnknownUser(gone, call, given, (input) => {
                requireRecent();
                return client.ask(operation, issueUpdateDocument, { id, input }, readPayload);
              })
            : await readIssue(client, address, id);
        const issue = await withoutOtherOfGroup(plan, send);
        return { issue, warnings: [...plan.warnings, ...warningsOf(issue, patch, plan.state)] };
      });
    },
  };
}

/** A label of a group that has another one at the issue stays away, since that is somebody's choice; the rest is sent without. */
async function withoutOtherOfGroup(
  { input, ungroupedIds }: Plan,
  send: (input: Plan["input"]) => Promise<IssueSnapshot>,
): Promise<IssueSnapshot> {
  try {
    return await send(input);
  } catch (error) {
    if (!meetsOtherOfGroup(error)) throw error;
    const { addedLabelIds: _refused, ...rest } = input;
    return await send({ ...rest, ...(ungroupedIds.length > 0 && { addedLabelIds: ungroupedIds }) });
  }
}

function readPayload(data: unknown): IssueSnapshot {
  return mapIssue(parseShape(payloadShape, data, "data").issueUpdate.issue).issue;
}

/** Nothing of the patch could be sent: what the issue says is what it said before. */
async function readIssue(client: LinearClient, address: IssueAddress, id: string): Promise<IssueSnapshot> {
  const found = await readOne(client, id, readBack);
  if (found === null) throw unknownIssue(readBack, address);
  if (found.isCut) throw errors.unexpectedAnswer(readBack, "the issue has too many labels", false);
  return found.issue;
}

interface Plan {
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the labels to be added, those of no group. */
  readonly ungroupedIds: readonly string[];
  readonly warnings: readonly FieldWarning[];
  readonly state: PlacedState | null;
}

type LoadTeam = (suffices: (team: Team) => boolean) => Promise<Team>;

async function planUpdate(patch: IssuePatch, load: LoadTeam): Promise<Plan> {
  const { title, body, priority, labels, assigneeIds, state: target } = patch;
  const warnings: FieldWarning[] = [];
  const input: Record<string, unknown> = {
    ...(title !== undefined && { title }),
    ...(body !== undefined && { description: writeText(body) }),
  };
  if (priority !== undefined) {
    const number = priorityNumber(priority);
    if (number === undefined) warnings.push(unknownPriority(priority));
    else input["priority"] = number;
  }
  if (assigneeIds !== undefined) {
    const [assigneeId] = assigneeIds.add;
    if (assigneeId !== undefined) input["assigneeId"] = assigneeId;
    else if (assigneeIds.remove.length > 0) input["assigneeId"] = null;
  }
  const added = labels?.add ?? [];
  const removed = labels?.remove ?? [];
  if (target === undefined && added.length + removed.length === 0)
    return { input, ungroupedIds: [], warnings, state: null };
  const team = await load(
    (known) =>
      [...added, ...removed].every((name) => known.labelIds.has(name.toLowerCase())) &&
      (target === undefined || chooseState(known.states, target) !== null),
  );
  const addedLabelIds = settableIdsOf(team, added);
  const { ids: removedLabelIds } = labelIdsOf(team, removed);
  if (addedLabelIds.length > 0) input["addedLabelIds"] = addedLabelIds;
  if (removedLabelIds.length > 0) input["removedLabelIds"] = removedLabelIds;
  const state = target === undefined ? null : chooseState(team.states, target);
  if (state !== null) input["stateId"] = state.id;
  else if (target !== undefined) {
    const wanted = target.state === undefined ? `of the kind "${target.category}"` : `"${target.state}"`;
    warnings.push({ field: "state", message: `The team has no state ${wanted}. Its states are: ${namesOf(team)}.` });
  }
  return { input, ungroupedIds: addedLabelIds.filter((id) => !team.groupIds.has(id)), warnings, state };
}

const namesOf = ({ states }: Team) => states.map(({ name }) => name).join(", ");

function* warningsOf(
  issue: IssueSnapshot,
  patch: IssuePatch,
  state: PlacedState | null,
): Generator<FieldWarning, void> {
  yield* droppedLabels(issue, patch.labels?.add ?? []);
  yield* keptLabels(issue, patch.labels?.remove ?? []);
  yield* droppedAssignees(issue, patch.assigneeIds?.add ?? []);
  if (patch.title !== undefined && patch.title.trim() !== issue.title.trim()) {
    yield { field: "title", message: `Linear kept the title "${issue.title}".` };
  }
  if (state !== null && issue.state.id !== state.id) {
    yield { field: "state", message: `Linear left the issue in the state "${issue.state.name}".` };
  }
}
