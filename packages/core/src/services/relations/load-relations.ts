import { builtInRelations, type Relation } from "../../domain/relations.ts";
import { invalidInput, parseInput, recordId } from "../../input/parse-input.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Resource } from "../../security/policy.ts";
import type { Requirement } from "../../storage/commit.ts";
import type { RelationRow } from "../../storage/rows/reference-rows.ts";
import type { Storage, StorageScope } from "../../storage/storage.ts";
import { findAll } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

const builtInIds: ReadonlySet<string> = new Set(builtInRelations.map((relation) => relation.id));

/** All relations of the tenant by id: the built-in ones, as the tenant changed them, then its own. */
export async function loadRelations(storage: Storage, scope: StorageScope): Promise<ReadonlyMap<string, Relation>> {
  const relations = new Map(builtInRelations.map((relation) => [relation.id, relation]));
  for await (const rows of findAll(storage, scope, "relation", "all", [])) {
    for (const row of rows) relations.set(row.id, relationOf(row));
  }
  return relations;
}

/** The relation, if the actor may do this to it, and all others. @throws BackrefError `not-found`, `permission-denied` */
export async function loadRelation(
  { runtime, authoriser, actor, scope }: ServiceContext,
  id: string,
  action: Action,
): Promise<readonly [Relation, ReadonlyMap<string, Relation>]> {
  const relationId = parseInput(recordId, id, "relation id");
  const all = await loadRelations(runtime.storage, scope);
  const relation = all.get(relationId);
  if (relation === undefined) throw notFound({ kind: "relation", id: relationId });
  await authoriser.authorise(actor, action, relationResource(scope, relation));
  return [relation, all];
}

/** A relation for a reference that did not have it. Throws what `references.add` documents. */
export function relationToGive(relations: ReadonlyMap<string, Relation>, id: string, projectId: string): Relation {
  const relation = relations.get(id);
  if (relation === undefined || !isRelationOf(relation, projectId)) throw notFound({ kind: "relation", id });
  if (!relation.enabled) {
    throw invalidInput("reference", [
      { path: ["relation"], message: `"${relation.name}" is switched off; choose another or have it enabled` },
    ]);
  }
  return relation;
}

export function isRelationOf(relation: Pick<Relation, "projects">, projectId: string): boolean {
  return relation.projects === null || relation.projects.includes(projectId);
}

/**
 * A relation that is switched off first can be deleted once no reference has it: whoever gives one to a reference has to
 * find it switched on at that moment. Built-in ones are never deleted.
 */
export function isGivenStill(relation: Relation): readonly Requirement[] {
  return relation.builtIn ? [] : [{ table: "relation", id: relation.id, match: { enabled: true } }];
}

function relationOf(row: RelationRow): Relation {
  const { tenantId: _, ...rest } = row;
  return { ...rest, builtIn: builtInIds.has(row.id) };
}

export function relationRow(scope: StorageScope, relation: Relation): RelationRow {
  const { builtIn: _, ...rest } = relation;
  return { tenantId: scope.tenantId, ...rest };
}

export function relationResource(scope: StorageScope, relation: Pick<Relation, "id" | "projects">): Resource {
  return { kind: "relation", tenantId: scope.tenantId, projectIds: relation.projects, id: relation.id };
}
