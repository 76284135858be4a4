import type { Relation } from "../../domain/relations.ts";
import type { Issue } from "../../issues/issue.ts";
import type { Resource } from "../../security/policy.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { presentIssues } from "../issues/present-issues.ts";
import { type OnStale, tellStale, type WaitUntil } from "../issues/stale-issues.ts";
import type { Reference } from "../references-types.ts";
import { loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";

export function referenceResource(row: Pick<ReferenceRow, "tenantId" | "id" | "projectId">): Resource {
  return { kind: "reference", tenantId: row.tenantId, projectIds: [row.projectId], id: row.id };
}

export function referenceView(
  row: ReferenceRow,
  beside: { readonly relation: Relation | undefined; readonly issue: Issue },
): Reference {
  return {
    id: row.id,
    object: { type: row.objectType, id: row.objectId, projectId: row.projectId },
    relation: relationSummary(beside.relation, row.relationId),
    issue: beside.issue,
    sourceId: row.sourceId,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
  };
}

/** Rows as hosts see them, in order, with issues and relations read at once. */
export async function viewReferences(
  context: ServiceContext,
  rows: readonly ReferenceRow[],
  request: { readonly onStale?: OnStale | undefined; readonly waitUntil?: WaitUntil | undefined } = {},
): Promise<readonly Reference[]> {
  const { runtime, scope } = context;
  if (rows.length === 0) return [];
  const issueIds = [...new Set(rows.map((row) => row.issueId))];
  const [relations, issues] = await Promise.all([
    loadRelations(runtime.storage, scope),
    findByKeys(
      runtime.storage,
      scope,
      "issue",
      "id",
      issueIds.map((id) => [id]),
    ),
  ]);
  const presented = await presentIssues(context, issues);
  tellStale(context, presented, request.onStale, request.waitUntil);
  const issueById = new Map(issues.map((issue) => [issue.id, presented.view(issue)]));
  return rows.flatMap((row) => {
    const issue = issueById.get(row.issueId);
    return issue === undefined ? [] : [referenceView(row, { relation: relations.get(row.relationId), issue })];
  });
}

/** A relation cannot be deleted while references have it; one that is missing all the same shows its id. */
export function relationSummary(relation: Relation | undefined, id: string): Reference["relation"] {
  const { name, inverseName, kind } = relation ?? { name: id, inverseName: id, kind: "general" as const };
  return { id, name, inverseName, kind };
}
