import type { TestObject } from "../../domain/test-object.ts";
import type { Action } from "../../security/actions.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { AccessPath, Scalar } from "../../storage/tables.ts";
import type { ServiceContext } from "../service-context.ts";
import { referenceResource } from "./reference-view.ts";

const referencesPerCall = 500;

/** An object's references that the actor sees, in parts, oldest first. A part stays complete while its rows change. */
export function visibleReferences(
  context: ServiceContext,
  { type, id }: Pick<TestObject, "type" | "id">,
): AsyncGenerator<readonly ReferenceRow[], void> {
  return visibleReferencesAt(context, { by: "object", key: [type, id] });
}

/** References at one key of an access path. */
export interface ReferencePath {
  readonly by: AccessPath<"reference">;
  readonly key: readonly Scalar[];
}

/** The same for any access path. */
export async function* visibleReferencesAt(
  { runtime, authoriser, actor, scope }: ServiceContext,
  { by, key }: ReferencePath,
): AsyncGenerator<readonly ReferenceRow[], void> {
  let after: string | undefined;
  for (;;) {
    const rows: readonly ReferenceRow[] = await runtime.storage.find(scope, {
      table: "reference",
      by,
      keys: [key],
      limit: referencesPerCall,
      ...(after === undefined ? {} : { after }),
    });
    const visible = await authoriser.filter(actor, "reference.list", rows, referenceResource);
    if (visible.length > 0) yield visible;
    if (rows.length < referencesPerCall) return;
    after = rows.at(-1)?.id;
  }
}

/**
 * Throws before anything is changed, unless the actor may do this to every reference of the object that they see. False
 * where they see none.
 */
export async function authoriseAll(
  context: ServiceContext,
  object: Pick<TestObject, "type" | "id">,
  action: Action,
): Promise<boolean> {
  const { authoriser, actor } = context;
  const known = new Set<string>();
  for await (const rows of visibleReferences(context, object)) {
    for (const row of rows) {
      if (known.has(row.projectId)) continue;
      await authoriser.authorise(actor, action, referenceResource(row));
      known.add(row.projectId);
    }
  }
  return known.size > 0;
}
