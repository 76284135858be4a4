import { describeActivity } from "../../activity/activity.ts";
import type { Relation } from "../../domain/relations.ts";
import type { TestObject } from "../../domain/test-object.ts";
import type { ActivityEvent } from "../../events/event-bus.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import type { CommitUnit, Requirement } from "../../storage/commit.ts";
import type { IssueRow, ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { isGivenStill } from "../relations/load-relations.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { knownIssues, planIssue } from "./plan-issues.ts";
import { issueKey } from "./read-new-issues.ts";
import type { NamedIssue } from "./resolve-issue-text.ts";

/** One reference to add, checked and with its issue named. */
export interface WantedReference {
  readonly index: number;
  readonly object: TestObject;
  readonly relation: Relation;
  readonly issue: NamedIssue;
}

export interface PlannedReference {
  readonly wanted: WantedReference;
  readonly row: ReferenceRow;
  readonly issue: IssueRow;
  readonly created: boolean;
  /** Null where everything is there already. */
  readonly unit: CommitUnit | null;
  readonly events: readonly ActivityEvent[];
}

/** What to write for each, from what is stored now, in order: a later one may count on an earlier one's issue. */
export async function planReferences(
  context: ServiceContext,
  wanted: readonly WantedReference[],
  outcomes: ReadonlyMap<string, ReadOutcome>,
): Promise<readonly PlannedReference[]> {
  const known = await knownIssues(
    context,
    wanted.map(({ issue }) => issue),
    outcomes,
  );
  const issues = wanted.map(({ issue }) => planIssue(context, known, issue, outcomes.get(issueKey(issue))));
  const existing = await findByKeys(
    context.runtime.storage,
    context.scope,
    "reference",
    "link",
    wanted.map(({ object, relation }, index) => [object.type, object.id, relation.id, issues[index]?.row.id ?? ""]),
  );
  const references = new Map(existing.map((row) => [linkKey(row), row]));
  return wanted.flatMap((one, index): readonly PlannedReference[] => {
    const issue = issues[index];
    if (issue === undefined) return [];
    const fresh = referenceRow(context, one, issue.row);
    const first = references.get(linkKey(fresh));
    if (first !== undefined) {
      return [{ wanted: one, row: first, issue: issue.row, created: false, unit: issue.unit, events: [] }];
    }
    references.set(linkKey(fresh), fresh);
    const event = addedEvent(context, one, fresh, issue.row);
    const unit: CommitUnit = {
      require: [...(issue.unit?.require ?? [existsStill(issue.row)]), ...usableStill(one)],
      write: [...(issue.unit?.write ?? []), { type: "insert", table: "reference", row: fresh }],
    };
    return [{ wanted: one, row: fresh, issue: issue.row, created: true, unit, events: [event] }];
  });
}

function addedEvent(
  context: ServiceContext,
  { object, relation }: WantedReference,
  reference: ReferenceRow,
  issue: IssueRow,
): ActivityEvent {
  return describeActivity(
    context.runtime,
    "reference-added",
    {
      tenantId: context.scope.tenantId,
      actorId: actorIdOf(context.actor),
      sourceId: issue.sourceId,
      referenceId: reference.id,
    },
    {
      projectId: object.projectId,
      object: { type: object.type, id: object.id },
      relation: relation.id,
      issueKey: issue.displayKey,
    },
  );
}

function referenceRow(context: ServiceContext, { object, relation }: WantedReference, issue: IssueRow): ReferenceRow {
  return {
    tenantId: context.scope.tenantId,
    id: context.runtime.ids.id(),
    objectType: object.type,
    objectId: object.id,
    projectId: object.projectId,
    relationId: relation.id,
    issueId: issue.id,
    sourceId: issue.sourceId,
    createdBy: actorIdOf(context.actor),
    createdAt: context.runtime.clock.now(),
  };
}

/** What is unique about a reference. */
export function linkKey(row: Pick<ReferenceRow, "objectType" | "objectId" | "relationId" | "issueId">): string {
  return JSON.stringify([row.objectType, row.objectId, row.relationId, row.issueId]);
}

/** Whoever merges two issues deletes one; a reference to it must not be left behind. */
function existsStill(issue: IssueRow): Requirement {
  return { table: "issue", id: issue.id, match: { sourceId: issue.sourceId } };
}

function usableStill({ issue, relation }: WantedReference): readonly Requirement[] {
  return [{ table: "source", id: issue.source.id, match: { enabled: true } }, ...isGivenStill(relation)];
}
