import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import type { Relation } from "../../domain/relations.ts";
import { BackrefError, type InputIssue } from "../../errors/index.ts";
import type { ActivityEvent, ActivityType } from "../../events/event-bus.ts";
import { invalidInput, parseInput, recordId } from "../../input/parse-input.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Requirement, Write } from "../../storage/commit.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { commitAttempts, commitEach, commitPlan, tooManyWriters } from "../commit-plan.ts";
import { findAll } from "../find-by-keys.ts";
import { planChanges } from "../references/change-references.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { isGivenStill, isRelationOf, loadRelation, relationResource } from "./load-relations.ts";

const deleteOptions = z.strictObject({ reassignTo: recordId.exactOptional() });
const referencesPerCall = 500;

/**
 * Nobody gives a relation to a reference that is switched off. So it is switched off first, then its references get the
 * other one, some hundred at a time, and then it goes. Whoever dies in between leaves it switched off, with the rest of
 * its references; a repeat goes on.
 */
export async function deleteRelation(context: ServiceContext, id: string, options: unknown): Promise<void> {
  const { reassignTo } = parseInput(deleteOptions, options, "options");
  const wasEnabled = (await checked(context, id, reassignTo)).relation.enabled;
  for (let attempt = 0; attempt < commitAttempts; attempt += 1) {
    await switchRelation(context, id, false);
    const { relation, successor } = await checked(context, id, reassignTo).catch(async (error: unknown) => {
      // A reference came at the last moment. A call that is refused changes nothing.
      if (wasEnabled && BackrefError.isInstance(error) && !error.isRetryable) await switchRelation(context, id, true);
      throw error;
    });
    if (successor !== null) await reassign(context, relation, successor);
    if (await removeRelation(context, id)) return;
  }
  throw tooManyWriters("relation.delete");
}

interface Deletion {
  readonly relation: Relation;
  /** Null where no reference has to be given another. */
  readonly successor: Relation | null;
}

/** Throws whatever stands against it; changes nothing. */
async function checked(context: ServiceContext, id: string, reassignTo: string | undefined): Promise<Deletion> {
  const [relation, all] = await loadRelation(context, id, "relation.delete");
  if (relation.builtIn) throw refused("id", `"${relation.name}" is built in. Disable it instead.`);
  const successor = reassignTo === undefined ? null : await successorOf(context, relation, all, reassignTo);
  if (successor !== null) {
    await refuseOtherProjects(context, relation, successor);
    return { relation, successor };
  }
  if (!(await isUsed(context, relation))) return { relation, successor };
  throw refused(
    "id",
    `references have "${relation.name}". Name another relation for them with { reassignTo }, remove them, or disable the relation.`,
  );
}

async function isUsed({ runtime, scope }: ServiceContext, { id }: Relation): Promise<boolean> {
  const used = await runtime.storage.find(scope, { table: "reference", by: "relation", keys: [[id]], limit: 1 });
  return used.length > 0;
}

async function successorOf(
  { authoriser, actor, scope }: ServiceContext,
  relation: Relation,
  all: ReadonlyMap<string, Relation>,
  id: string,
): Promise<Relation> {
  const successor = all.get(id);
  if (successor === undefined) throw notFound({ kind: "relation", id });
  await authoriser.authorise(actor, "relation.read", relationResource(scope, successor));
  if (successor.id === relation.id) throw refused("reassignTo", "must be another relation than the one to delete");
  if (!successor.enabled)
    throw refused("reassignTo", `"${successor.name}" is switched off; choose another or enable it`);
  if (successor.kind === relation.kind) return successor;
  throw refused(
    "reassignTo",
    `"${successor.name}" is of the kind ${successor.kind} and "${relation.name}" of the kind ${relation.kind}, by which figures count; choose one of the same kind`,
  );
}

/** Every project with such references has to be able to use the successor, and the actor to edit references there. */
async function refuseOtherProjects(context: ServiceContext, relation: Relation, successor: Relation): Promise<void> {
  const { runtime, authoriser, actor, scope } = context;
  const projectIds = new Set<string>();
  for await (const rows of findAll(runtime.storage, scope, "reference", "relation", [relation.id])) {
    for (const { projectId } of rows) projectIds.add(projectId);
  }
  for (const projectId of projectIds) {
    const resource = { kind: "reference", tenantId: scope.tenantId, projectIds: [projectId] } as const;
    if (!(await authoriser.allows(actor, "reference.update", resource))) {
      throw new BackrefError({
        code: "permission-denied",
        message: `References in projects where you may not edit any have "${relation.name}". Let an owner or admin of the tenant delete it.`,
        operation: "relation.delete",
        data: { action: "reference.update", kind: "reference" },
      });
    }
  }
  const outside = [...projectIds].filter((projectId) => !isRelationOf(successor, projectId));
  if (outside.length === 0) return;
  throw refused(
    "reassignTo",
    `"${successor.name}" may not be used in ${outside.join(", ")}, where references have "${relation.name}"; choose another, or add the projects to it`,
  );
}

async function reassign(context: ServiceContext, relation: Relation, successor: Relation): Promise<void> {
  const { runtime, scope } = context;
  let idle = 0;
  while (idle < commitAttempts) {
    const rows: readonly ReferenceRow[] = await runtime.storage.find(scope, {
      table: "reference",
      by: "relation",
      keys: [[relation.id]],
      limit: referencesPerCall,
    });
    if (rows.length === 0) return;
    const require = isGivenStill(successor);
    const changes = rows.map((row) => ({ row, after: { ...row, relationId: successor.id }, require }));
    const { done } = await commitEach(runtime, scope, await planChanges(context, changes));
    idle = done.length === 0 ? idle + 1 : 0;
  }
  throw tooManyWriters("relation.delete");
}

/** Does nothing where it is so already. */
async function switchRelation(context: ServiceContext, id: string, enabled: boolean): Promise<void> {
  await commitPlan(context.runtime, context.scope, "relation.delete", async () => {
    const [relation] = await loadRelation(context, id, "relation.delete");
    if (relation.enabled === enabled) return { unit: null, events: [], result: undefined };
    const write: Write = { type: "update", table: "relation", id: relation.id, set: { enabled } };
    return {
      unit: { require: [unchangedRelation(relation)], write: [write] },
      events: [relationEvent(context, "relation-updated", { ...relation, enabled })],
      result: undefined,
    };
  });
}

/** False where it was switched on meanwhile and references may have come. */
async function removeRelation(context: ServiceContext, id: string): Promise<boolean> {
  return await commitPlan(context.runtime, context.scope, "relation.delete", async () => {
    const [relation] = await loadRelation(context, id, "relation.delete");
    if (relation.enabled || (await isUsed(context, relation))) return { unit: null, events: [], result: false };
    return {
      unit: {
        require: [unchangedRelation(relation)],
        write: [{ type: "delete", table: "relation", id: relation.id }],
      },
      events: [relationEvent(context, "relation-deleted", relation)],
      result: true,
    };
  });
}

/** Lists are compared nowhere: whoever relies on this writes the columns they mean to change, and no others. */
export function unchangedRelation({ id, name, inverseName, enabled }: Relation): Requirement {
  return { table: "relation", id, match: { name, inverseName, enabled } };
}

export function relationEvent(
  { runtime, actor, scope }: ServiceContext,
  type: ActivityType,
  relation: Relation,
): ActivityEvent {
  const { id, name, enabled, projects } = relation;
  const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor) };
  return describeActivity(runtime, type, subject, { relationId: id, name, enabled, projects });
}

function refused(path: string, message: string): BackrefError {
  const issues: readonly InputIssue[] = [{ path: [path], message }];
  return invalidInput("relation", issues);
}
