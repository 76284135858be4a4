import assert from "node:assert/strict";
import type { Scalar } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { accessPathsOf, tableNames } from "../access-paths.ts";
import {
  claimIds,
  commitOk,
  commitUnit,
  insert,
  markOf,
  read,
  readOk,
  type StorageContext,
  updateOf,
} from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);
const [one, two] = ["tenant-1", "tenant-2"];

export const tenantRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, StorageScope", [
  [
    "tenant-same-ids",
    "Rows of two tenants may have the same ids and do not affect each other.",
    async (context) => {
      await insert(context, "defect", { tenantId: one, title: "One" });
      await insert(context, "defect", { tenantId: two, title: "Two" });
      await commitOk(context, [updateOf("defect", firstId, { title: "Changed" })], two);
      assert.equal((await readOk(context, "defect", firstId, one)).title, "One");
      await commitOk(context, [{ type: "delete", table: "defect", id: firstId }], two);
      assert.equal((await readOk(context, "defect", firstId, one)).title, "One");
    },
  ],
  [
    "tenant-find",
    "No access path of any table leads to another tenant's rows.",
    async (context) => {
      for (const table of tableNames) {
        const row = await insert(context, table, { tenantId: one, id: sampleId(7) });
        const values = row as unknown as Readonly<Record<string, Scalar>>;
        for (const { by, columns } of accessPathsOf(table)) {
          const keys = [columns.map((column) => values[column] ?? null)];
          const found = await context.storage.find({ tenantId: two }, { table, by, keys });
          assert.deepEqual(found, [], `${table} by ${by}`);
        }
      }
    },
  ],
  [
    "tenant-write",
    "Writes of one tenant do not reach another's rows.",
    async (context) => {
      const row = await insert(context, "link", { tenantId: one, fence: 3, mark: 2 });
      const missing = await commitUnit(context, [updateOf("link", firstId, { attempts: 1 })], [], two);
      assert.equal(missing.status, "missing");
      const release = {
        type: "release",
        table: "link",
        id: firstId,
        fence: 3,
        seenMark: 2,
        nextAfterMs: 0,
        set: {},
      } as const;
      assert.equal((await commitUnit(context, [release], [], two)).status, "stale");
      const require = { table: "link", id: firstId, match: { fence: 3 } } as const;
      assert.equal((await commitUnit(context, [], [require], two)).status, "stale");
      await commitOk(context, [markOf([firstId]), { type: "delete", table: "link", id: firstId }], two);
      await commitOk(context, [{ type: "mark", table: "link", by: "source", keys: [[row.sourceId]], afterMs: 0 }], two);
      assert.deepEqual(await readOk(context, "link", firstId, one), row);
    },
  ],
  [
    "tenant-budget",
    "A block concerns the budget of its own tenant, also where another's has the same id.",
    async (context) => {
      await insert(context, "link", { tenantId: one, dueAt: 1 });
      await commitOk(context, [{ type: "block", budgetId: firstId, forMs: 600_000, reason: "rate limit" }], two);
      assert.equal(await read(context, "budget", firstId, one), undefined);
      assert.deepEqual(await claimIds(context), [firstId]);
    },
  ],
  [
    "tenant-source",
    "A source that is stopped in one tenant runs in another.",
    async (context) => {
      await insert(context, "source", { tenantId: two, enabled: false });
      await insert(context, "link", { tenantId: two, dueAt: 1 });
      await insert(context, "link", { tenantId: one, dueAt: 1 });
      const request = { table: "link", owner: "w", leaseMs: 600_000, limit: 10, limitPerSource: 10 } as const;
      const { rows } = await context.storage.system.claim(request);
      assert.deepEqual(
        rows.map((row) => row.tenantId),
        [one],
      );
    },
  ],
  [
    "tenant-odd-names",
    "Tenant and row ids are opaque: no choice of characters makes one pair look like another.",
    async (context) => {
      const names = ["a", "a ", "A", "a:b", "a/b", "a\u0001b", "'; drop", "%", "_", "ä", "a\u0308"];
      for (const [index, tenantId] of names.entries()) {
        await insert(context, "relation", { tenantId, name: `of ${index}` });
      }
      for (const [index, tenantId] of names.entries()) {
        const rows = await context.storage.find({ tenantId }, { table: "relation", by: "all", keys: [[]] });
        assert.deepEqual(
          rows.map((row) => row.name),
          [`of ${index}`],
        );
      }
    },
  ],
]);
