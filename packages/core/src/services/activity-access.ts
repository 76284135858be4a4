import type { JsonValue } from "../domain/json.ts";
import type { Resource } from "../security/policy.ts";
import type { ActivityRow } from "../storage/rows/feed-rows.ts";
import { findByKeys } from "./find-by-keys.ts";
import type { ServiceContext } from "./service-context.ts";

type Projects = readonly string[] | null;

/**
 * To which projects entries belong: those of their link, defect, reference or issue, else of their source. Entries about
 * records that are gone fall back on what they say themselves; what nobody knows belongs to no project.
 */
export async function activityResources(
  { runtime, scope }: ServiceContext,
  rows: readonly ActivityRow[],
): Promise<(row: ActivityRow) => Resource> {
  const idsOf = (name: "defectId" | "linkId" | "referenceId" | "sourceId") => [
    ...new Set(rows.flatMap((row) => row[name] ?? [])),
  ];
  const keysOf = (name: "linkId" | "referenceId" | "sourceId") => idsOf(name).map((id) => [id]);
  const defectIds = idsOf("defectId");
  const issueIds = [...new Set(rows.flatMap((row) => issueIdOf(row) ?? []))];
  const [defects, links, references, sources, issueReferences] = await Promise.all([
    defectIds.length === 0 ? [] : runtime.defects.read(scope, defectIds),
    findByKeys(runtime.storage, scope, "link", "id", keysOf("linkId")),
    findByKeys(runtime.storage, scope, "reference", "id", keysOf("referenceId")),
    findByKeys(runtime.storage, scope, "source", "id", keysOf("sourceId")),
    findByKeys(
      runtime.storage,
      scope,
      "reference",
      "issue",
      issueIds.map((id) => [id]),
    ),
  ]);
  const projectOf = new Map([...defects, ...links, ...references].map(({ id, projectId }) => [id, projectId]));
  const sourceProjects = new Map<string, Projects>(sources.map((source) => [source.id, source.projects]));
  const projectsOf = (row: ActivityRow): Projects => {
    const recordIds = [row.linkId, row.defectId, row.referenceId].filter((id) => id !== null);
    if (recordIds.length > 0) {
      const known = recordIds.map((id) => projectOf.get(id)).find((projectId) => projectId !== undefined);
      return known === undefined ? toldProjects(row) : [known];
    }
    const issueId = issueIdOf(row);
    if (issueId !== null) {
      return issueReferences.filter((one) => one.issueId === issueId).map(({ projectId }) => projectId);
    }
    const source = row.sourceId === null ? undefined : sourceProjects.get(row.sourceId);
    return source === undefined ? toldProjects(row) : source;
  };
  return (row) => ({ kind: "activity", tenantId: row.tenantId, projectIds: projectsOf(row), id: row.id });
}

/** Entries about a cached issue alone, which belongs to every project that refers to it. */
function issueIdOf({ linkId, defectId, referenceId, data }: ActivityRow): string | null {
  const { issueId } = data;
  return linkId === null && defectId === null && referenceId === null && typeof issueId === "string" ? issueId : null;
}

function toldProjects({ type, data }: ActivityRow): Projects {
  const { projectId, projects } = data;
  if (typeof projectId === "string") return [projectId];
  if (Array.isArray(projects)) return projects.filter((id: JsonValue) => typeof id === "string");
  return type.startsWith("relation-") && projects === null ? null : [];
}
