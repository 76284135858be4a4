import type { DefectApplyOutcome, DefectChange, DefectComment, DefectSnapshot, DefectStore } from "@backref/core";
import type { SimulatedProcess } from "../kernel/process.ts";
import type { History } from "../oracle/history.ts";
import { type RemoteField, remoteFields } from "../tracker/remote-tracker.ts";

type Fields = Readonly<Record<RemoteField, string | null>>;

interface Stored {
  readonly id: string;
  revision: number;
  fields: Fields;
  changedAt: Readonly<Partial<Record<RemoteField, number>>>;
  changedBy: Readonly<Partial<Record<RemoteField, string>>>;
  readonly comments: Map<string, DefectComment>;
}

/** A host that keeps its defects in tables of its own. What is stored survives every process. */
export interface HostTables {
  create(fields: Fields): string;
  /** False where the defect does not exist. */
  edit(id: string, field: RemoteField, value: string | null): boolean;
  addComment(id: string, body: string, visibility: "public" | "internal"): void;
  editComment(id: string, commentId: string, body: string | null): void;
  comments(id: string): readonly DefectComment[];
  /** The port, as one process reaches it. */
  storeFor(process: SimulatedProcess): DefectStore;
}

export function createHostTables(options: { readonly now: () => number; readonly history: History }): HostTables {
  const { history } = options;
  const now = () => Math.floor(options.now());
  const defects = new Map<string, Stored>();
  const changes: string[] = [];
  const keys = new Map<string, string>();
  let born = 0;

  const touch = (defect: Stored) => {
    defect.revision += 1;
    changes.push(defect.id);
  };
  const setField = (defect: Stored, field: RemoteField, value: string | null, by: string | null) => {
    defect.fields = { ...defect.fields, [field]: value };
    defect.changedAt = { ...defect.changedAt, [field]: now() };
    const { [field]: _old, ...others } = defect.changedBy;
    defect.changedBy = by === null ? others : { ...others, [field]: by };
    history.localField(defect.id, field, value, by === null ? "person" : { linkId: by });
  };
  const putComment = (defect: Stored, comment: DefectComment, by: string | null) => {
    defect.comments.set(comment.id, comment);
    const value = comment.deletedAt === null ? comment.body : null;
    history.localComment(comment.id, value, by === null ? "person" : { linkId: by });
  };
  const newComment = (
    defect: Stored,
    given: Pick<DefectComment, "body" | "visibility" | "authorName" | "origin" | "createdAt">,
    by: string | null,
  ) => {
    born += 1;
    const id = `host-comment-${born}`;
    putComment(defect, { ...given, id, defectId: defect.id, updatedAt: now(), deletedAt: null }, by);
    return id;
  };
  const snapshotOf = (defect: Stored): DefectSnapshot => ({
    id: defect.id,
    projectId: "web",
    revision: String(defect.revision),
    title: defect.fields.title ?? "",
    description: defect.fields.description ?? "",
    status: defect.fields.status ?? "open",
    priority: defect.fields.priority,
    assignee: defect.fields.assignee,
    changedAt: defect.changedAt,
    changedBy: defect.changedBy,
  });

  const apply = (change: DefectChange): DefectApplyOutcome => {
    const defect = defects.get(change.defectId);
    if (defect === undefined) return { status: "gone" };
    if (String(defect.revision) !== change.expectedRevision) return { status: "stale" };
    const { linkId } = change.cause;
    const commentIds: Record<string, string> = {};
    for (const field of remoteFields) {
      const value = change.set[field];
      if (value !== undefined) setField(defect, field, value, linkId);
    }
    for (const comment of change.comments) {
      if (comment.kind === "add") {
        const { body, authorName, createdAt } = comment;
        const given = { body, authorName, createdAt, visibility: "public", origin: "tracker" } as const;
        const id = keys.get(comment.key) ?? newComment(defect, given, linkId);
        keys.set(comment.key, id);
        commentIds[comment.key] = id;
        continue;
      }
      const known = defect.comments.get(comment.commentId);
      if (known === undefined) continue;
      const deletedAt = comment.kind === "delete" ? now() : known.deletedAt;
      putComment(defect, { ...known, body: comment.kind === "edit" ? comment.body : known.body, deletedAt }, linkId);
    }
    touch(defect);
    return { status: "applied", revision: String(defect.revision), commentIds };
  };

  return {
    create(fields) {
      born += 1;
      const id = `host-defect-${born}`;
      defects.set(id, { id, revision: 1, fields, changedAt: {}, changedBy: {}, comments: new Map() });
      for (const field of remoteFields) history.localField(id, field, fields[field], "person");
      changes.push(id);
      return id;
    },
    edit(id, field, value) {
      const defect = defects.get(id);
      if (defect === undefined) return false;
      setField(defect, field, value, null);
      touch(defect);
      return true;
    },
    addComment(id, body, visibility) {
      const defect = defects.get(id);
      if (defect === undefined) return;
      newComment(defect, { body, visibility, authorName: "Ann", origin: "host", createdAt: now() }, null);
      touch(defect);
    },
    editComment(id, commentId, body) {
      const defect = defects.get(id);
      const known = defect?.comments.get(commentId);
      // An edit that a deletion has overtaken finds nothing to edit.
      if (defect === undefined || known === undefined || known.deletedAt !== null) return;
      const deletedAt = body === null ? now() : null;
      putComment(defect, { ...known, body: body ?? known.body, updatedAt: now(), deletedAt }, null);
      touch(defect);
    },
    comments: (id) => [...(defects.get(id)?.comments.values() ?? [])],
    storeFor: (process) => ({
      read: (_scope, ids) => process.call(async () => ids.flatMap((id) => defects.get(id) ?? []).map(snapshotOf)),
      readComments: (_scope, ids) =>
        process.call(async () => ids.flatMap((id) => [...(defects.get(id)?.comments.values() ?? [])])),
      apply: (_scope, given) => process.call(async () => given.map(apply)),
      changesSince: ({ cursor, limit }) =>
        process.call(async () => {
          const from = cursor === null ? 0 : Number(cursor);
          const ids = new Set<string>();
          let at = from;
          // A page is full of different ids: a shorter one says that it is the last.
          for (; at < changes.length; at += 1) {
            const id = changes[at] ?? "";
            if (ids.size >= limit && !ids.has(id)) break;
            ids.add(id);
          }
          return { ids: [...ids], cursor: String(at) };
        }),
    }),
  };
}
