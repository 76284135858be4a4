import type { DefectStore, HostTransaction } from "@backref/core";
import type { DefectHost, DefectStoreUnderTest, OpenTransaction } from "../../src/index.ts";
import {
  applyChange,
  copyTables,
  createTables,
  deleteBug,
  editBug,
  editComment,
  insertBug,
  insertComment,
  newId,
  type Tables,
} from "./memory-tables.ts";

/** Work of a transaction, done on its own view at once and on the tables when it commits. */
type Step = readonly [tenantId: string, run: (tables: Tables) => void];

/** A host that keeps its defects in memory, and does everything right. */
export function createMemoryHost(): DefectStoreUnderTest {
  const tenants = new Map<string, Tables>();
  const views = new WeakMap<HostTransaction, (tenantId: string) => Tables>();
  const tablesOf = (tenantId: string): Tables => {
    const tables = tenants.get(tenantId) ?? createTables();
    tenants.set(tenantId, tables);
    return tables;
  };
  const store: DefectStore = {
    async read({ tenantId, transaction }, ids) {
      const view = transaction === undefined ? tablesOf : (views.get(transaction) ?? tablesOf);
      return ids.flatMap((id) => view(tenantId).bugs.get(id)?.snapshot ?? []);
    },
    async readComments({ tenantId }, ids) {
      return ids.flatMap((id) => tablesOf(tenantId).bugs.get(id)?.comments ?? []);
    },
    async apply({ tenantId }, changes) {
      return changes.map((change) => applyChange(tablesOf(tenantId), change));
    },
    async changesSince({ tenantId, cursor, limit }) {
      const start = cursor === null ? 0 : Number(cursor);
      const ids = tablesOf(tenantId).changes.slice(start, start + limit);
      return { ids, cursor: String(start + ids.length) };
    },
  };
  const host: DefectHost = {
    async createDefect(tenantId, draft) {
      const id = newId("bug");
      insertBug(tablesOf(tenantId), id, draft);
      return id;
    },
    editDefect: async ({ tenantId, defectId }, edit) => editBug(tablesOf(tenantId), defectId, edit),
    deleteDefect: async ({ tenantId, defectId }) => deleteBug(tablesOf(tenantId), defectId),
    comments: {
      add: async ({ tenantId, defectId }, comment) => insertComment(tablesOf(tenantId), defectId, comment),
      edit: async ({ tenantId, defectId }, id, body) => editComment(tablesOf(tenantId), defectId, id, { body }),
      delete: async ({ tenantId, defectId }, id) =>
        editComment(tablesOf(tenantId), defectId, id, { deletedAt: Date.now() }),
    },
    transactions: {
      atOnce: true,
      async run(work) {
        const steps: Step[] = [];
        const transaction: HostTransaction = {
          query: async () => {
            throw new TypeError("A host in memory takes no SQL.");
          },
        };
        views.set(transaction, (tenantId) => {
          const view = copyTables(tablesOf(tenantId));
          for (const [of, run] of steps) if (of === tenantId) run(view);
          return view;
        });
        const open: OpenTransaction = {
          transaction,
          async createDefect(tenantId, draft) {
            const id = newId("bug");
            steps.push([tenantId, (tables) => insertBug(tables, id, draft)]);
            return id;
          },
          async editDefect({ tenantId, defectId }, edit) {
            steps.push([tenantId, (tables) => editBug(tables, defectId, edit)]);
          },
        };
        const result = await work(open);
        for (const [tenantId, run] of steps) run(tablesOf(tenantId));
        return result;
      },
    },
  };
  return { store, host, refusedValue: { field: "status", value: "no-such-status" } };
}
