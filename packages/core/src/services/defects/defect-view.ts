import type { Vocabulary } from "../../domain/vocabulary.ts";
import type { DefectRow, OccurrenceRow } from "../../storage/rows/defect-rows.ts";
import type { Defect, Occurrence } from "./defects-types.ts";

/** A stored defect as hosts see it. Its words were checked against the vocabulary when they came in. */
export function defectView<Words extends Vocabulary>(row: DefectRow): Defect<Words> {
  return {
    id: row.id,
    projectId: row.projectId,
    title: row.title,
    description: row.description,
    status: row.status as Defect<Words>["status"],
    priority: row.priority as Defect<Words>["priority"],
    assignee: row.assignee,
    revision: String(row.revision),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Oldest first. */
export function occurrenceViews(rows: readonly OccurrenceRow[]): readonly Occurrence[] {
  return rows
    .toSorted((a, b) => a.at - b.at)
    .map(({ id, caseId, runId, resultId, at }) => ({ id, caseId, runId, resultId, at }));
}
