import type { Relation } from "../../domain/relations.ts";
import { BackrefError } from "../../errors/index.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

/**
 * Ids of those that belong to a living sync link: from its defect to its issue, by a relation of the kind `defect`.
 * Without them the defect would be in step with something that nobody sees.
 */
export async function linkedReferences(
  { runtime, scope }: ServiceContext,
  rows: readonly ReferenceRow[],
  relations: ReadonlyMap<string, Relation>,
): Promise<ReadonlySet<string>> {
  const ofDefects = rows.filter(
    (row) => row.objectType === "defect" && relations.get(row.relationId)?.kind === "defect",
  );
  if (ofDefects.length === 0) return new Set();
  const issueIds = [...new Set(ofDefects.map((row) => row.issueId))];
  const links = await findByKeys(
    runtime.storage,
    scope,
    "link",
    "issue",
    issueIds.map((id) => [id, 1]),
  );
  const defectOf = new Map(links.map((link) => [link.issueId, link.defectId]));
  return new Set(ofDefects.filter((row) => defectOf.get(row.issueId) === row.objectId).map((row) => row.id));
}

export function belongsToLink(row: ReferenceRow): BackrefError {
  return new BackrefError({
    code: "source-in-use",
    message: `This reference belongs to the sync link of defect "${row.objectId}". Detach the defect from the issue first, or do it there instead.`,
    data: { defectId: row.objectId, referenceId: row.id },
  });
}
