import { recordActivity } from "../activity/activity.ts";
import { StorageError } from "../errors/index.ts";
import type { ActivityEvent } from "../events/event-bus.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CommitUnit } from "../storage/commit.ts";
import type { StorageScope } from "../storage/storage.ts";

/** A change computed from what was just read, with its activity. */
export interface Plan<Result> {
  /** Null where there is nothing to change. */
  readonly unit: CommitUnit | null;
  readonly events: readonly ActivityEvent[];
  readonly result: Result;
}

export const commitAttempts = 5;

/** Commits what `plan` computes, and plans again where somebody else was faster. What `plan` throws, it throws. */
export async function commitPlan<Result>(
  runtime: Pick<Runtime, "storage" | "events">,
  scope: StorageScope,
  operation: string,
  plan: () => Promise<Plan<Result>>,
): Promise<Result> {
  for (let attempt = 0; attempt < commitAttempts; attempt += 1) {
    const { unit, events, result } = await plan();
    if (unit === null) return result;
    const [outcome] = await runtime.storage.commit(scope, [withActivity(unit, events)]);
    if (outcome?.status !== "committed") continue;
    announce(runtime, scope, events);
    return result;
  }
  throw tooManyWriters(operation);
}

/**
 * Commits each plan's unit by itself, all in one call, and tells of those that are in; plans without a unit are done
 * already. Those that lost have to be planned again.
 */
export async function commitEach<Planned extends Pick<Plan<unknown>, "unit" | "events">>(
  runtime: Pick<Runtime, "storage" | "events">,
  scope: StorageScope,
  plans: readonly Planned[],
): Promise<{ readonly done: readonly Planned[]; readonly lost: readonly Planned[] }> {
  const withUnit = plans.flatMap((plan) => (plan.unit === null ? [] : [{ plan, unit: plan.unit }]));
  const results = await runtime.storage.commit(
    scope,
    withUnit.map(({ plan, unit }) => withActivity(unit, plan.events)),
  );
  const lost = new Set(withUnit.filter((_, index) => results[index]?.status !== "committed").map(({ plan }) => plan));
  const done = plans.filter((plan) => !lost.has(plan));
  announce(
    runtime,
    scope,
    done.flatMap((plan) => plan.events),
  );
  return { done, lost: [...lost] };
}

export function withActivity(unit: CommitUnit, events: readonly ActivityEvent[]): CommitUnit {
  return { ...unit, write: [...unit.write, ...events.map(recordActivity)] };
}

/** Tells listeners. Inside a host's transaction nobody knows yet whether it commits, so only the durable feed tells. */
export function announce(
  runtime: Pick<Runtime, "events">,
  scope: StorageScope,
  events: readonly ActivityEvent[],
): void {
  if (scope.transaction === undefined) runtime.events.emit(events);
}

export function tooManyWriters(operation: string): StorageError {
  return new StorageError({
    code: "storage-conflict",
    message: "Others changed the same records again and again at this moment, and nothing was changed. Try once more.",
    operation,
  });
}
