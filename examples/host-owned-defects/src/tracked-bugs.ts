import type { Actor, SyncLink } from "@backref/core";
import { addComment } from "./bug-comments.ts";
import { type BugDraft, type BugEdit, createBug, editBug } from "./bugs.ts";
import type { Database } from "./database.ts";
import type { HostBackref } from "./host-backref.ts";

/** What people of the host do, since it knows of Backref: a change and the word of it are one transaction. */
export interface TrackedBugs {
  /** A new bug that becomes an issue: both are recorded, or neither. */
  file(actor: Actor, draft: BugDraft): Promise<{ readonly number: string; readonly link: SyncLink }>;
  edit(actor: Actor, number: string, edit: BugEdit): Promise<void>;
  comment(actor: Actor, number: string, comment: { readonly author: string; readonly body: string }): Promise<void>;
}

export function createTrackedBugs(database: Database, backref: HostBackref): TrackedBugs {
  return {
    file: (actor, draft) =>
      database.transaction(async (transaction) => {
        const number = await createBug(transaction, actor.tenantId, draft);
        const link = await backref.as(actor, { transaction }).defects.push(number);
        return { number, link };
      }),
    edit: (actor, number, edit) =>
      database.transaction(async (transaction) => {
        await editBug(transaction, { tenant: actor.tenantId, number }, edit);
        await backref.as(actor, { transaction }).defects.changed([number]);
      }),
    comment: (actor, number, comment) =>
      database.transaction(async (transaction) => {
        await addComment(transaction, { tenant: actor.tenantId, number }, comment);
        await backref.as(actor, { transaction }).defects.changed([number]);
      }),
  };
}
