import { z } from "zod";
import { BackrefError } from "../../errors/index.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { CommitUnit } from "../../storage/commit.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { commitAttempts, commitEach, commitPlan, tooManyWriters } from "../commit-plan.ts";
import { linkResource } from "../defects/defect-access.ts";
import { detachLinks } from "../detach-links.ts";
import { findAll, findByKeys } from "../find-by-keys.ts";
import type { RemoveAllReferencesRequest } from "../references-types.ts";
import { loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import { referenceEvent, unchangedReference } from "./change-references.ts";
import { belongsToLink, linkedReferences } from "./linked-references.ts";
import { authoriseAll, visibleReferences } from "./object-references.ts";

const removeAllRequest = z.strictObject({
  object: z.object({ type: hostId, id: hostId }),
  detach: z.boolean().default(false),
});

/** Removes one. @param load the reference, if the actor may remove it */
export async function removeReference(context: ServiceContext, load: () => Promise<ReferenceRow>): Promise<void> {
  const { runtime, scope } = context;
  await commitPlan(runtime, scope, "reference.remove", async () => {
    const row = await load();
    const relations = await loadRelations(runtime.storage, scope);
    if ((await linkedReferences(context, [row], relations)).has(row.id)) throw belongsToLink(row);
    return { ...removal(context, row), result: undefined };
  });
}

export async function removeAllReferences(
  context: ServiceContext,
  input: RemoveAllReferencesRequest,
): Promise<{ readonly removed: number }> {
  const { object, detach } = parseInput(removeAllRequest, input, "request");
  const seesReferences = await authoriseAll(context, object, "reference.remove");
  if (object.type === "defect") await endLinks(context, object.id, { detach, seesReferences });
  let removed = 0;
  for await (const rows of visibleReferences(context, object)) removed += await removePart(context, rows);
  return { removed };
}

async function removePart(context: ServiceContext, rows: readonly ReferenceRow[]): Promise<number> {
  const { runtime, scope } = context;
  let remaining = rows;
  let removed = 0;
  for (let attempt = 0; attempt < commitAttempts && remaining.length > 0; attempt += 1) {
    const plans = remaining.map((row) => ({ row, ...removal(context, row) }));
    const { done, lost } = await commitEach(runtime, scope, plans);
    removed += done.length;
    const keys = lost.map(({ row }) => [row.id]);
    const now = keys.length === 0 ? [] : await findByKeys(runtime.storage, scope, "reference", "id", keys);
    // One that was moved to another object meanwhile is no longer ours to remove.
    remaining = now.filter((row) =>
      rows.some(({ objectType, objectId }) => row.objectType === objectType && row.objectId === objectId),
    );
  }
  if (remaining.length > 0) throw tooManyWriters("reference.removeAll");
  return removed;
}

function removal(context: ServiceContext, row: ReferenceRow) {
  const unit: CommitUnit = {
    require: [unchangedReference(row)],
    write: [{ type: "delete", table: "reference", id: row.id }],
  };
  return { unit, events: [referenceEvent(context, "reference-removed", row)] };
}

/** Throws where links live and are not to be ended, before anything is changed. */
async function endLinks(
  context: ServiceContext,
  defectId: string,
  { detach, seesReferences }: { readonly detach: boolean; readonly seesReferences: boolean },
): Promise<void> {
  const { runtime, authoriser, actor, scope } = context;
  const living: LinkRow[] = [];
  for await (const links of findAll(runtime.storage, scope, "link", "defect", [defectId])) {
    living.push(...links.filter((link) => link.active === 1));
  }
  const [seen] = await authoriser.filter(actor, "link.read", living, linkResource);
  // To whom neither it nor its references are anything, the defect is no other than one that does not exist.
  if (living.length === 0 || (seen === undefined && !seesReferences)) return;
  if (!detach) {
    throw new BackrefError({
      code: "source-in-use",
      message: `Defect "${defectId}" is kept in step with an issue. Detach it first, or pass { detach: true }; the issue stays as it is.`,
      data: { defectId, ...(seen === undefined ? {} : { linkId: seen.id }) },
    });
  }
  for (const link of living) await authoriser.authorise(actor, "defect.detach", linkResource(link));
  await detachLinks(context, living, "references-removed");
}
