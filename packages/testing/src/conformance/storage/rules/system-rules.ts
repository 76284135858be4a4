import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { commitOk, findIds, insert, insertMany, type StorageContext, updateOf } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);

export const systemRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, StorageSystem", [
  [
    "source-by-endpoint",
    "An endpoint leads to its source, whatever the tenant; an unknown or former one to null.",
    async (context) => {
      const { system } = context.storage;
      await insert(context, "source", { tenantId: "tenant-1", endpoint: "endpoint-a" });
      const second = await insert(context, "source", { tenantId: "tenant-2", endpoint: "endpoint-b", enabled: false });
      assert.deepEqual(await system.sourceByEndpoint("endpoint-b"), second);
      assert.equal(await system.sourceByEndpoint("endpoint-c"), null);
      await commitOk(context, [updateOf("source", firstId, { endpoint: "endpoint-c" })]);
      assert.equal(await system.sourceByEndpoint("endpoint-a"), null);
      assert.equal((await system.sourceByEndpoint("endpoint-c"))?.tenantId, "tenant-1");
    },
  ],
  [
    "sources-by-app-scope",
    "An app's installation leads to all its sources of that provider, over all tenants.",
    async (context) => {
      const { system } = context.storage;
      const app = { providerId: "sample", appScope: "installation-1" };
      await insert(context, "source", { tenantId: "tenant-1", ...app });
      await insert(context, "source", { tenantId: "tenant-2", ...app });
      await insert(context, "source", { tenantId: "tenant-2", id: sampleId(2), ...app, providerId: "other" });
      await insert(context, "source", { tenantId: "tenant-2", id: sampleId(3), ...app, appScope: "installation-2" });
      await insert(context, "source", { tenantId: "tenant-2", id: sampleId(4) });
      const tenantsOf = async () => (await system.sourcesByAppScope(app)).map((row) => [row.tenantId, row.id]).sort();
      assert.deepEqual(await tenantsOf(), [
        ["tenant-1", firstId],
        ["tenant-2", firstId],
      ]);
      await commitOk(context, [updateOf("source", firstId, { appScope: null })], "tenant-1");
      assert.deepEqual(await tenantsOf(), [["tenant-2", firstId]]);
    },
  ],
  [
    "prune",
    "Routed deliveries from before a time are removed, at most so many per call, and the others stay.",
    async (context) => {
      await insertMany(context, "delivery", { first: 1, count: 10 }, (number) => ({ receivedAt: number * 1_000 }));
      const { system } = context.storage;
      assert.equal(await system.prune({ deliveriesBefore: 8_000, limit: 4 }), 4);
      assert.equal(await system.prune({ deliveriesBefore: 8_000, limit: 100 }), 3);
      assert.equal(await system.prune({ deliveriesBefore: 8_000, limit: 100 }), 0);
      const keys = Array.from({ length: 10 }, (_, index) => [sampleId(index + 1)]);
      assert.deepEqual(await findIds(context, { table: "delivery", by: "id", keys }), [8, 9, 10].map(sampleId));
    },
  ],
  [
    "prune-crowded",
    "Of every source its newest deliveries stay, as many as it may have; older ones go, at most so many per call.",
    async (context) => {
      const second = { id: sampleId(2), endpoint: "endpoint-2" };
      await insert(context, "source", { tenantId: "tenant-1", ...second });
      await insertMany(context, "delivery", { first: 1, count: 6 }, (number) => ({ receivedAt: number * 1_000 }));
      await insertMany(context, "delivery", { first: 7, count: 3 }, (number) => ({
        receivedAt: number,
        sourceId: second.id,
      }));
      const { system } = context.storage;
      const keys = Array.from({ length: 9 }, (_, index) => [sampleId(index + 1)]);
      const left = () => findIds(context, { table: "delivery", by: "id", keys });
      const request = { deliveriesBefore: 0, deliveriesPerSource: 3 };
      assert.equal(await system.prune({ ...request, limit: 2 }), 2);
      assert.deepEqual(await left(), [3, 4, 5, 6, 7, 8, 9].map(sampleId));
      assert.equal(await system.prune({ ...request, limit: 100 }), 1);
      assert.deepEqual(await left(), [4, 5, 6, 7, 8, 9].map(sampleId));
      assert.equal(await system.prune({ ...request, limit: 100 }), 0);
      assert.equal(await system.prune({ ...request, deliveriesBefore: 9, limit: 3 }), 2);
    },
  ],
  [
    "installation",
    "The first id is remembered, whoever asks with another one later; only `takeOver` replaces it.",
    async (context) => {
      const { system } = context.storage;
      const asked = ["production", "staging", "production"].map((id) => system.installation({ id, takeOver: false }));
      const answers = await Promise.all(asked);
      assert.equal(new Set(answers).size, 1, `all are told the same: ${answers.join(", ")}`);
      assert.equal(await system.installation({ id: "other", takeOver: false }), answers[0]);
      assert.equal(await system.installation({ id: "other", takeOver: true }), "other");
      assert.equal(await system.installation({ id: "production", takeOver: false }), "other");
    },
  ],
]);
