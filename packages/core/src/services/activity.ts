import { z } from "zod";
import type { Actor } from "../domain/actor.ts";
import type { PageRequest } from "../domain/page.ts";
import { type ActivityEvent, type ActivityType, activityTypes } from "../events/event-bus.ts";
import { hostId, invalidInput, parseInput, recordId } from "../input/parse-input.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Authoriser } from "../security/authoriser.ts";
import type { ActivityRow } from "../storage/rows/feed-rows.ts";
import type { StorageScope } from "../storage/storage.ts";
import type { AccessPath, Scalar } from "../storage/tables.ts";
import { activityResources } from "./activity-access.ts";
import type { ActivityService } from "./activity-types.ts";
import { collectPage, pageFields } from "./paging.ts";
import type { ServiceContext } from "./service-context.ts";

const listQuery = z.strictObject({
  ...pageFields,
  // A defect's id is the host's where the host keeps the defects.
  defectId: hostId.exactOptional(),
  linkId: recordId.exactOptional(),
  sourceId: recordId.exactOptional(),
  referenceId: recordId.exactOptional(),
  types: z.array(z.enum(activityTypes)).min(1).max(activityTypes.length).exactOptional(),
});

export function createActivityService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
): ActivityService {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  return {
    async list(query = {}) {
      const { limit, cursor, types, ...ids } = parseInput(listQuery, query, "query");
      const page: PageRequest = {
        ...(limit === undefined ? {} : { limit }),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const { by, key } = pathOf(ids);
      return await collectPage({
        list: JSON.stringify([scope.tenantId, "activity", by, key, ...(types === undefined ? [] : [types])]),
        page,
        fetch: (after, most) =>
          runtime.storage.find(scope, {
            table: "activity",
            by,
            keys: [key],
            limit: most,
            newestFirst: true,
            ...(after === undefined ? {} : { after }),
          }),
        keep: async (all) => {
          const rows = types === undefined ? all : all.filter(({ type }) => types.some((wanted) => wanted === type));
          if (rows.length === 0) return [];
          return await authoriser.filter(actor, "activity.read", rows, await activityResources(context, rows));
        },
        view: async (rows) => rows.map(activityView),
      });
    },
  };
}

function pathOf(ids: Readonly<Record<string, string>>): {
  readonly by: AccessPath<"activity">;
  readonly key: readonly Scalar[];
} {
  const [given, ...others] = Object.entries(ids);
  if (others.length > 0) {
    throw invalidInput("query", [
      { path: [others[0]?.[0] ?? ""], message: "give one id, or none for the whole tenant" },
    ]);
  }
  if (given === undefined) return { by: "all", key: [] };
  const paths = { defectId: "defect", linkId: "link", sourceId: "source", referenceId: "reference" } as const;
  return { by: paths[given[0] as keyof typeof paths], key: [given[1]] };
}

function activityView({ sequence: _, type, ...row }: ActivityRow): ActivityEvent {
  return { ...row, type: type as ActivityType };
}
