import type { OccurrenceRow } from "../../storage/rows/defect-rows.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { AccessPath } from "../../storage/tables.ts";
import { findAllByKeys } from "../find-by-keys.ts";
import { referenceResource } from "../references/reference-view.ts";
import { loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import type { ObservedObject } from "./coverage-types.ts";
import { objectKey } from "./observed-objects.ts";

/** Ids by object. Objects without any are absent. */
export type IdsByObject = ReadonlyMap<string, ReadonlySet<string>>;

/** Issues that objects of a project refer to, by the references that count. */
export async function referencedIssues(
  { runtime, authoriser, actor, scope }: ServiceContext,
  projectId: string,
  objects: readonly ObservedObject[],
  counts: (row: ReferenceRow) => boolean,
): Promise<IdsByObject> {
  const ids = new Map<string, Set<string>>();
  const keys = objects.map(({ type, id }) => [type, id]);
  for await (const rows of findAllByKeys(runtime.storage, scope, "reference", "object", keys)) {
    const counted = rows.filter((row) => row.projectId === projectId && counts(row));
    for (const row of await authoriser.filter(actor, "reference.list", counted, referenceResource)) {
      addTo(ids, objectKey({ type: row.objectType, id: row.objectId }), row.issueId);
    }
  }
  return ids;
}

/** By relations of the kind `defect`. */
export async function issuesByObject(
  context: ServiceContext,
  projectId: string,
  objects: readonly ObservedObject[],
): Promise<IdsByObject> {
  const relations = await loadRelations(context.runtime.storage, context.scope);
  return await referencedIssues(
    context,
    projectId,
    objects,
    ({ relationId }) => relations.get(relationId)?.kind === "defect",
  );
}

/** How occurrences name each type of object. */
const occurrencePaths: Readonly<
  Record<string, { readonly by: AccessPath<"occurrence">; readonly idOf: (row: OccurrenceRow) => string | null }>
> = {
  "test-case": { by: "case", idOf: ({ caseId }) => caseId },
  "test-run": { by: "run", idOf: ({ runId }) => runId },
  "test-result": { by: "result", idOf: ({ resultId }) => resultId },
};

/** Defects in Backref's own tables that objects failed with. */
export async function defectsByObject(
  { runtime, scope }: ServiceContext,
  projectId: string,
  objects: readonly ObservedObject[],
): Promise<IdsByObject> {
  const ids = new Map<string, Set<string>>();
  for (const [type, { by, idOf }] of Object.entries(occurrencePaths)) {
    const keys = objects.filter((object) => object.type === type).map(({ id }) => [projectId, id]);
    for await (const rows of findAllByKeys(runtime.storage, scope, "occurrence", by, keys)) {
      for (const row of rows) addTo(ids, objectKey({ type, id: idOf(row) ?? "" }), row.defectId);
    }
  }
  return ids;
}

function addTo(sets: Map<string, Set<string>>, key: string, id: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(id));
}
