import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import { hostId, parseInput, recordId } from "../../input/parse-input.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Resource } from "../../security/policy.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { ServiceContext } from "../service-context.ts";

export function defectResource(tenantId: string, projectId: string, id?: string): Resource {
  return { kind: "defect", tenantId, projectIds: [projectId], ...(id === undefined ? {} : { id }) };
}

export function linkResource({ tenantId, id, projectId }: LinkRow): Resource {
  return { kind: "link", tenantId, projectIds: [projectId], id };
}

/** The defect, if the actor may do this to it. @throws BackrefError `not-found`, `permission-denied` */
export async function loadDefect(context: ServiceContext, defectId: string, action: Action): Promise<DefectSnapshot> {
  const { runtime, authoriser, actor, scope } = context;
  const id = parseInput(hostId, defectId, "defect id");
  const [defect] = await runtime.defects.read(scope, [id]);
  if (defect === undefined) throw notFound({ kind: "defect", id });
  await authoriser.authorise(actor, action, defectResource(scope.tenantId, defect.projectId, id));
  return defect;
}

/** The link, if the actor may do this to it; also for defects that are gone. */
export async function loadLink(context: ServiceContext, linkId: string, action: Action): Promise<LinkRow> {
  const { runtime, authoriser, actor, scope } = context;
  const id = parseInput(recordId, linkId, "link id");
  const [link] = await runtime.storage.find(scope, { table: "link", by: "id", keys: [[id]] });
  if (link === undefined) throw notFound({ kind: "link", id });
  await authoriser.authorise(actor, action, linkResource(link));
  return link;
}
