import type { Action } from "../../security/actions.ts";
import type { Resource } from "../../security/policy.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

/** An issue is shared: it belongs to every project that refers to it. */
export async function issueResources(
  { runtime, scope }: ServiceContext,
  rows: readonly IssueRow[],
): Promise<(row: IssueRow) => Resource> {
  const references = await findByKeys(
    runtime.storage,
    scope,
    "reference",
    "issue",
    rows.map((row) => [row.id]),
  );
  const projects = new Map<string, Set<string>>();
  for (const { issueId, projectId } of references) {
    const known = projects.get(issueId) ?? new Set();
    projects.set(issueId, known.add(projectId));
  }
  return (row) => ({
    kind: "issue",
    tenantId: row.tenantId,
    projectIds: [...(projects.get(row.id) ?? [])],
    id: row.id,
  });
}

/** Those the actor may do it to. */
export async function allowedIssues(
  context: ServiceContext,
  action: Action,
  rows: readonly IssueRow[],
): Promise<readonly IssueRow[]> {
  if (rows.length === 0) return [];
  return await context.authoriser.filter(context.actor, action, rows, await issueResources(context, rows));
}
