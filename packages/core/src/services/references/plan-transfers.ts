import type { Relation } from "../../domain/relations.ts";
import type { TestObject } from "../../domain/test-object.ts";
import type { BackrefError } from "../../errors/index.ts";
import type { ActivityEvent } from "../../events/event-bus.ts";
import { invalidInput } from "../../input/parse-input.ts";
import { notFound } from "../../security/authoriser.ts";
import type { CommitUnit, Requirement } from "../../storage/commit.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { isGivenStill, isRelationOf, loadRelations } from "../relations/load-relations.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import {
  equalReferences,
  planChanges,
  referenceEvent,
  unchangedReference,
  type WantedChange,
} from "./change-references.ts";
import { belongsToLink, linkedReferences } from "./linked-references.ts";
import { linkKey } from "./plan-references.ts";
import { isUsableBy } from "./reference-sources.ts";
import { referenceResource } from "./reference-view.ts";
import { isForLinks, notForLinks, sourceDisabled } from "./resolve-issue-text.ts";

export type TransferMode = "move" | "copy";

export interface PlannedTransfer {
  readonly row: ReferenceRow;
  readonly merged: boolean;
  /** Null where a copy is there already. */
  readonly unit: CommitUnit | null;
  readonly events: readonly ActivityEvent[];
}

export interface PlannedTransfers {
  readonly plans: readonly PlannedTransfer[];
  readonly kept: readonly { readonly referenceId: string; readonly error: BackrefError }[];
}

/** What to write for each reference, or what stands against it. */
export async function planTransfers(
  context: ServiceContext,
  rows: readonly ReferenceRow[],
  to: TestObject,
  mode: TransferMode,
): Promise<PlannedTransfers> {
  const { runtime, authoriser, actor, scope } = context;
  const { storage } = runtime;
  const sourceIds = [...new Set(rows.map((row) => row.sourceId))];
  const relations = await loadRelations(storage, scope);
  const afterwards = rows.map((row) => ({ ...row, objectType: to.type, objectId: to.id, projectId: to.projectId }));
  const [sources, linked, equal] = await Promise.all([
    findByKeys(
      storage,
      scope,
      "source",
      "id",
      sourceIds.map((id) => [id]),
    ),
    linkedReferences(context, rows, relations),
    equalReferences(context, afterwards),
  ]);
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  const kept: PlannedTransfers["kept"][number][] = [];
  const wanted: WantedChange[] = [];
  for (const [index, row] of rows.entries()) {
    const after = afterwards[index] ?? row;
    const existing = equal.get(linkKey(after));
    const isHidden =
      existing !== undefined && !(await authoriser.allows(actor, "reference.list", referenceResource(existing)));
    const isNew = existing === undefined || existing.id === row.id;
    const use: Use = { row, relation: relations.get(row.relationId), source: sourceOf.get(row.sourceId), to, mode };
    let error: BackrefError | null = isNew ? whyNot(use) : null;
    if (isHidden) error = notFound({ kind: "reference" });
    if (mode === "move" && linked.has(row.id)) error = belongsToLink(row);
    if (error === null) wanted.push({ row, after, require: isNew ? usableStill(use) : [] });
    else kept.push({ referenceId: row.id, error });
  }
  if (mode === "copy") return { plans: wanted.map((one) => planCopy(context, one, equal)), kept };
  return { plans: await planChanges(context, wanted), kept };
}

/** A reference on its way to another object, with what it is made of. Undefined: deleted since. */
interface Use {
  readonly row: ReferenceRow;
  readonly relation: Relation | undefined;
  readonly source: SourceRow | undefined;
  readonly to: TestObject;
  readonly mode: TransferMode;
}

/** What an object of the same project already has stays usable there; everything else has to be so now. */
function needsNothing({ row, to, mode }: Use): boolean {
  return mode === "move" && row.projectId === to.projectId;
}

function whyNot(use: Use): BackrefError | null {
  const { row, relation, source, to, mode } = use;
  if (needsNothing(use)) return null;
  if (relation === undefined || !isRelationOf(relation, to.projectId)) {
    return refused(`relation "${relation?.name ?? row.relationId}" may not be used in project "${to.projectId}"`);
  }
  if (source === undefined) return refused("the source was deleted");
  if (!isUsableBy(source, to.projectId)) {
    return refused(`source "${source.name}" may not be used in project "${to.projectId}"`);
  }
  if (mode === "move") return null;
  if (!source.enabled) return sourceDisabled(source);
  if (!isForLinks(source)) return notForLinks(source);
  return relation.enabled ? null : refused(`relation "${relation.name}" is switched off`);
}

function refused(message: string): BackrefError {
  return invalidInput("reference", [{ path: ["to"], message }]);
}

function usableStill(use: Use): readonly Requirement[] {
  const { relation, source, mode } = use;
  if (needsNothing(use) || relation === undefined || source === undefined) return [];
  const { id, revision } = source;
  if (mode === "move") return [{ table: "source", id, match: { revision } }];
  return [{ table: "source", id, match: { revision, enabled: true } }, ...isGivenStill(relation)];
}

function planCopy(
  context: ServiceContext,
  { row, after, require }: WantedChange,
  equal: ReadonlyMap<string, ReferenceRow>,
): PlannedTransfer {
  if (equal.has(linkKey(after))) return { row, merged: true, unit: null, events: [] };
  const { ids, clock } = context.runtime;
  const copy: ReferenceRow = { ...after, id: ids.id(), createdBy: actorIdOf(context.actor), createdAt: clock.now() };
  const copiedFrom = { type: row.objectType, id: row.objectId };
  const issue: Requirement = { table: "issue", id: row.issueId, match: { sourceId: row.sourceId } };
  return {
    row,
    merged: false,
    unit: {
      require: [unchangedReference(row), issue, ...require],
      write: [{ type: "insert", table: "reference", row: copy }],
    },
    events: [referenceEvent(context, "reference-added", copy, { copiedFrom })],
  };
}
