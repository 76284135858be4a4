import { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import { hostId, invalidInput, parseInput, recordId } from "../../input/parse-input.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { siteOf } from "../../runtime/session.ts";
import type { Action } from "../../security/actions.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { type OnStale, parseReadOptions } from "../issues/stale-issues.ts";
import { collectPage } from "../paging.ts";
import type { Reference, ReferenceOptions, ReferencesService } from "../references-types.ts";
import { isRelationOf, loadRelations } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import { addReferences } from "./add-references.ts";
import { changeRelation } from "./change-relation.ts";
import { createReferenceFilter, parseReferenceQuery, referenceBatches } from "./reference-selection.ts";
import {
  containerOfKey,
  containerOfProject,
  isUsableBy,
  loadSourceChoices,
  type SourceChoice,
} from "./reference-sources.ts";
import { referenceResource, relationSummary, viewReferences } from "./reference-view.ts";
import { removeAllReferences, removeReference } from "./remove-references.ts";
import { isForLinks } from "./resolve-issue-text.ts";
import { transferReferences } from "./transfer-references.ts";

const mostAtOnce = 1_000;
/** Rows that are read at a time where a filter may leave most of them out. */
const rowsPerLook = 500;

/** Rows that a page with a filter looks at before it ends. */
const mostFiltered = 5_000;

const optionsRequest = z.strictObject({
  projectId: hostId,
  // As long as a defect's; whatever it says goes into an address and is stored nowhere.
  draft: z
    .strictObject({
      title: z.string().max(1_000).exactOptional(),
      description: z.string().max(1_000_000).exactOptional(),
    })
    .default({}),
});

export function createReferencesService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
  { onStale }: { readonly onStale?: OnStale } = {},
): ReferencesService {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  const { storage } = runtime;

  const load = async (id: string, action: Action): Promise<ReferenceRow> => {
    const referenceId = parseInput(recordId, id, "reference id");
    const [row] = await storage.find(scope, { table: "reference", by: "id", keys: [[referenceId]] });
    if (row === undefined) throw notFound({ kind: "reference", id: referenceId });
    await authoriser.authorise(actor, action, referenceResource(row));
    return row;
  };

  const authoriseProject = (action: Action, projectId: string) =>
    authoriser.authorise(actor, action, { kind: "reference", tenantId: scope.tenantId, projectIds: [projectId] });

  return {
    async add(input) {
      const [outcome] = await addReferences(context, [input]);
      if (outcome?.ok !== true) throw outcome?.error ?? new TypeError("references.add needs an input.");
      const { ok: _, ...result } = outcome;
      return result;
    },
    async addMany(inputs) {
      if (!Array.isArray(inputs) || inputs.length > mostAtOnce) {
        throw invalidInput("references", [{ path: [], message: `must be a list of at most ${mostAtOnce}; split it` }]);
      }
      return await addReferences(context, inputs);
    },
    async get(id, options) {
      const { waitUntil } = parseReadOptions(options);
      const [reference] = await viewReferences(context, [await load(id, "reference.list")], { onStale, waitUntil });
      if (reference === undefined) throw notFound({ kind: "reference", id });
      return reference;
    },
    async list(query, options) {
      const { waitUntil } = parseReadOptions(options);
      const { path, filter, page } = parseReferenceQuery(query);
      const { by, key } = path;
      if (by === "project") await authoriseProject("reference.list", String(key[0]));
      const accept = filter === null ? null : createReferenceFilter(context, filter);
      return await collectPage<ReferenceRow, Reference>({
        list: JSON.stringify([scope.tenantId, "references", by, key, ...(filter === null ? [] : [filter])]),
        page,
        ...(accept === null ? {} : { mostRows: mostFiltered }),
        fetch: (after, most) =>
          storage.find(scope, {
            table: "reference",
            by,
            keys: [key],
            limit: accept === null ? most : Math.max(most, rowsPerLook),
            ...(after === undefined ? {} : { after }),
          }),
        keep: async (rows) => {
          const visible = await authoriser.filter(actor, "reference.list", rows, referenceResource);
          return accept === null ? visible : await accept(visible);
        },
        view: (rows) => viewReferences(context, rows, { onStale, waitUntil }),
      });
    },
    async *iterate(query) {
      for await (const references of referenceBatches(context, query)) yield* references;
    },
    async update(id, input) {
      const { row, merged } = await changeRelation(context, () => load(id, "reference.update"), input);
      const [reference] = await viewReferences(context, [row]);
      if (reference === undefined) throw notFound({ kind: "reference", id });
      return { reference, merged };
    },
    move: (request) => transferReferences(context, request, "move"),
    copy: (request) => transferReferences(context, request, "copy"),
    remove: (id) => removeReference(context, () => load(id, "reference.remove")),
    removeAll: (request) => removeAllReferences(context, request),
    async options(request) {
      const { projectId, draft } = parseInput(optionsRequest, request, "request");
      await authoriseProject("reference.list", projectId);
      const [choices, relations] = await Promise.all([loadSourceChoices(context, null), loadRelations(storage, scope)]);
      return {
        sources: choices
          .filter(({ source }) => source.enabled && isForLinks(source) && isUsableBy(source, projectId))
          .map((choice) => sourceOption(runtime, choice, { projectId, draft })),
        relations: [...relations.values()]
          .filter((relation) => relation.enabled && isRelationOf(relation, projectId))
          .map((relation) => relationSummary(relation, relation.id)),
      };
    },
  };
}

function sourceOption(
  runtime: Runtime,
  choice: SourceChoice,
  { projectId, draft }: z.infer<typeof optionsRequest>,
): ReferenceOptions["sources"][number] {
  const { source } = choice;
  const provider = runtime.providers.get(source.providerId);
  const container = provider === undefined ? null : containerOfKey(provider, choice, projectId);
  // Where keys have one container only, new issues may still belong to a product or the like, which an admin names.
  const place = containerOfProject(choice, projectId) ?? container;
  const createUrl =
    place === null ? null : (provider?.createUrl?.({ ...draft, container: place }, siteOf(source)) ?? null);
  return { id: source.id, name: source.name, provider: source.providerId, container, createUrl };
}
