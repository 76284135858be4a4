import { builtInRelations, type Relation } from "../../domain/relations.ts";
import type { Resource } from "../../security/policy.ts";
import type { RelationRow } from "../../storage/rows/reference-rows.ts";
import type { Storage, StorageScope } from "../../storage/storage.ts";
import { findAll } from "../find-by-keys.ts";

const builtInIds: ReadonlySet<string> = new Set(builtInRelations.map((relation) => relation.id));

/** All relations of the tenant by id: the built-in ones, as the tenant changed them, then its own. */
export async function loadRelations(storage: Storage, scope: StorageScope): Promise<ReadonlyMap<string, Relation>> {
  const relations = new Map(builtInRelations.map((relation) => [relation.id, relation]));
  for await (const rows of findAll(storage, scope, "relation", "all", [])) {
    for (const row of rows) relations.set(row.id, relationOf(row));
  }
  return relations;
}

export function relationOf(row: RelationRow): Relation {
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
