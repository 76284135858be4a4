import type { Resource } from "../../security/policy.ts";
import type { StorageScope } from "../../storage/storage.ts";
import type { ServiceContext } from "../service-context.ts";

export function traceabilityResource({ tenantId }: StorageScope, projectId: string): Resource {
  return { kind: "traceability", tenantId, projectIds: [projectId] };
}

/** @throws BackrefError `not-found` */
export async function authoriseProject({ authoriser, actor, scope }: ServiceContext, projectId: string): Promise<void> {
  await authoriser.authorise(actor, "traceability.read", traceabilityResource(scope, projectId));
}
