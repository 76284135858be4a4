import { z } from "zod";
import { distinct, hostId, parseInput, recordId } from "../../input/parse-input.ts";
import type { IssueRow, ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { AccessPath, Scalar } from "../../storage/tables.ts";
import { findAll, findByKeys } from "../find-by-keys.ts";
import type { RefreshRequest } from "../issues-types.ts";
import { referenceResource } from "../references/reference-view.ts";
import type { ServiceContext } from "../service-context.ts";
import { loadSource } from "../sources/source-rows.ts";
import { allowedIssues } from "./issue-access.ts";

const refreshRequest = z.union(
  [
    z.strictObject({ ids: distinct(recordId, 10_000) }),
    z.strictObject({ object: z.object({ type: hostId, id: hostId }) }),
    z.strictObject({ projectId: hostId }),
    z.strictObject({ sourceId: recordId }),
  ],
  "give one of `ids`, `object`, `projectId` and `sourceId`",
);

/** Issues to refresh, each once, those within the actor's reach. */
export async function selectIssues(context: ServiceContext, request: RefreshRequest): Promise<readonly IssueRow[]> {
  const { runtime, authoriser, actor, scope } = context;
  const parsed = parseInput(refreshRequest, request, "request");
  if ("ids" in parsed) {
    return await allowedIssues(context, "issue.refresh", await issuesById(context, parsed.ids));
  }
  if ("sourceId" in parsed) {
    await loadSource(context, parsed.sourceId, "source.read");
    const rows: IssueRow[] = [];
    for await (const part of findAll(runtime.storage, scope, "issue", "source", [parsed.sourceId])) {
      rows.push(...(await allowedIssues(context, "issue.refresh", part)));
    }
    return rows;
  }
  if ("projectId" in parsed) {
    await authoriser.authorise(actor, "issue.refresh", {
      kind: "issue",
      tenantId: scope.tenantId,
      projectIds: [parsed.projectId],
    });
    return await issuesById(context, await referencedIssues(context, "project", [parsed.projectId]));
  }
  return await issuesById(context, await referencedIssues(context, "object", [parsed.object.type, parsed.object.id]));
}

async function issuesById(context: ServiceContext, ids: readonly string[]): Promise<readonly IssueRow[]> {
  return await findByKeys(
    context.runtime.storage,
    context.scope,
    "issue",
    "id",
    ids.map((id) => [id]),
  );
}

async function referencedIssues(
  context: ServiceContext,
  by: AccessPath<"reference">,
  key: readonly Scalar[],
): Promise<readonly string[]> {
  const { runtime, authoriser, actor, scope } = context;
  const ids = new Set<string>();
  for await (const rows of findAll(runtime.storage, scope, "reference", by, key)) {
    const allowed = await authoriser.filter(actor, "issue.refresh", rows, (row: ReferenceRow) => ({
      ...referenceResource(row),
      kind: "issue",
      id: row.issueId,
    }));
    for (const row of allowed) ids.add(row.issueId);
  }
  return [...ids];
}
