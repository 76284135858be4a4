import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import { inBatches } from "../../issues/read-batch.ts";
import { defectResource } from "../defects/defect-access.ts";
import type { ServiceContext } from "../service-context.ts";

const defectsPerCall = 500;

/** Defects that the actor sees, by id, whoever keeps them. */
export async function readDefects(
  { runtime, authoriser, actor, scope }: ServiceContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DefectSnapshot>> {
  const defects = new Map<string, DefectSnapshot>();
  for (const batch of inBatches([...new Set(ids)], defectsPerCall)) {
    const found = await runtime.defects.read(scope, batch);
    const allowed = await authoriser.filter(actor, "defect.read", found, ({ id, projectId }) =>
      defectResource(scope.tenantId, projectId, id),
    );
    for (const defect of allowed) defects.set(defect.id, defect);
  }
  return defects;
}
