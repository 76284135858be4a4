import type { SyncField } from "../domain/fields.ts";
import type { Clock } from "../ports/clock.ts";
import type { CommitUnit, Requirement, Write } from "../storage/commit.ts";
import type { DefectCommentRow, DefectRow } from "../storage/rows/defect-rows.ts";
import type { Storage, StorageScope } from "../storage/storage.ts";
import type { DefectGateway } from "./defect-gateway.ts";
import type { DefectApplyOutcome, DefectChange, DefectComment, DefectSnapshot } from "./defect-store.ts";

/** A defect row as the engine sees it. */
function defectSnapshotOf(row: DefectRow): DefectSnapshot {
  return {
    id: row.id,
    projectId: row.projectId,
    revision: String(row.revision),
    title: row.title,
    description: row.description,
    status: row.status,
    priority: row.priority,
    assignee: row.assignee,
    changedAt: row.changedAt as DefectSnapshot["changedAt"] & object,
    changedBy: row.changedBy as DefectSnapshot["changedBy"] & object,
  };
}

function commentOf(row: DefectCommentRow): DefectComment {
  return {
    id: row.id,
    defectId: row.defectId,
    body: row.body,
    visibility: row.visibility,
    authorName: row.authorName,
    authorId: row.authorId,
    origin: row.originLinkId === null ? "host" : "tracker",
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: row.deletedAt,
  };
}

function commentWrites(tenantId: string, change: DefectChange, revision: number, now: number): readonly Write[] {
  return change.comments.map((comment): Write => {
    if (comment.kind === "add") {
      const row: DefectCommentRow = {
        tenantId,
        id: comment.key,
        defectId: change.defectId,
        body: comment.body,
        visibility: "public",
        authorId: comment.authorId,
        authorName: comment.authorName,
        originLinkId: change.cause.linkId,
        revision,
        createdAt: comment.createdAt,
        updatedAt: now,
        deletedAt: null,
      };
      return { type: "insert", table: "defectComment", row, ifExists: "skip" };
    }
    const set = comment.kind === "edit" ? { body: comment.body } : { deletedAt: now };
    return { type: "update", table: "defectComment", id: comment.commentId, set: { ...set, revision, updatedAt: now } };
  });
}

function unchanged({ id, revision }: DefectSnapshot): Requirement {
  return { table: "defect", id, match: { revision: Number(revision) } };
}

function planChange(
  tenantId: string,
  snapshot: DefectSnapshot,
  change: DefectChange,
  now: number,
): Required<CommitUnit> & { readonly revision: string } {
  const revision = Number(snapshot.revision);
  const next = revision + 1;
  const fields = Object.keys(change.set) as SyncField[];
  const stamp = <Value>(value: Value) => Object.fromEntries(fields.map((field) => [field, value]));
  const { priority, assignee, ...texts } = change.set;
  const set: Partial<DefectRow> = {
    ...(Object.fromEntries(
      Object.entries(texts).filter(([, value]) => typeof value === "string"),
    ) as Partial<DefectRow>),
    ...(priority === undefined ? {} : { priority }),
    ...(assignee === undefined ? {} : { assignee }),
    revision: next,
    updatedAt: now,
    changedAt: { ...snapshot.changedAt, ...stamp(now) },
    changedBy: { ...snapshot.changedBy, ...stamp(change.cause.linkId) },
  };
  return {
    revision: String(next),
    require: [unchanged(snapshot)],
    write: [
      { type: "update", table: "defect", id: change.defectId, set },
      ...commentWrites(tenantId, change, next, now),
    ],
  };
}

/** Defects in Backref's own tables: the first implementation of the port. */
export function createEmbeddedDefectStore(storage: Storage, clock: Clock): DefectGateway {
  const readRows = (scope: StorageScope, ids: readonly string[]) =>
    storage.find(scope, { table: "defect", by: "id", keys: ids.map((id) => [id]) });
  return {
    embedded: {
      plan: (scope, snapshot, change) => planChange(scope.tenantId, snapshot, change, clock.now()),
      unchanged,
    },
    async read(scope, ids) {
      return (await readRows(scope, ids)).map(defectSnapshotOf);
    },
    async readComments(scope, defectIds) {
      const rows = await storage.find(scope, {
        table: "defectComment",
        by: "defect",
        keys: defectIds.map((id) => [id]),
      });
      return rows.map(commentOf);
    },
    async apply(scope, changes) {
      const rows = new Map(
        (
          await readRows(
            scope,
            changes.map((change) => change.defectId),
          )
        ).map((row) => [row.id, row]),
      );
      const outcomes: DefectApplyOutcome[] = [];
      for (const change of changes) {
        const row = rows.get(change.defectId);
        if (row === undefined) {
          outcomes.push({ status: "gone" });
          continue;
        }
        if (String(row.revision) !== change.expectedRevision) {
          outcomes.push({ status: "stale" });
          continue;
        }
        const { revision, ...unit } = planChange(scope.tenantId, defectSnapshotOf(row), change, clock.now());
        const [outcome] = await storage.commit(scope, [unit]);
        const added = change.comments.flatMap((comment) =>
          comment.kind === "add" ? [[comment.key, comment.key] as const] : [],
        );
        outcomes.push(
          outcome?.status === "committed"
            ? { status: "applied", revision, commentIds: Object.fromEntries(added) }
            : { status: "stale" },
        );
      }
      return outcomes;
    },
  };
}
