import { z } from "zod";
import { distinct, hostId, parseInput, recordId } from "../../input/parse-input.ts";
import { inBatches } from "../../issues/read-batch.ts";
import { notFound } from "../../security/authoriser.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { allowedIssues } from "../issues/issue-access.ts";
import { presentIssues } from "../issues/present-issues.ts";
import { visibleReferencesAt } from "../references/object-references.ts";
import { loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import type { Coverage, CoverageRequest, IssueCoverage, ObservedObject } from "./coverage-types.ts";
import { referencedIssues } from "./ids-by-object.ts";
import { objectBatches, objectKey } from "./observed-objects.ts";
import { createTally, type Tally, verdictOf } from "./tally.ts";
import { authoriseProject } from "./traceability-access.ts";

const issuesPerBatch = 500;

const coverageRequest = z.strictObject({
  projectId: hostId,
  relations: distinct(recordId, 1_000).exactOptional(),
  issueIds: distinct(recordId, 10_000).exactOptional(),
  objectsPerIssue: z.int().min(0).max(1_000).default(10),
  objectsWithoutIssue: z.int().min(0).max(100_000).default(1_000),
});

/** Counts per issue and nothing else are kept: memory grows with the issues, not with objects or references. */
export async function coverage(context: ServiceContext, request: CoverageRequest): Promise<Coverage> {
  const { objects, ...rest } = request ?? {};
  const parsed = parseInput(coverageRequest, rest, "request");
  await authoriseProject(context, parsed.projectId);
  const covers = await coveringRelations(context, parsed.relations);
  const tallies = new Map<string, Tally>();
  for (const id of await wantedIssues(context, parsed, covers)) tallies.set(id, createTally());
  const without: ObservedObject[] = [];
  let objectCount = 0;
  let withoutCount = 0;
  for await (const batch of objectBatches(objects)) {
    const issueIds = await referencedIssues(context, parsed.projectId, batch, covers);
    objectCount += batch.length;
    for (const object of batch) {
      const covered = issueIds.get(objectKey(object));
      for (const issueId of covered ?? []) tallies.get(issueId)?.add(object, parsed.objectsPerIssue);
      if (covered !== undefined) continue;
      withoutCount += 1;
      if (without.length < parsed.objectsWithoutIssue) without.push(object);
    }
  }
  const verdicts = { uncovered: 0, failing: 0, incomplete: 0, passing: 0 };
  for (const tally of tallies.values()) verdicts[verdictOf(tally)] += 1;
  return {
    totals: {
      issues: tallies.size,
      covered: tallies.size - verdicts.uncovered,
      ...verdicts,
      objects: objectCount,
      objectsWithoutIssue: withoutCount,
    },
    issues: { [Symbol.asyncIterator]: () => presented(context, tallies) },
    objectsWithoutIssue: without.map(({ type, id }) => ({ type, id })),
  };
}

type Covers = (row: ReferenceRow) => boolean;

async function coveringRelations(
  { runtime, scope }: ServiceContext,
  ids: readonly string[] | undefined,
): Promise<Covers> {
  const relations = await loadRelations(runtime.storage, scope);
  const unknown = ids?.find((id) => !relations.has(id));
  if (unknown !== undefined) throw notFound({ kind: "relation", id: unknown });
  if (ids !== undefined) return (row) => ids.includes(row.relationId);
  return (row) => relations.get(row.relationId)?.kind === "general";
}

/** @throws BackrefError `not-found` for an issue that was named and is out of reach */
async function wantedIssues(
  context: ServiceContext,
  { projectId, issueIds }: { readonly projectId: string; readonly issueIds?: readonly string[] },
  covers: Covers,
): Promise<Iterable<string>> {
  const { runtime, scope } = context;
  if (issueIds !== undefined) {
    const keys = issueIds.map((id) => [id]);
    const rows = await findByKeys(runtime.storage, scope, "issue", "id", keys);
    const known = new Set((await allowedIssues(context, "issue.read", rows)).map(({ id }) => id));
    const missing = issueIds.find((id) => !known.has(id));
    if (missing !== undefined) throw notFound({ kind: "issue", id: missing });
    return issueIds;
  }
  const found = new Set<string>();
  for await (const rows of visibleReferencesAt(context, { by: "project", key: [projectId] })) {
    for (const row of rows) if (covers(row)) found.add(row.issueId);
  }
  return found;
}

async function* presented(
  context: ServiceContext,
  tallies: ReadonlyMap<string, Tally>,
): AsyncGenerator<IssueCoverage, void> {
  const { runtime, scope } = context;
  for (const ids of inBatches([...tallies.keys()].toSorted(), issuesPerBatch)) {
    const keys = ids.map((id) => [id]);
    const rows = await findByKeys(runtime.storage, scope, "issue", "id", keys);
    const { view } = await presentIssues(context, rows);
    for (const row of rows) {
      const tally = tallies.get(row.id);
      if (tally === undefined) continue;
      const { count: objects, outcomes, named } = tally;
      yield { issue: view(row), verdict: verdictOf(tally), objects, outcomes: { ...outcomes }, named: [...named] };
    }
  }
}
