import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import type { MarkWrite, Requirement } from "../../storage/commit.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { idleWork } from "../../storage/rows/work-columns.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";

/** What every link begins with: alive and idle, nothing agreed, nothing sent. */
export const newLinkState: Omit<
  LinkRow,
  | "tenantId"
  | "id"
  | "defectId"
  | "projectId"
  | "sourceId"
  | "targetId"
  | "issueId"
  | "token"
  | "generation"
  | "mappingVersion"
  | "createdBy"
  | "createdAt"
> = {
  ...idleWork,
  active: 1,
  endedAt: null,
  pausedAt: null,
  checkIssue: false,
  checkComments: false,
  attempts: 0,
  failure: null,
  seenVersion: 0,
  seenDigest: null,
  hintVersion: 0,
  unconfirmed: null,
  base: {},
  intent: null,
  journal: [],
  refused: [],
  frozen: [],
  reported: {},
  alternations: {},
  fields: {},
  attachments: [],
  heldEpoch: null,
  syncedAt: null,
};

/** A link of a defect that begins. */
export function newLink(
  context: ServiceContext,
  request: {
    readonly defect: DefectSnapshot;
    readonly source: SourceRow;
    readonly target: TargetRow | null;
    readonly issueId: string | null;
    readonly generation: number;
  },
): LinkRow {
  const { runtime, actor, scope } = context;
  const { defect, source, target, issueId, generation } = request;
  return {
    ...newLinkState,
    tenantId: scope.tenantId,
    id: runtime.ids.id(),
    defectId: defect.id,
    projectId: defect.projectId,
    sourceId: source.id,
    targetId: target?.id ?? null,
    issueId,
    token: runtime.ids.token(),
    generation,
    mappingVersion: source.mappingVersion,
    createdBy: actorIdOf(actor),
    createdAt: runtime.clock.now(),
  };
}

/** Makes a link due at once. */
export function markLink(linkId: string, flags: { readonly reset?: boolean; readonly look?: boolean } = {}): MarkWrite {
  const look = flags.look === true ? { checkIssue: true, checkComments: true } : {};
  return { type: "mark", table: "link", by: "id", keys: [[linkId]], afterMs: 0, reset: flags.reset ?? false, ...look };
}

/** A defect in our own tables must still be there when something is tied to it. */
export function requireDefect(context: ServiceContext, defect: DefectSnapshot): readonly Requirement[] {
  return context.runtime.defects.embedded === null
    ? []
    : [{ table: "defect", id: defect.id, match: { id: defect.id } }];
}
