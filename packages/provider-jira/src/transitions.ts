import type { FieldWarning, JsonObject, StateTarget, StatusCategory } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraAnswer, JiraCall, JiraClient } from "./client.ts";
import { errors } from "./errors.ts";
import { categoryOf } from "./map-issue.ts";
import { answeredAt } from "./read-back.ts";
import { idShape } from "./shapes.ts";
import { createWorkflowMap } from "./workflow-map.ts";

const listing: Operation = { name: "issue.transition", isWrite: false };
const walking: Operation = { name: "issue.transition", isWrite: true };

/** As core reads before it writes. */
const freshMs = 2_000;

/** A workflow that takes more steps than this is taken for one without a way. */
const mostSteps = 8;

const transitionShape = z.object({
  id: idShape,
  name: z.string(),
  to: z.object({ id: idShape, name: z.string(), statusCategory: z.object({ key: z.string() }).nullish().catch(null) }),
  fields: z
    .record(
      z.string(),
      z.object({
        name: z.string().nullish(),
        required: z.boolean().nullish(),
        hasDefaultValue: z.boolean().nullish(),
        allowedValues: z
          .array(z.object({ id: idShape.nullish(), name: z.string().nullish() }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
});

type Transition = z.infer<typeof transitionShape>;

export interface CurrentState {
  readonly id: string;
  readonly name: string;
  readonly category: StatusCategory;
}

/**
 * Walks an issue through its workflow. Jira only tells the steps that lead on from where an issue is, so this looks at each
 * stop: a step to the target is taken, else one that leads nearer to it. Where the way ends it goes back to where another
 * one was offered.
 * @param onStep called after each step that was taken, with when Jira answered
 */
export async function walkTo(
  call: JiraCall,
  client: JiraClient,
  issuePath: string,
  start: CurrentState,
  target: StateTarget,
  onStep: (answeredAt: number | null) => void,
): Promise<readonly FieldWarning[]> {
  const map = createWorkflowMap();
  const missing = new Set<string>();
  let here = start;
  for (let steps = 0; steps < mostSteps; steps += 1) {
    if (isThere(here, target)) return [];
    const offered = await listFresh(call, client, issuePath);
    const able = offered.filter((transition) => {
      const screen = fillScreen(transition, call, target);
      if (!map.isVisited(transition.to.id)) for (const name of screen.missing) missing.add(name);
      return screen.missing.length === 0 && isOnTheWay(transition, target);
    });
    map.arrive(
      here.id,
      able.map(({ to }) => to.id),
    );
    const ahead = able.filter(({ to }) => !map.isVisited(to.id));
    const back = ahead.length > 0 ? null : map.backFrom(here.id);
    const best = nearest(ahead, target) ?? able.find(({ to }) => to.id === back);
    if (best === undefined) return [noWay(here, target, offered, [...missing])];
    const { fields } = fillScreen(best, call, target);
    onStep(answeredAt(await take(client, issuePath, best, fields)));
    here = stateAfter(best);
  }
  return isThere(here, target) ? [] : [noWay(here, target, [], [...missing])];
}

function isThere({ id, name, category }: CurrentState, target: StateTarget): boolean {
  if (target.state === undefined) return category === target.category;
  return target.state === id || target.state.toLowerCase() === name.toLowerCase();
}

const ranks: Readonly<Record<StatusCategory, number>> = { open: 0, active: 1, closed: 2 };

function stateAfter({ to }: Transition): CurrentState {
  return { id: to.id, name: to.name, category: categoryOf(to.statusCategory?.key) };
}

/** An issue is not closed on the way to anything else. */
function isOnTheWay(transition: Transition, target: StateTarget): boolean {
  const after = stateAfter(transition);
  return target.category === "closed" || after.category !== "closed" || isThere(after, target);
}

/** A step to the target, else the one that ends nearest to it. */
function nearest(transitions: readonly Transition[], target: StateTarget): Transition | undefined {
  const direct = transitions.find((transition) => isThere(stateAfter(transition), target));
  if (direct !== undefined) return direct;
  const distance = (transition: Transition) =>
    Math.abs(ranks[stateAfter(transition).category] - ranks[target.category]);
  return [...transitions].sort((a, b) => distance(a) - distance(b))[0];
}

/** What a step's screen gets: a resolution, where it asks for one; whatever else it requires, nobody here knows. */
function fillScreen(
  { fields }: Transition,
  call: JiraCall,
  target: StateTarget,
): { readonly fields: JsonObject; readonly missing: readonly string[] } {
  const given: Record<string, JsonObject> = {};
  const missing: string[] = [];
  for (const [id, field] of Object.entries(fields ?? {})) {
    if (id === "resolution") {
      const allowed = field.allowedValues ?? [];
      const named = (name: string | null | undefined) =>
        name == null ? undefined : allowed.find((value) => value.name?.toLowerCase() === name.toLowerCase());
      const chosen = named(target.reason) ?? named(call.options.resolution) ?? allowed[0];
      if (chosen?.name != null && (field.required === true || target.category === "closed"))
        given[id] = { name: chosen.name };
      else if (field.required === true) missing.push(field.name ?? id);
    } else if (field.required === true && field.hasDefaultValue !== true) missing.push(field.name ?? id);
  }
  return { fields: given, missing };
}

async function listTransitions(client: JiraClient, issuePath: string): Promise<readonly Transition[]> {
  const query = { expand: "transitions.fields" };
  const answer = await client.request(listing, "GET", `${issuePath}/transitions`, { query });
  return answer.as(
    (data) => parseShape(z.object({ transitions: z.array(transitionShape) }), data, "answer").transitions,
  );
}

/** A step is chosen by what is offered now: what took long to arrive is asked for once more. */
async function listFresh(call: JiraCall, client: JiraClient, issuePath: string): Promise<readonly Transition[]> {
  const askedAt = call.clock.monotonic();
  const offered = await listTransitions(client, issuePath);
  return call.clock.monotonic() - askedAt <= freshMs ? offered : listTransitions(client, issuePath);
}

async function take(
  client: JiraClient,
  issuePath: string,
  { id }: Transition,
  fields: JsonObject,
): Promise<JiraAnswer> {
  const body = { transition: { id }, ...(Object.keys(fields).length > 0 && { fields }) };
  const send = () => client.request(walking, "POST", `${issuePath}/transitions`, { body });
  try {
    return await send();
  } catch (error) {
    // Somebody else moves the issue at the same moment: nothing was done.
    if (hasStatus(error, 409)) return send();
    const isOffered = async () => (await listTransitions(client, issuePath)).some((offered) => offered.id === id);
    if (!hasStatus(error, 400) || (await isOffered())) throw error;
    throw errors.build(walking, { failure: "retry", message: "Somebody moved the issue meanwhile.", cause: error });
  }
}

function noWay(
  here: CurrentState,
  target: StateTarget,
  offered: readonly Transition[],
  missing: readonly string[],
): FieldWarning {
  const wanted = target.state ?? `a status of the category ${target.category}`;
  const steps = offered.map(({ name, to }) => `"${name}" (to ${to.name})`).join(", ");
  const reason =
    missing.length > 0
      ? `A screen on the way asks for ${[...new Set(missing)].join(", ")}: give the field a default in the workflow, or take it off the screen.`
      : offered.length === 0
        ? "Its workflow offers the account no step at all: check the permission Transition Issues and the workflow's conditions."
        : `Its workflow only offers ${steps}. Add a step, or map the status to one that can be reached.`;
  return { field: "state", message: `The issue stays at "${here.name}": there is no way to ${wanted}. ${reason}` };
}
