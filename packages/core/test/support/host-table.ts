import type { DefectApplyOutcome, DefectChange, DefectComment, DefectSnapshot, DefectStore } from "../../src/index.ts";

/** A host with a table of its own: revisions are opaque texts, ids and comment ids its own. */
export function createHostTable() {
  const bugs = new Map<string, DefectSnapshot>();
  const notes: DefectComment[] = [];
  const keys = new Map<string, string>();
  /** What changed, oldest first: the feed's cursor is a place in it. */
  const changes: string[] = [];
  const questions: (string | null)[] = [];
  let refuseStatus: string | null = null;
  let dieAfterApply = false;
  let failure: Error | null = null;
  let beforeApply: (() => void) | null = null;
  let beforeAnswer: (() => Promise<unknown>) | null = null;
  const bump = (bug: DefectSnapshot, set: Partial<DefectSnapshot>) => {
    bugs.set(bug.id, { ...bug, ...set, revision: `r${Number(bug.revision.slice(1)) + 1}` });
    changes.push(bug.id);
  };
  const editNote = (id: string, set: Partial<DefectComment>) => {
    const place = notes.findIndex((note) => note.id === id);
    const note = notes[place];
    if (note !== undefined) notes[place] = { ...note, ...set };
  };
  const applyOne = (change: DefectChange): DefectApplyOutcome => {
    const bug = bugs.get(change.defectId);
    if (bug === undefined) return { status: "gone" };
    if (bug.revision !== change.expectedRevision) return { status: "stale" };
    if (refuseStatus !== null && change.set.status === refuseStatus) {
      return { status: "refused", field: "status", reason: "The workflow does not allow it." };
    }
    const commentIds: Record<string, string> = {};
    for (const comment of change.comments) {
      if (comment.kind === "edit") editNote(comment.commentId, { body: comment.body });
      if (comment.kind === "delete") editNote(comment.commentId, { deletedAt: 1 });
      if (comment.kind === "add") {
        const id = keys.get(comment.key) ?? `N${notes.length + 1}`;
        if (!keys.has(comment.key)) {
          keys.set(comment.key, id);
          notes.push({
            id,
            defectId: bug.id,
            body: comment.body,
            visibility: "public",
            authorName: comment.authorName,
            origin: "tracker",
            createdAt: comment.createdAt,
            updatedAt: comment.createdAt,
            deletedAt: null,
          });
        }
        commentIds[comment.key] = id;
      }
    }
    bump(bug, change.set as Partial<DefectSnapshot>);
    return { status: "applied", revision: bugs.get(bug.id)?.revision ?? "", commentIds };
  };
  const store: DefectStore = {
    read: async (_scope, ids) => ids.flatMap((id) => bugs.get(id) ?? []),
    readComments: async (_scope, ids) => notes.filter((note) => ids.includes(note.defectId)),
    async apply(_scope, changeList) {
      beforeApply?.();
      beforeApply = null;
      const outcomes = changeList.map(applyOne);
      if (dieAfterApply) {
        dieAfterApply = false;
        throw new Error("The connection to the host's database was lost.");
      }
      return outcomes;
    },
  };
  /** The same with a feed. An inclusive cursor repeats the last change for ever. */
  const storeWithFeed = (feed: { readonly inclusive: boolean }): DefectStore => ({
    ...store,
    async changesSince({ cursor, limit }) {
      questions.push(cursor);
      if (failure !== null) throw failure;
      await beforeAnswer?.();
      const start = cursor === null ? 0 : Number(cursor) - (feed.inclusive ? 1 : 0);
      const ids = changes.slice(Math.max(0, start), Math.max(0, start) + limit);
      return { ids, cursor: String(Math.max(0, start) + ids.length) };
    },
  });
  return {
    store,
    storeWithFeed,
    notes,
    /** Cursors that the feed was asked with. */
    questions,
    add: (id: string, title: string) => {
      changes.push(id);
      bugs.set(id, {
        id,
        projectId: "web",
        revision: "r1",
        title,
        description: "",
        status: "open",
        priority: "critical",
      });
    },
    get: (id: string) => bugs.get(id),
    /** Commits an edit. Whoever made it has yet to tell. */
    edit(id: string, set: Partial<DefectSnapshot>) {
      const bug = bugs.get(id);
      if (bug !== undefined) bump(bug, set);
    },
    remove: (id: string) => bugs.delete(id),
    /** Commits a comment that somebody wrote in the host. */
    addNote(defectId: string, body: string) {
      const id = `N${notes.length + 1}`;
      const at = { createdAt: 1, updatedAt: 1, deletedAt: null };
      notes.push({ id, defectId, body, visibility: "public", authorName: "Ann", origin: "host", ...at });
      const bug = bugs.get(defectId);
      if (bug !== undefined) bump(bug, {});
      return id;
    },
    /** Commits an edit or the deletion of a comment, whoever wrote it. */
    editNote(id: string, set: Partial<DefectComment>) {
      editNote(id, set);
      const bug = bugs.get(notes.find((note) => note.id === id)?.defectId ?? "");
      if (bug !== undefined) bump(bug, {});
    },
    refuse: (status: string | null) => {
      refuseStatus = status;
    },
    dieAfterNextApply: () => {
      dieAfterApply = true;
    },
    /** Somebody is quicker than the next change that comes in. */
    beforeNextApply: (work: () => void) => {
      beforeApply = work;
    },
    failFeed: (error: Error | null) => {
      failure = error;
    },
    beforeNextAnswer: (work: () => Promise<unknown>) => {
      beforeAnswer = () => {
        beforeAnswer = null;
        return work();
      };
    },
  };
}
