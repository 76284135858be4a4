import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import type { Actor } from "../../domain/actor.ts";
import type { Relation } from "../../domain/relations.ts";
import type { ActivityEvent, ActivityType } from "../../events/event-bus.ts";
import { displayName, distinct, hostId, invalidInput, parseInput, recordId } from "../../input/parse-input.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Action } from "../../security/actions.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import type { Requirement } from "../../storage/commit.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { commitPlan } from "../commit-plan.ts";
import { decodeCursor, defaultPageLimit, encodeCursor, pageFields } from "../paging.ts";
import type { RelationsService, UpdateRelationInput } from "../relations-types.ts";
import { actorIdOf } from "../service-context.ts";
import { loadRelations, relationResource, relationRow } from "./load-relations.ts";

const projects = distinct(hostId).nullable();

const createInput = z.strictObject({
  name: displayName,
  inverseName: displayName.optional(),
  kind: z.enum(["general", "defect"]).default("general"),
  projects: projects.default(null),
});

const updateInput = z.strictObject({
  name: displayName.optional(),
  inverseName: displayName.optional(),
  enabled: z.boolean().optional(),
  projects: projects.optional(),
});

const listRequest = z.strictObject({ ...pageFields, projectId: hostId.optional() });

export function createRelationsService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
): RelationsService {
  const { storage } = runtime;

  const load = async (id: string, action: Action): Promise<[Relation, ReadonlyMap<string, Relation>]> => {
    const relationId = parseInput(recordId, id, "relation id");
    const all = await loadRelations(storage, scope);
    const relation = all.get(relationId);
    if (relation === undefined) throw notFound({ kind: "relation", id: relationId });
    await authoriser.authorise(actor, action, relationResource(scope, relation));
    return [relation, all];
  };

  const happened = (type: ActivityType, relation: Relation): ActivityEvent =>
    describeActivity(
      runtime,
      type,
      { tenantId: scope.tenantId, actorId: actorIdOf(actor) },
      { relationId: relation.id, name: relation.name, enabled: relation.enabled, projects: relation.projects },
    );

  const update = async (id: string, input: UpdateRelationInput): Promise<Relation> => {
    const parsed = parseInput(updateInput, input, "relation");
    return await commitPlan(runtime, scope, "relation.update", async () => {
      const [before, all] = await load(id, "relation.update");
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
      return {
        unit: {
          require: before.builtIn ? [] : [unchanged(before)],
          write: [{ type: "put", table: "relation", row: relationRow(scope, after) }],
        },
        events: [happened("relation-updated", after)],
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
      const after = cursor === undefined ? undefined : decodeCursor("relations", cursor);
      const start = after === undefined ? 0 : seen.findIndex((relation) => relation.id === after) + 1;
      const items = seen.slice(start, start + limit);
      const last = items.at(-1);
      const hasMore = start + limit < seen.length && last !== undefined;
      return { items, nextCursor: hasMore ? encodeCursor("relations", last.id) : null };
    },
    async get(id) {
      const [relation] = await load(id, "relation.read");
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
          events: [happened("relation-created", relation)],
          result: relation,
        };
      });
    },
    update,
    enable: (id) => update(id, { enabled: true }),
    disable: (id) => update(id, { enabled: false }),
    async delete(id) {
      await commitPlan(runtime, scope, "relation.delete", async () => {
        const [relation] = await load(id, "relation.delete");
        if (relation.builtIn) throw cannotDelete(`"${relation.name}" is built in. Disable it instead.`);
        const used = await storage.find(scope, { table: "reference", by: "relation", keys: [[relation.id]], limit: 1 });
        if (used.length > 0)
          throw cannotDelete(`references have "${relation.name}". Remove them, or disable the relation.`);
        return {
          unit: { require: [unchanged(relation)], write: [{ type: "delete", table: "relation", id: relation.id }] },
          events: [happened("relation-deleted", relation)],
          result: undefined,
        };
      });
    },
  };
}

function unchanged({ id, name, inverseName, enabled }: Relation): Requirement {
  return { table: "relation", id, match: { name, inverseName, enabled } };
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

function cannotDelete(why: string): Error {
  return invalidInput("relation", [{ path: ["id"], message: why }]);
}
