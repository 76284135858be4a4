import type { DefectApplyOutcome, DefectStore, HostTransaction } from "@backref/core";
import type { Database, Queryable, Row } from "../database.ts";
import { applyChange } from "./apply-change.ts";
import { changesSince } from "./changes-since.ts";
import { readBugs } from "./read-bugs.ts";
import { readComments } from "./read-comments.ts";

/** Our bugs as Backref's defects. */
export function createBugStore(database: Database): DefectStore {
  return {
    // A push inside a transaction of ours has to see the bug that was made there.
    read: ({ tenantId, transaction }, ids) =>
      readBugs(transaction === undefined ? database : asQueryable(transaction), tenantId, ids),
    readComments: ({ tenantId }, ids) => readComments(database, tenantId, ids),
    async apply({ tenantId }, changes) {
      const outcomes: DefectApplyOutcome[] = [];
      for (const change of changes) {
        outcomes.push(await database.transaction((transaction) => applyChange(transaction, tenantId, change)));
      }
      return outcomes;
    },
    changesSince: (request) => changesSince(database, request),
  };
}

/** A host's transaction promises rows of unknown shape; ours are objects. */
function asQueryable(transaction: HostTransaction): Queryable {
  return {
    async query(text, values = []) {
      const { rows } = await transaction.query(text, values);
      return { rows: rows as readonly Row[] };
    },
  };
}
