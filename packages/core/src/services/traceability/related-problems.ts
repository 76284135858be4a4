import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import { categoryOf } from "../../domain/vocabulary.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { linkResource } from "../defects/defect-access.ts";
import { findByKeys } from "../find-by-keys.ts";
import { type PresentedIssues, presentIssues } from "../issues/present-issues.ts";
import type { ServiceContext } from "../service-context.ts";
import type { ObservedObject } from "./coverage-types.ts";
import { defectsByObject, issuesByObject } from "./ids-by-object.ts";
import { readDefects } from "./read-defects.ts";
import type { RelatedProblem } from "./retest-types.ts";

export interface DatedProblem extends RelatedProblem {
  readonly isClosed: boolean;
}

/**
 * Problems of each object, each once: issues it refers to by a relation of the kind `defect`, and defects that it failed
 * with. An issue that is kept in step with a defect is one problem with it.
 */
export async function relatedProblems(
  context: ServiceContext,
  projectId: string,
  objects: readonly ObservedObject[],
): Promise<ReadonlyMap<string, readonly DatedProblem[]>> {
  const [issueIds, defectIds] = await Promise.all([
    issuesByObject(context, projectId, objects),
    defectsByObject(context, projectId, objects),
  ]);
  const links = await livingLinks(context, valuesOf(issueIds), valuesOf(defectIds));
  const defects = await readDefects(context, [...valuesOf(defectIds), ...links.map(({ defectId }) => defectId)]);
  const rows = await findByKeys(
    context.runtime.storage,
    context.scope,
    "issue",
    "id",
    unique([...valuesOf(issueIds), ...links.flatMap(({ issueId }) => issueId ?? [])]),
  );
  const presented = await presentIssues(context, rows);
  const issues = new Map(rows.map((row) => [row.id, row]));
  const linkOfIssue = new Map(links.map((link) => [link.issueId, link]));
  const linkOfDefect = new Map(links.toReversed().map((link) => [link.defectId, link]));
  const ofDefect = (defect: DefectSnapshot) => {
    const issue = issues.get(linkOfDefect.get(defect.id)?.issueId ?? "");
    return problemOfDefect(context, presented, defect, issue);
  };
  const keys = new Set([...issueIds.keys(), ...defectIds.keys()]);
  return new Map(
    [...keys].map((key) => {
      const found = new Map<string, DatedProblem>();
      for (const id of defectIds.get(key) ?? []) {
        const defect = defects.get(id);
        if (defect !== undefined) found.set(defect.id, ofDefect(defect));
      }
      for (const id of issueIds.get(key) ?? []) {
        const defect = defects.get(linkOfIssue.get(id)?.defectId ?? "");
        const row = issues.get(id);
        if (defect !== undefined) found.set(defect.id, ofDefect(defect));
        else if (row !== undefined && row.state !== "deleted") found.set(id, problemOfIssue(presented, row));
      }
      return [key, [...found.values()]];
    }),
  );
}

function problemOfDefect(
  { runtime }: ServiceContext,
  presented: PresentedIssues,
  { id, title, status, changedAt }: DefectSnapshot,
  issue: IssueRow | undefined,
): DatedProblem {
  const isClosed = categoryOf(runtime.vocabulary, status) === "closed";
  const closedAt = isClosed ? (changedAt?.status ?? null) : null;
  const shown = issue === undefined ? null : presented.view(issue);
  return {
    issue: shown,
    defect: { id, title, status },
    isClosed,
    closedAt,
    closedAtIs: closedAt === null ? null : "known",
  };
}

/** What is hidden or was never read is not known to be closed. */
function problemOfIssue(presented: PresentedIssues, row: IssueRow): DatedProblem {
  const issue = presented.view(row);
  const isClosed = issue.status?.category === "closed";
  const closedAt = isClosed ? (row.snapshot?.updatedAt ?? null) : null;
  return { issue, defect: null, isClosed, closedAt, closedAtIs: closedAt === null ? null : "latest" };
}

function valuesOf(sets: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return [...new Set([...sets.values()].flatMap((set) => [...set]))];
}

function unique(ids: readonly string[]): readonly (readonly [string])[] {
  return [...new Set(ids)].map((id) => [id]);
}

async function livingLinks(
  { runtime, authoriser, actor, scope }: ServiceContext,
  issueIds: readonly string[],
  defectIds: readonly string[],
): Promise<readonly LinkRow[]> {
  const [byIssue, byDefect] = await Promise.all([
    findByKeys(
      runtime.storage,
      scope,
      "link",
      "issue",
      issueIds.map((id) => [id, 1]),
    ),
    findByKeys(
      runtime.storage,
      scope,
      "link",
      "defect",
      defectIds.map((id) => [id]),
    ),
  ]);
  const living = [...byIssue, ...byDefect].filter(({ active }) => active === 1);
  const rows = [...new Map(living.map((row) => [row.id, row])).values()];
  return await authoriser.filter(actor, "link.read", rows, linkResource);
}
