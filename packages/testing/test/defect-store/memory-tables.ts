import type { DefectApplyOutcome, DefectChange, DefectComment, DefectSnapshot } from "@backref/core";
import type { DefectDraft, DefectEdit } from "../../src/index.ts";

interface Bug {
  readonly snapshot: DefectSnapshot;
  readonly comments: readonly DefectComment[];
}

/** What a host keeps of one tenant. */
export interface Tables {
  readonly bugs: Map<string, Bug>;
  /** Ids of comments by the key they were added under. */
  readonly keys: Map<string, string>;
  /** Ids of changed defects, oldest first: the feed's cursor is a place in it. */
  readonly changes: string[];
}

export const createTables = (): Tables => ({ bugs: new Map(), keys: new Map(), changes: [] });

/** As a transaction sees them: nothing it does is seen by others. */
export function copyTables({ bugs, keys, changes }: Tables): Tables {
  return { bugs: new Map(bugs), keys: new Map(keys), changes: [...changes] };
}

let born = 0;
/** As a sequence gives them: never twice, whoever rolls back. */
export function newId(kind: string): string {
  born += 1;
  return `${kind}-${born}`;
}
const now = () => Date.now();

function put(tables: Tables, id: string, bug: Bug): void {
  const { revision } = bug.snapshot;
  tables.bugs.set(id, { ...bug, snapshot: { ...bug.snapshot, revision: `r${Number(revision.slice(1)) + 1}` } });
  tables.changes.push(id);
}

export function insertBug(tables: Tables, id: string, draft: DefectDraft): void {
  const snapshot = { id, projectId: "web", revision: "r0", ...draft, changedAt: {}, changedBy: {} };
  put(tables, id, { snapshot, comments: [] });
}

export function editBug(tables: Tables, id: string, edit: DefectEdit, linkId: string | null = null): void {
  const bug = tables.bugs.get(id);
  if (bug === undefined) return;
  const { snapshot } = bug;
  const fields = Object.keys(edit);
  const others = Object.entries(snapshot.changedBy ?? {}).filter(([field]) => !fields.includes(field));
  const own = linkId === null ? [] : fields.map((field) => [field, linkId]);
  const changedAt = { ...snapshot.changedAt, ...Object.fromEntries(fields.map((field) => [field, now()])) };
  const next = { ...snapshot, ...edit, changedAt, changedBy: Object.fromEntries([...others, ...own]) };
  put(tables, id, { ...bug, snapshot: next as DefectSnapshot });
}

export function deleteBug(tables: Tables, id: string): void {
  if (tables.bugs.delete(id)) tables.changes.push(id);
}

export function insertComment(tables: Tables, defectId: string, given: Partial<DefectComment>): string {
  const bug = tables.bugs.get(defectId);
  const id = newId("comment");
  if (bug === undefined) return id;
  const fixed = { id, defectId, visibility: "public", authorName: "Ann", origin: "host", deletedAt: null } as const;
  const comment = { ...fixed, body: "", createdAt: now(), updatedAt: now(), ...given };
  put(tables, defectId, { ...bug, comments: [...bug.comments, comment] });
  return id;
}

/** One that is deleted, or not there, is passed over. */
export function editComment(tables: Tables, defectId: string, id: string, edit: Partial<DefectComment>): void {
  const bug = tables.bugs.get(defectId);
  if (bug === undefined) return;
  const edited = bug.comments.map((comment) =>
    comment.id === id && comment.deletedAt === null ? { ...comment, ...edit, updatedAt: now() } : comment,
  );
  put(tables, defectId, { ...bug, comments: edited });
}

/** Words that the host knows. */
const words = { status: ["open", "closed"], priority: ["critical", "minor", null] } as const;

export function applyChange(tables: Tables, change: DefectChange): DefectApplyOutcome {
  const { defectId, set } = change;
  const bug = tables.bugs.get(defectId);
  if (bug === undefined) return { status: "gone" };
  if (bug.snapshot.revision !== change.expectedRevision) return { status: "stale" };
  for (const field of ["status", "priority"] as const) {
    const known: readonly unknown[] = words[field];
    if (set[field] === undefined || known.includes(set[field])) continue;
    return { status: "refused", field, reason: `There is no ${field} "${set[field]}".` };
  }
  if (set.title === "") return { status: "refused", field: "title", reason: "A defect needs a title." };
  editBug(tables, defectId, set, change.cause.linkId);
  const commentIds: Record<string, string> = {};
  for (const step of change.comments) {
    if (step.kind === "edit") editComment(tables, defectId, step.commentId, { body: step.body });
    if (step.kind === "delete") editComment(tables, defectId, step.commentId, { deletedAt: now() });
    if (step.kind !== "add") continue;
    const { key, body, authorName, createdAt } = step;
    const id =
      tables.keys.get(key) ?? insertComment(tables, defectId, { body, authorName, createdAt, origin: "tracker" });
    tables.keys.set(key, id);
    commentIds[key] = id;
  }
  return { status: "applied", revision: tables.bugs.get(defectId)?.snapshot.revision ?? "", commentIds };
}
