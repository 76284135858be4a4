import { z } from "zod";
import { distinct, hostId, parseInput, recordId } from "../../input/parse-input.ts";
import { inBatches } from "../../issues/read-batch.ts";
import type { IssueRow, ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { AccessPath, Scalar } from "../../storage/tables.ts";
import { findAll, findByKeys } from "../find-by-keys.ts";
import type { RefreshRequest } from "../issues-types.ts";
import { referenceResource } from "../references/reference-view.ts";
import type { ServiceContext } from "../service-context.ts";
import { loadSource } from "../sources/source-rows.ts";
import { allowedIssues } from "./issue-access.ts";

/** As many as a storage gives at once. */
const issuesPerPart = 1_000;

const refreshRequest = z.union(
  [
    z.strictObject({ ids: distinct(recordId, 10_000) }),
    z.strictObject({ object: z.object({ type: hostId, id: hostId }) }),
    z.strictObject({ projectId: hostId }),
    z.strictObject({ sourceId: recordId }),
  ],
  "give one of `ids`, `object`, `projectId` and `sourceId`",
);

/** Issues to refresh. */
export interface SelectedIssues {
  /** Null where it is not known before all have been come across. */
  readonly total: number | null;
  /** Each issue once, those within the actor's reach. */
  readonly parts: AsyncIterable<readonly IssueRow[]>;
}

/** Asks for permission at once, and reads the rows as they are wanted: of many issues, no more are in memory than a part. */
export async function selectIssues(context: ServiceContext, request: RefreshRequest): Promise<SelectedIssues> {
  const { authoriser, actor, scope } = context;
  const parsed = parseInput(refreshRequest, request, "request");
  if ("ids" in parsed) {
    // People gave them, so there are not many.
    return allAtOnce(await allowedIssues(context, "issue.refresh", await issuesById(context, parsed.ids)));
  }
  if ("sourceId" in parsed) {
    await loadSource(context, parsed.sourceId, "source.read");
    return { total: null, parts: issuesOfSource(context, parsed.sourceId) };
  }
  if ("projectId" in parsed) {
    await authoriser.authorise(actor, "issue.refresh", {
      kind: "issue",
      tenantId: scope.tenantId,
      projectIds: [parsed.projectId],
    });
    const ids = await referencedIssues(context, "project", [parsed.projectId]);
    return { total: ids.length, parts: issuesInParts(context, ids) };
  }
  const { type, id } = parsed.object;
  return allAtOnce(await issuesById(context, await referencedIssues(context, "object", [type, id])));
}

function allAtOnce(rows: readonly IssueRow[]): SelectedIssues {
  async function* parts() {
    yield rows;
  }
  return { total: rows.length, parts: parts() };
}

async function* issuesOfSource(context: ServiceContext, sourceId: string): AsyncGenerator<readonly IssueRow[], void> {
  const { runtime, scope } = context;
  for await (const part of findAll(runtime.storage, scope, "issue", "source", [sourceId])) {
    yield await allowedIssues(context, "issue.refresh", part);
  }
}

async function* issuesInParts(
  context: ServiceContext,
  ids: readonly string[],
): AsyncGenerator<readonly IssueRow[], void> {
  for (const part of inBatches(ids, issuesPerPart)) yield await issuesById(context, part);
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
