import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import { builtInRelations, type Relation } from "../../domain/relations.ts";
import { displayName, distinct, hostId, invalidInput, parseInput } from "../../input/parse-input.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { commitPlan } from "../commit-plan.ts";
import { decodeCursor, defaultPageLimit, encodeCursor, pageFields } from "../paging.ts";
import type { RelationsService, UpdateRelationInput } from "../relations-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { deleteRelation, relationEvent, unchangedRelation } from "./delete-relation.ts";
import { loadRelation, loadRelations, relationResource, relationRow } from "./load-relations.ts";

const projects = distinct(hostId).nullable();

const createInput = z.strictObject({
  name: displayName,
  inverseName: displayName.optional(),
  kind: z.enum(["general", "defect"]).default("general"),
  projects: projects.default(null),
});

const updateInput = z.strictObject({
  name: displayName.exactOptional(),
  inverseName: displayName.exactOptional(),
  enabled: z.boolean().exactOptional(),
  projects: projects.exactOptional(),
});

const listRequest = z.strictObject({ ...pageFields, projectId: hostId.optional() });

export function createRelationsService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
): RelationsService {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  const { storage } = runtime;

  const update = async (id: string, input: UpdateRelationInput): Promise<Relation> => {
    const parsed = parseInput(updateInput, input, "relation");
    return await commitPlan(runtime, scope, "relation.update", async () => {
      const [before, all] = await loadRelation(context, id, "relation.update");
      const after: Relation = {
        ...before,
        name: parsed.name ?? before.name,
        inverseName: parsed.inverseName ?? before.inverseName,
        enabled: parsed.enabled ?? before.enabled,
        projects: parsed.projects === undefined ? before.projects : parsed.projects,
      };
      // Nobody hands a relation to projects beyond those they may configure.
      await authoriser.authorise(actor, "relation.update", relationResource(scope, after));
      refuseTakenName(all, after);
      if (isDeepStrictEqual(after, before)) return { unit: null, events: [], result: before };
      const [row] = await storage.find(scope, { table: "relation", by: "id", keys: [[before.id]] });
      if (row === undefined && !before.builtIn) throw notFound({ kind: "relation", id: before.id });
      return {
        // Only what was asked for is written: what somebody else changes at the same moment stays.
        unit:
          row === undefined
            ? { write: [{ type: "insert", table: "relation", row: relationRow(scope, after) }] }
            : {
                require: [unchangedRelation(before)],
                write: [{ type: "update", table: "relation", id: before.id, set: parsed }],
              },
        events: [relationEvent(context, "relation-updated", after)],
        result: after,
      };
    });
  };

  return {
    async list(request = {}) {
      const { projectId, cursor, limit = defaultPageLimit } = parseInput(listRequest, request, "request");
      const all = [...(await loadRelations(storage, scope)).values()];
      const usable = all.filter(
        (relation) => projectId === undefined || relation.projects === null || relation.projects.includes(projectId),
      );
      const seen = await authoriser.filter(actor, "relation.read", usable, (relation) =>
        relationResource(scope, relation),
      );
      const list = JSON.stringify([scope.tenantId, "relations"]);
      const rest = cursor === undefined ? seen : seen.filter(isBehind(decodeCursor(list, cursor)));
      const items = rest.slice(0, limit);
      const last = items.at(-1);
      const hasMore = rest.length > limit && last !== undefined;
      return { items, nextCursor: hasMore ? encodeCursor(list, last.id) : null };
    },
    async get(id) {
      const [relation] = await loadRelation(context, id, "relation.read");
      return relation;
    },
    async create(input) {
      const parsed = parseInput(createInput, input, "relation");
      const relation: Relation = {
        id: runtime.ids.id(),
        name: parsed.name,
        inverseName: parsed.inverseName ?? parsed.name,
        kind: parsed.kind,
        enabled: true,
        projects: parsed.projects,
        builtIn: false,
      };
      await authoriser.authorise(actor, "relation.create", {
        kind: "relation",
        tenantId: scope.tenantId,
        projectIds: parsed.projects,
      });
      return await commitPlan(runtime, scope, "relation.create", async () => {
        refuseTakenName(await loadRelations(storage, scope), relation);
        return {
          unit: { write: [{ type: "insert", table: "relation", row: relationRow(scope, relation) }] },
          events: [relationEvent(context, "relation-created", relation)],
          result: relation,
        };
      });
    },
    update,
    enable: (id) => update(id, { enabled: true }),
    disable: (id) => update(id, { enabled: false }),
    delete: (id, options = {}) => deleteRelation(context, id, options),
  };
}

/** Built-in ones come first, then the others by id; the one with this id may have been deleted or hidden since. */
function isBehind(id: string): (relation: Relation) => boolean {
  const place = builtInRelations.findIndex((relation) => relation.id === id);
  return (relation) =>
    relation.builtIn
      ? place !== -1 && builtInRelations.findIndex((one) => one.id === relation.id) > place
      : place !== -1 || relation.id > id;
}

function refuseTakenName(all: ReadonlyMap<string, Relation>, relation: Relation): void {
  const name = relation.name.toLowerCase();
  for (const other of all.values()) {
    if (other.id === relation.id || other.name.toLowerCase() !== name) continue;
    throw invalidInput("relation", [
      { path: ["name"], message: "another relation of the tenant has this name already" },
    ]);
  }
}
