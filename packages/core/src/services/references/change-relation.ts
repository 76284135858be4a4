import { z } from "zod";
import { parseInput, recordId } from "../../input/parse-input.ts";
import { notFound } from "../../security/authoriser.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { isGivenStill, loadRelations, relationToGive } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import { planChanges } from "./change-references.ts";
import { belongsToLink, linkedReferences } from "./linked-references.ts";
import { referenceResource } from "./reference-view.ts";

const updateInput = z.strictObject({ relation: recordId });

interface ChangedReference {
  readonly row: ReferenceRow;
  readonly merged: boolean;
}

/** Gives one reference another relation. @param load the reference, if the actor may change it */
export async function changeRelation(
  context: ServiceContext,
  load: () => Promise<ReferenceRow>,
  input: unknown,
): Promise<ChangedReference> {
  const { runtime, authoriser, actor, scope } = context;
  const { relation: relationId } = parseInput(updateInput, input, "reference");
  return await commitPlan(runtime, scope, "reference.update", async () => {
    const row = await load();
    if (row.relationId === relationId) return { unit: null, events: [], result: { row, merged: false } };
    const relations = await loadRelations(runtime.storage, scope);
    const relation = relationToGive(relations, relationId, row.projectId);
    if (relation.kind !== "defect" && (await linkedReferences(context, [row], relations)).has(row.id)) {
      throw belongsToLink(row);
    }
    const after = { ...row, relationId: relation.id };
    const [change] = await planChanges(context, [{ row, after, require: isGivenStill(relation) }]);
    if (change === undefined) throw new TypeError("One change has one plan.");
    // The equal one may stand in a project that is none of this actor's business.
    if (!(await authoriser.allows(actor, "reference.list", referenceResource(change.result)))) {
      throw notFound({ kind: "reference" });
    }
    return { unit: change.unit, events: change.events, result: { row: change.result, merged: change.merged } };
  });
}
