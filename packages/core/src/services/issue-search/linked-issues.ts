import type { TestObject } from "../../domain/test-object.ts";
import type { IssueRow, ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { IssueMatch } from "../issue-search-types.ts";
import { referenceResource } from "../references/reference-view.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";

export type LastLinked = NonNullable<IssueMatch["lastLinked"]>;

/** By issue id, in the order of the latest links. */
export type LinkedIssues = Map<string, LastLinked>;

/** What somebody sees of a project when they open a picker, and what every letter they type costs: no more. */
const linksLookedAt = 1_000;
const linksPerCall = 250;
const issuesWanted = 200;

async function visible({ authoriser, actor }: ServiceContext, rows: readonly ReferenceRow[]) {
  return await authoriser.filter(actor, "reference.list", rows, referenceResource);
}

function remember(context: ServiceContext, linked: LinkedIssues, rows: readonly ReferenceRow[]): void {
  for (const { issueId, createdAt, createdBy } of rows) {
    const before = linked.get(issueId);
    const byActor = before?.byActor === true || createdBy === actorIdOf(context.actor);
    linked.set(issueId, { at: Math.max(createdAt, before?.at ?? 0), byActor });
  }
}

/** Issues of a source that the project's latest links are about. */
export async function latelyLinked(
  context: ServiceContext,
  place: { readonly projectId: string; readonly sourceId: string },
): Promise<LinkedIssues> {
  const { runtime, scope } = context;
  const linked: LinkedIssues = new Map();
  let after: string | undefined;
  for (let seen = 0; seen < linksLookedAt && linked.size < issuesWanted; seen += linksPerCall) {
    const rows = await runtime.storage.find(scope, {
      table: "reference",
      by: "project",
      keys: [[place.projectId]],
      limit: linksPerCall,
      newestFirst: true,
      ...(after === undefined ? {} : { after }),
    });
    const here = rows.filter(({ sourceId }) => sourceId === place.sourceId);
    remember(context, linked, await visible(context, here));
    after = rows.at(-1)?.id;
    if (rows.length < linksPerCall) break;
  }
  return linked;
}

/** The same for issues that are not among the latest; one that very many refer to may be missed. */
export async function linkedBefore(
  context: ServiceContext,
  projectId: string,
  rows: readonly IssueRow[],
): Promise<LinkedIssues> {
  const { runtime, scope } = context;
  const linked: LinkedIssues = new Map();
  if (rows.length === 0) return linked;
  const references = await runtime.storage.find(scope, {
    table: "reference",
    by: "issue",
    keys: rows.map(({ id }) => [id]),
    limit: linksLookedAt,
  });
  const here = references.filter((reference) => reference.projectId === projectId);
  remember(context, linked, await visible(context, here));
  return linked;
}

/** Relations by which an object refers to issues, by issue id. */
export async function relationsOf(
  context: ServiceContext,
  object: Pick<TestObject, "type" | "id"> | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const relations = new Map<string, string[]>();
  if (object === undefined) return relations;
  const { runtime, scope } = context;
  const rows = await runtime.storage.find(scope, {
    table: "reference",
    by: "object",
    keys: [[object.type, object.id]],
    limit: linksLookedAt,
  });
  for (const { issueId, relationId } of await visible(context, rows)) {
    relations.set(issueId, [...(relations.get(issueId) ?? []), relationId]);
  }
  return relations;
}
