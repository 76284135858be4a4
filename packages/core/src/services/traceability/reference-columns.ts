import type { RemotePerson } from "../../domain/issue-snapshot.ts";
import type { CsvValue } from "./csv.ts";
import type { ExportedReference } from "./export-types.ts";

const time = (at: number | null | undefined): string | null => (at == null ? null : new Date(at).toISOString());
const people = (all: readonly RemotePerson[]): string =>
  all.map(({ login, displayName }) => login ?? displayName).join(", ");

/** Columns of the CSV, in order. New ones are added at the end; none is renamed, removed or moved. */
export const referenceColumns: Readonly<Record<string, (reference: ExportedReference) => CsvValue>> = {
  reference_id: ({ id }) => id,
  project_id: ({ object }) => object.projectId,
  object_type: ({ object }) => object.type,
  object_id: ({ object }) => object.id,
  relation: ({ relation }) => relation.name,
  relation_kind: ({ relation }) => relation.kind,
  issue_key: ({ issue }) => issue.key,
  issue_url: ({ issue }) => issue.url,
  issue_title: ({ issue }) => issue.title,
  issue_status: ({ issue }) => issue.status?.name ?? null,
  issue_status_category: ({ issue }) => issue.status?.category ?? null,
  issue_status_reason: ({ issue }) => issue.status?.reason ?? null,
  issue_assignees: ({ issue }) => people(issue.assignees),
  issue_priority: ({ issue }) => issue.priority,
  issue_type: ({ issue }) => issue.type,
  issue_labels: ({ issue }) => issue.labels.join(", "),
  issue_state: ({ issue }) => issue.state,
  issue_details: ({ issue }) => issue.details,
  issue_fetched_at: ({ issue }) => time(issue.fetchedAt),
  issue_age_seconds: ({ issue }) => (issue.ageMs === null ? null : Math.round(issue.ageMs / 1_000)),
  source_id: ({ sourceId }) => sourceId,
  defect_id: ({ defect, link }) => defect?.id ?? link?.defectId ?? null,
  defect_title: ({ defect }) => defect?.title ?? null,
  defect_status: ({ defect }) => defect?.status ?? null,
  sync_status: ({ link }) => link?.status ?? null,
  sync_message: ({ link }) => link?.message ?? null,
  synced_at: ({ link }) => time(link?.syncedAt),
  created_by: ({ createdBy }) => createdBy,
  created_at: ({ createdAt }) => time(createdAt),
};
