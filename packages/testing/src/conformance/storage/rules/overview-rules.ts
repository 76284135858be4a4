import assert from "node:assert/strict";
import type { LinkRow, StorageOverview } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { assertBetween, claim, commitOk, insert, insertMany, longMs, markOf, type StorageContext } from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

function overview(context: StorageContext, limit = 100): Promise<StorageOverview> {
  return context.storage.system.overview({ limit });
}

const failure = (retryAt: number | null): LinkRow["failure"] => ({
  failure: retryAt === null ? "permanent" : "retry",
  code: retryAt === null ? "tracker-rejected" : "tracker-unavailable",
  message: "Bad Gateway",
  field: null,
  at: 1_000,
  retryAt,
});

const frozen = { frozen: ["title"] } as const;
const refused: Pick<LinkRow, "refused"> = {
  refused: [
    { field: "title", direction: "out", value: "x", reason: "too long", mappingVersion: 1, credentialVersion: 1 },
  ],
};

export const overviewRules: readonly Rule<StorageContext>[] = defineRules("core/storage/overview.ts, StorageOverview", [
  [
    "overview-empty",
    "Of an empty storage it is all zeros and nulls, and the schema is the one the code works with.",
    async (context) => {
      const { schema, ...rest } = await overview(context);
      assert.equal(schema?.version, schema?.expected);
      const nothing = { count: 0, oldestForMs: null };
      assert.deepEqual(rest, {
        installationId: null,
        sources: { ok: 0, degraded: 0, reconnectRequired: 0, disabled: 0 },
        heldSources: 0,
        links: { stopped: 0, retrying: 0, frozen: 0, refused: 0 },
        due: { link: nothing, pollScope: nothing },
        lastDeliveryAt: null,
      });
      await context.storage.system.installation({ id: "production", takeOver: false });
      assert.equal((await overview(context)).installationId, "production");
    },
  ],
  [
    "overview-sources",
    "Sources of all tenants are counted once each, disabled ones as such whatever their health, up to the limit.",
    async (context) => {
      await insert(context, "source", { id: sampleId(1), tenantId: "tenant-1", heldSince: null, heldReason: null });
      await insert(context, "source", { id: sampleId(2), tenantId: "tenant-2" });
      await insert(context, "source", { id: sampleId(3), health: "degraded", healthReason: "slow" });
      await insert(context, "source", { id: sampleId(4), health: "reconnect-required" });
      await insert(context, "source", { id: sampleId(5), health: "reconnect-required", enabled: false });
      const expected = { ok: 2, degraded: 1, reconnectRequired: 1, disabled: 1 };
      assert.deepEqual((await overview(context)).sources, expected);
      assert.equal((await overview(context)).heldSources, 3);
      assert.equal((await overview(context, 1)).heldSources, 1);
      for (const count of Object.values((await overview(context, 1)).sources)) assert.ok(count <= 1);
    },
  ],
  [
    "overview-links",
    "Active links that are not well are counted once each, under the first that fits; others and ended ones are not.",
    async (context) => {
      await insert(context, "link", { id: sampleId(1) });
      await insert(context, "link", { id: sampleId(2), failure: failure(null), ...frozen });
      await insert(context, "link", { id: sampleId(3), failure: failure(5_000), ...refused });
      await insert(context, "link", { id: sampleId(4), ...frozen, ...refused });
      await insert(context, "link", { id: sampleId(5), ...refused });
      await insert(context, "link", { id: sampleId(6), failure: failure(null), active: null, endedAt: 1_000 });
      await insert(context, "link", { id: sampleId(7), tenantId: "tenant-2", failure: failure(null) });
      const { links } = await overview(context);
      assert.deepEqual(links, { stopped: 2, retrying: 1, frozen: 1, refused: 1 });
      for (const count of Object.values((await overview(context, 1)).links)) assert.ok(count <= 1);
    },
  ],
  [
    "overview-due",
    "Work counts while it could be claimed: not before it is due, not while it is held, and not of a source that cannot run.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 4 });
      await commitOk(context, [
        markOf([sampleId(1), sampleId(2), sampleId(3)]),
        markOf([sampleId(4)], { afterMs: longMs }),
      ]);
      await context.pass(context.shortMs);
      const { link, pollScope } = (await overview(context)).due;
      assert.equal(link.count, 3);
      assertBetween(link.oldestForMs, context.shortMs, longMs, "how long the oldest has been due");
      assert.equal(pollScope.count, 0, "of the table in question only");
      assert.equal((await overview(context, 2)).due.link.count, 2, "counted to the limit");

      await claim(context, { limit: 2, leaseMs: longMs });
      assert.equal((await overview(context)).due.link.count, 1, "what is held is in work");
      await commitOk(context, [{ type: "block", budgetId: "budget-1", forMs: longMs, reason: "rate limit" }]);
      await insert(context, "source", { id: sampleId(8), budgetId: "budget-1" });
      await insert(context, "link", { id: sampleId(8), sourceId: sampleId(8), dueAt: 1 });
      await insert(context, "source", { id: sampleId(9), enabled: false });
      await insert(context, "link", { id: sampleId(9), sourceId: sampleId(9), dueAt: 1 });
      await insert(context, "link", { id: sampleId(10), dueAt: 1, pausedAt: 1_000 });
      const stopped = (await overview(context)).due.link;
      assert.equal(stopped.count, 1, "what cannot run is not late");
      assertBetween(stopped.oldestForMs, 0, longMs, "the oldest that can run");
    },
  ],
  [
    "overview-deliveries",
    "It tells when the newest delivery of all tenants came in.",
    async (context) => {
      await insert(context, "delivery", { receivedAt: 5_000, deliveryId: "one" });
      await insert(context, "delivery", { tenantId: "tenant-2", receivedAt: 3_000, deliveryId: "two" });
      assert.equal((await overview(context)).lastDeliveryAt, 5_000);
    },
  ],
]);
