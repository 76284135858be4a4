import type { SyncEngine } from "../../engine/engine.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import { StorageError } from "../../errors/storage-error.ts";
import { inBatches } from "../../issues/read-batch.ts";
import { notFound } from "../../security/authoriser.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import { commitEach, commitPlan, type Plan } from "../commit-plan.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { defectResource } from "./defect-access.ts";
import type { PushManyOptions, PushOutcome } from "./defects-types.ts";
import { viewLinks } from "./link-view.ts";
import { planPush, readAndPlanPush } from "./push.ts";
import { findPushTarget } from "./push-target.ts";

type Planned = Plan<LinkRow> & { readonly defectId: string };
type Refused = ReadonlyMap<string, BackrefError>;
type FindTarget = (projectId: string) => ReturnType<typeof findPushTarget>;

export async function pushMany(
  context: ServiceContext,
  engine: SyncEngine,
  defectIds: readonly string[],
  options: PushManyOptions,
): Promise<readonly PushOutcome[]> {
  const { runtime } = context;
  const { onProgress, signal, waitMs = runtime.limits.pushWaitMs } = options;
  const until = runtime.clock.monotonic() + waitMs;
  const distinct = [...new Set(defectIds)];
  const outcomes = new Map<string, PushOutcome>();
  const findTarget = oncePerProject(context, options.sourceId);
  let failed = 0;
  for (const batch of inBatches(distinct, runtime.limits.claimBatch)) {
    if (signal?.aborted === true) break;
    const { links, refused } = await commitBatch(context, batch, options, findTarget);
    await workOnBatch(context, engine, [...links.values()], options, until);
    const views = await viewBatch(context, links);
    for (const defectId of batch) {
      const error = refused.get(defectId);
      const link = views.get(defectId);
      if (error !== undefined) outcomes.set(defectId, { status: "refused", defectId, error });
      else if (link !== undefined) outcomes.set(defectId, { status: "pushed", defectId, link });
    }
    failed += refused.size;
    await onProgress?.({ done: outcomes.size, total: distinct.length, failed });
  }
  return defectIds.map((defectId) => outcomes.get(defectId) ?? { status: "not-begun", defectId });
}

/** Where a project's defects go is the same for all of them. */
function oncePerProject(context: ServiceContext, sourceId: string | undefined): FindTarget {
  const found = new Map<string, ReturnType<typeof findPushTarget>>();
  return (projectId) => {
    const target = found.get(projectId) ?? findPushTarget(context, projectId, sourceId);
    found.set(projectId, target);
    return target;
  };
}

/** Commits the intent of each by itself. What one throws is its own; trouble of the storage concerns all. */
async function commitBatch(
  context: ServiceContext,
  defectIds: readonly string[],
  options: PushManyOptions,
  findTarget: FindTarget,
): Promise<{ readonly links: ReadonlyMap<string, LinkRow>; readonly refused: Refused }> {
  const { runtime, authoriser, actor, scope } = context;
  const refused = new Map<string, BackrefError>();
  const alone = async <Value>(defectId: string, work: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await work();
    } catch (error) {
      if (!BackrefError.isInstance(error) || StorageError.isInstance(error)) throw error;
      refused.set(defectId, error);
      return null;
    }
  };
  const [defects, links] = await Promise.all([
    runtime.defects.read(scope, defectIds),
    findByKeys(
      runtime.storage,
      scope,
      "link",
      "defect",
      defectIds.map((id) => [id]),
    ),
  ]);
  const planned: Planned[] = [];
  for (const defectId of defectIds) {
    const plan = await alone(defectId, async () => {
      const defect = defects.find(({ id }) => id === defectId);
      if (defect === undefined) throw notFound({ kind: "defect", id: defectId });
      await authoriser.authorise(actor, "defect.push", defectResource(scope.tenantId, defect.projectId, defectId));
      const own = links.filter((link) => link.defectId === defectId);
      return await planPush(context, { defect, links: own, findTarget }, options);
    });
    if (plan !== null) planned.push({ ...plan, defectId });
  }
  const { done, lost } = await commitEach(runtime, scope, planned);
  const committed = new Map(done.map(({ defectId, result }) => [defectId, result]));
  for (const { defectId } of lost) {
    const link = await alone(defectId, () =>
      commitPlan(runtime, scope, "defect.push", () => readAndPlanPush(context, defectId, options)),
    );
    if (link !== null) committed.set(defectId, link);
  }
  return { links: committed, refused };
}

/** Works until all are at rest, the time is over or the signal aborted; what is still running goes on in the background. */
async function workOnBatch(
  context: ServiceContext,
  engine: SyncEngine,
  links: readonly LinkRow[],
  { signal, waitUntil }: PushManyOptions,
  until: number,
): Promise<void> {
  const { runtime, scope } = context;
  if (scope.transaction !== undefined || links.length === 0) return;
  const rows = await findByKeys(
    runtime.storage,
    scope,
    "link",
    "id",
    links.map(({ id }) => [id]),
  );
  const busy = rows.filter(({ dueAt, leaseOwner }) => dueAt !== null || leaseOwner !== null);
  if (busy.length === 0) return;
  engine.doorbell.ring();
  const maxMs = until - runtime.clock.monotonic();
  if (maxMs <= 0 || signal?.aborted === true) return;
  const over = new AbortController();
  const stop = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const ids = busy.map(({ id }) => id);
  const work = engine.workOnMany({ tenantId: scope.tenantId, ids }, { maxMs, signal: stop });
  engine.background.track(work, waitUntil);
  const pause = runtime.scheduler.sleep(maxMs, stop).catch(() => {});
  await Promise.race([work, pause]).finally(() => over.abort());
}

/** How the links stand now, by defect. */
async function viewBatch(context: ServiceContext, links: ReadonlyMap<string, LinkRow>) {
  const { runtime, scope } = context;
  const rows = await findByKeys(
    runtime.storage,
    scope,
    "link",
    "id",
    [...links.values()].map(({ id }) => [id]),
  );
  const current = [...links.values()].map((link) => rows.find(({ id }) => id === link.id) ?? link);
  const views = await viewLinks(context, current);
  return new Map(views.map((view) => [view.defectId, view]));
}
