import type { DefectDraft, DefectEdit, DefectPlace, DefectStoreUnderTest } from "@backref/testing";
import { addComment, deleteComment, editComment } from "../../src/bug-comments.ts";
import { type BugEdit, createBug, deleteBug, editBug } from "../../src/bugs.ts";
import type { Database, Queryable } from "../../src/database.ts";
import { createBugStore } from "../../src/defect-store/create-bug-store.ts";
import type { Severity, State } from "../../src/words.ts";

const keyOf = ({ tenantId, defectId }: DefectPlace) => ({ tenant: tenantId, number: defectId });

function editOf({ title, description, status, priority }: DefectEdit): BugEdit {
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof status === "string" ? { state: status as State } : {}),
    ...(priority === undefined ? {} : { severity: priority as Severity | null }),
  };
}

/** Defects in the suite's words, made by the host's own code. */
const people = (where: Queryable) => ({
  createDefect: (tenantId: string, { title, ...draft }: DefectDraft) =>
    createBug(where, tenantId, { project: "shop", title, ...editOf(draft) }),
  editDefect: (place: DefectPlace, edit: DefectEdit) => editBug(where, keyOf(place), editOf(edit)),
});

/** The store over empty tables, and the host's own code as what people do. */
export function storeUnderTest(
  database: Database,
  options: { readonly transactionsAtOnce: boolean },
): () => Promise<DefectStoreUnderTest> {
  return async () => {
    await database.query("TRUNCATE bug, bug_comment, bug_change");
    return {
      store: createBugStore(database),
      host: {
        ...people(database),
        deleteDefect: (place) => deleteBug(database, keyOf(place)),
        comments: {
          add: (place, { body, visibility }) =>
            addComment(database, keyOf(place), { author: "Ann", body, isInternal: visibility === "internal" }),
          edit: (place, comment, body) => editComment(database, keyOf(place), comment, body),
          delete: (place, comment) => deleteComment(database, keyOf(place), comment),
        },
        transactions: {
          atOnce: options.transactionsAtOnce,
          run: (work) => database.transaction((transaction) => work({ transaction, ...people(transaction) })),
        },
      },
      statuses: ["new", "done"],
      priorities: ["S1", "S3"],
      refusedValue: { field: "status", value: "rejected" },
    };
  };
}
