import { z } from "zod";
import type { PageRequest } from "../../domain/page.ts";
import { distinct, hostId, parseInput, recordId } from "../../input/parse-input.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { presentIssues } from "../issues/present-issues.ts";
import { pageFields } from "../paging.ts";
import type { Reference, ReferenceFilter } from "../references-types.ts";
import { loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import { type ReferencePath, visibleReferencesAt } from "./object-references.ts";
import { viewReferences } from "./reference-view.ts";

/** Fields of `ReferenceFilter`. */
const filterFields = {
  relationKind: z.enum(["general", "defect"]).exactOptional(),
  relation: recordId.exactOptional(),
  sourceId: recordId.exactOptional(),
  objectTypes: distinct(hostId, 100).exactOptional(),
  issueStates: distinct(z.enum(["live", "deleted", "moved", "no-access"])).exactOptional(),
  statusCategories: distinct(z.enum(["open", "active", "closed"])).exactOptional(),
};

const selectionSchema = schemaWith({});
const querySchema = schemaWith(pageFields);

function schemaWith<Fields extends z.ZodRawShape>(more: Fields) {
  const fields = { ...more, ...filterFields };
  return z.union(
    [
      z.strictObject({ ...fields, object: z.object({ type: hostId, id: hostId }) }),
      z.strictObject({ ...fields, issueId: recordId }),
      z.strictObject({ ...fields, projectId: hostId }),
    ],
    "give one of `object`, `issueId` and `projectId`",
  );
}

export interface ParsedSelection {
  readonly path: ReferencePath;
  /** Null where it narrows nothing. */
  readonly filter: ReferenceFilter | null;
}

/** @throws BackrefError `invalid-input` */
export function parseReferenceQuery(query: unknown): ParsedSelection & { readonly page: PageRequest } {
  const { limit, cursor, ...selection } = parseInput(querySchema, query, "query");
  const page = { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) };
  return { ...selectionOf(selection), page };
}

/** @throws BackrefError `invalid-input` */
export function parseSelection(selection: unknown): ParsedSelection {
  return selectionOf(parseInput(selectionSchema, selection, "query"));
}

function selectionOf(parsed: z.infer<typeof selectionSchema>): ParsedSelection {
  if ("object" in parsed) {
    const { object, ...filter } = parsed;
    return { path: { by: "object", key: [object.type, object.id] }, filter: orNull(filter) };
  }
  if ("issueId" in parsed) {
    const { issueId, ...filter } = parsed;
    return { path: { by: "issue", key: [issueId] }, filter: orNull(filter) };
  }
  const { projectId, ...filter } = parsed;
  return { path: { by: "project", key: [projectId] }, filter: orNull(filter) };
}

function orNull(filter: ReferenceFilter): ReferenceFilter | null {
  return Object.keys(filter).length === 0 ? null : filter;
}

export type AcceptReferences = (rows: readonly ReferenceRow[]) => Promise<readonly ReferenceRow[]>;

/** Leaves out what does not fit. An issue counts as this actor sees it, so that nothing can be found out by filtering. */
export function createReferenceFilter(context: ServiceContext, filter: ReferenceFilter): AcceptReferences {
  const { relationKind, relation, sourceId, objectTypes, issueStates, statusCategories } = filter;
  const { runtime, scope } = context;
  return async (rows) => {
    const relations = relationKind === undefined ? null : await loadRelations(runtime.storage, scope);
    const fitting = rows.filter(
      (row) =>
        (relation === undefined || row.relationId === relation) &&
        (sourceId === undefined || row.sourceId === sourceId) &&
        (objectTypes === undefined || objectTypes.includes(row.objectType)) &&
        (relations === null || (relations.get(row.relationId)?.kind ?? "general") === relationKind),
    );
    if (fitting.length === 0 || (issueStates === undefined && statusCategories === undefined)) return fitting;
    const keys = [...new Set(fitting.map(({ issueId }) => issueId))].map((id) => [id]);
    const issues = await findByKeys(runtime.storage, scope, "issue", "id", keys);
    const presented = await presentIssues(context, issues);
    const fits = new Set(
      issues
        .map(presented.view)
        .filter(
          ({ state, status }) =>
            (issueStates === undefined || issueStates.includes(state)) &&
            (statusCategories === undefined || (status !== null && statusCategories.includes(status.category))),
        )
        .map(({ id }) => id),
    );
    return fitting.filter(({ issueId }) => fits.has(issueId));
  };
}

/** References of a `ReferenceSelection`, in parts, oldest first. None is empty. */
export async function* referenceBatches(
  context: ServiceContext,
  selection: unknown,
): AsyncGenerator<readonly Reference[], void> {
  const { path, filter } = parseSelection(selection);
  const { authoriser, actor, scope } = context;
  if (path.by === "project") {
    const projectIds = [String(path.key[0])];
    await authoriser.authorise(actor, "reference.list", { kind: "reference", tenantId: scope.tenantId, projectIds });
  }
  const accept = filter === null ? null : createReferenceFilter(context, filter);
  for await (const rows of visibleReferencesAt(context, path)) {
    const references = await viewReferences(context, accept === null ? rows : await accept(rows));
    if (references.length > 0) yield references;
  }
}
