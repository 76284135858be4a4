import { isSystemActor } from "../../domain/actor.ts";
import type { JsonObject } from "../../domain/json.ts";
import { isBlank } from "../../forms/missing-fields.ts";
import type { Write } from "../../storage/commit.ts";
import type { RememberedFieldsRow } from "../../storage/rows/form-rows.ts";
import type { ServiceContext } from "../service-context.ts";

interface Place {
  readonly sourceId: string;
  readonly projectId: string;
}

async function rowOf(
  { runtime, actor, scope }: ServiceContext,
  { sourceId, projectId }: Place,
): Promise<RememberedFieldsRow | undefined> {
  if (isSystemActor(actor)) return undefined;
  const keys = [[sourceId, projectId, actor.userId]];
  return (await runtime.storage.find(scope, { table: "rememberedFields", by: "person", keys }))[0];
}

/** What this person gave last for new issues of the project. */
export async function rememberedFields(context: ServiceContext, place: Place): Promise<JsonObject> {
  return (await rowOf(context, place))?.fields ?? {};
}

/** Writes that remember what was given, for the next form of the same person. A system remembers nothing. */
export async function rememberFields(
  context: ServiceContext,
  place: Place,
  given: JsonObject,
): Promise<readonly Write[]> {
  const { runtime, actor, scope } = context;
  if (isSystemActor(actor) || Object.keys(given).length === 0) return [];
  const known = await rowOf(context, place);
  const fields = Object.fromEntries(
    Object.entries({ ...known?.fields, ...given }).filter(([, value]) => !isBlank(value)),
  );
  const row: RememberedFieldsRow = {
    tenantId: scope.tenantId,
    id: known?.id ?? runtime.ids.id(),
    ...place,
    userId: actor.userId,
    fields,
    updatedAt: runtime.clock.now(),
  };
  return [{ type: "put", table: "rememberedFields", row }];
}
