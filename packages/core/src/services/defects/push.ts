import { describeActivity } from "../../activity/activity.ts";
import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import { commitPlan, type Plan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { loadDefect } from "./defect-access.ts";
import type { PushOptions, SyncLink } from "./defects-types.ts";
import { viewLink } from "./link-view.ts";
import { markLink, newLink, requireDefect } from "./new-link.ts";
import { addToLink, type PushRequest, requestOf } from "./push-request.ts";
import { findPushTarget } from "./push-target.ts";

/** What a host gave, parsed. */
export type ParsedPush = Omit<PushOptions, "attachments" | "fields"> & PushRequest;

async function refuseTakenIssue({ runtime, scope }: ServiceContext, ended: LinkRow): Promise<void> {
  if (ended.issueId === null) return;
  const [other] = await runtime.storage.find(scope, { table: "link", by: "issue", keys: [[ended.issueId, 1]] });
  if (other === undefined) return;
  throw new BackrefError({
    code: "issue-already-linked",
    message: `The issue is kept in step with defect "${other.defectId}" by now. Detach it there first, or push with { afterDetach: "new" }.`,
    data: { linkId: other.id, defectId: other.defectId },
  });
}

/** What a push begins with. */
export interface PushStart {
  readonly defect: DefectSnapshot;
  /** All of the defect's, ended ones too. */
  readonly links: readonly LinkRow[];
  /** Asked only where there is no link yet. */
  readonly findTarget: (projectId: string) => ReturnType<typeof findPushTarget>;
}

type Choices = Pick<ParsedPush, "sourceId" | "afterDetach" | keyof PushRequest>;

/** Reads what a push begins with, and plans it. */
export async function readAndPlanPush(
  context: ServiceContext,
  defectId: string,
  options: Choices,
): Promise<Plan<LinkRow>> {
  const { runtime, scope } = context;
  const defect = await loadDefect(context, defectId, "defect.push");
  const links = await runtime.storage.find(scope, { table: "link", by: "defect", keys: [[defect.id]] });
  const findTarget: PushStart["findTarget"] = (projectId) => findPushTarget(context, projectId, options.sourceId);
  return planPush(context, { defect, links, findTarget }, options);
}

export async function planPush(
  context: ServiceContext,
  { defect, links, findTarget }: PushStart,
  options: Choices,
): Promise<Plan<LinkRow>> {
  const { runtime, actor, scope } = context;
  const living = links.filter((link) => link.active === 1);
  const [only, ...more] = living;
  const wanted =
    options.sourceId === undefined
      ? more.length === 0
        ? only
        : undefined
      : living.find((link) => link.sourceId === options.sourceId);
  if (wanted !== undefined) return addToLink(context, wanted, options);
  const { source, target } = await findTarget(defect.projectId);
  const existing = living.find((link) => link.sourceId === source.id);
  if (existing !== undefined) return addToLink(context, existing, options);
  const ended = links.filter((link) => link.sourceId === source.id).at(-1);
  const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor), sourceId: source.id, defectId: defect.id };
  if (ended !== undefined && options.afterDetach === undefined) {
    throw new BackrefError({
      code: "link-detached",
      message: `Defect "${defect.id}" was detached from its issue in "${source.name}". Say what you want: push(defectId, { afterDetach: "reattach" }) for the same issue, or "new" for another one.`,
      data: { linkId: ended.id },
    });
  }
  if (ended !== undefined && options.afterDetach === "reattach") {
    await refuseTakenIssue(context, ended);
    const { set, write } = await requestOf(context, { link: ended, source, target }, options);
    const event = describeActivity(runtime, "link-attached", { ...subject, linkId: ended.id });
    return {
      unit: {
        require: [...requireDefect(context, defect), { table: "link", id: ended.id, match: { active: null } }],
        write: [
          { type: "update", table: "link", id: ended.id, set: { active: 1, endedAt: null, pausedAt: null, ...set } },
          ...write,
          markLink(ended.id, { reset: true, look: true }),
        ],
      },
      events: [event],
      result: { ...ended, active: 1, endedAt: null, ...set },
    };
  }
  const blank = newLink(context, { defect, source, target, issueId: null, generation: (ended?.generation ?? 0) + 1 });
  const { set, write } = await requestOf(context, { link: blank, source, target }, options);
  const link: LinkRow = { ...blank, ...set };
  const event = describeActivity(runtime, "link-created", { ...subject, linkId: link.id });
  return {
    unit: {
      require: requireDefect(context, defect),
      write: [{ type: "insert", table: "link", row: link }, ...write, markLink(link.id)],
    },
    events: [event],
    result: link,
  };
}

/** Works on a link for a while and says how it stands then; what is still running goes on in the background. */
export function workOnLink(
  context: ServiceContext,
  engine: SyncEngine,
  link: LinkRow,
  options: Pick<PushOptions, "waitMs" | "waitUntil">,
): Promise<SyncLink> {
  const attributes = {
    "backref.tenant.id": link.tenantId,
    "backref.source.id": link.sourceId,
    "backref.link.id": link.id,
    "backref.defect.id": link.defectId,
  };
  return context.runtime.telemetry.span({ name: "backref.push", attributes }, async (span) => {
    const view = await waitForLink(context, engine, link, options);
    span.set({ "backref.outcome": view.status });
    return view;
  });
}

async function waitForLink(
  context: ServiceContext,
  engine: SyncEngine,
  link: LinkRow,
  options: Pick<PushOptions, "waitMs" | "waitUntil">,
): Promise<SyncLink> {
  const { runtime, scope } = context;
  const waitMs = options.waitMs ?? runtime.limits.pushWaitMs;
  engine.doorbell.ring(runtime.telemetry.current());
  const work = engine.workOn(link, waitMs);
  engine.background.track(work, options.waitUntil);
  if (waitMs > 0) {
    const over = new AbortController();
    const timeout = runtime.scheduler.sleep(waitMs, over.signal).catch(() => {});
    await Promise.race([work, timeout]).finally(() => over.abort());
  }
  const [row] = await runtime.storage.find(scope, { table: "link", by: "id", keys: [[link.id]] });
  return viewLink(context, row ?? link);
}

export async function pushDefect(
  context: ServiceContext,
  engine: SyncEngine,
  defectId: string,
  options: ParsedPush,
): Promise<SyncLink> {
  const { runtime, scope } = context;
  const link = await commitPlan(runtime, scope, "defect.push", () => readAndPlanPush(context, defectId, options));
  if (scope.transaction !== undefined) return viewLink(context, link);
  const [current] = await runtime.storage.find(scope, { table: "link", by: "id", keys: [[link.id]] });
  const isIdle = current !== undefined && current.dueAt === null && current.leaseOwner === null;
  // Nothing to do is nothing to ask the tracker for: a second push of a synced defect is free.
  if (isIdle) return viewLink(context, current);
  return workOnLink(context, engine, link, options);
}
