import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  claim,
  claimIds,
  commitOk,
  insert,
  insertMany,
  longMs,
  markOf,
  readOk,
  type StorageContext,
  storageNow,
} from "../context.ts";
import { sampleId, sampleTenantId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId, thirdId] = [sampleId(1), sampleId(2), sampleId(3)];

function only(ids: readonly string[], tenantId: string = sampleTenantId) {
  return { only: { tenantId, ids } };
}

export const claimRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, StorageSystem.claim", [
  [
    "claim-leases",
    "A claim leases due rows: owner, end of the lease from the time it tells, and a fence that grew by one.",
    async (context) => {
      const row = await insert(context, "link", { dueAt: 1, fence: 6 });
      const request = { table: "link", owner: "worker-7", leaseMs: longMs, limit: 5, limitPerSource: 5 } as const;
      const { rows, now } = await context.storage.system.claim(request);
      const leased = { ...row, leaseOwner: "worker-7", leaseUntil: now + longMs, fence: 7 };
      assert.deepEqual(rows, [leased]);
      assert.deepEqual(await readOk(context, "link"), leased);
    },
  ],
  [
    "claim-whole",
    "Claimed rows of both tables come with every column, of what is due and by name.",
    async (context) => {
      const request = { owner: "worker-7", leaseMs: longMs, limit: 5, limitPerSource: 5 } as const;
      for (const table of ["link", "pollScope"] as const) {
        const [due, named] = [
          await insert(context, table, { dueAt: 1 }),
          await insert(context, table, { id: secondId }),
        ];
        const { system } = context.storage;
        const claimed = [
          ...(await system.claim({ ...request, table })).rows,
          ...(await system.claim({ ...request, table, ...only([secondId]) })).rows,
        ];
        const columns = (row: object) => Object.keys(row).sort();
        assert.deepEqual(claimed.map(columns), [due, named].map(columns), table);
      }
    },
  ],
  [
    "claim-leased",
    "A leased row is not claimed again before its lease has run out; then it is, with a greater fence.",
    async (context) => {
      await insert(context, "link", { dueAt: 1 });
      assert.equal((await claim(context)).length, 1);
      assert.deepEqual(await claim(context, { owner: "worker-2" }), []);
      assert.deepEqual(await claim(context, { owner: "worker-1" }), [], "nor by its own holder");
      await insert(context, "link", { id: secondId, dueAt: 1 });
      assert.equal((await claim(context, { leaseMs: context.shortMs })).length, 1);
      await context.pass(context.shortMs);
      const [again] = await claim(context, { owner: "worker-2" });
      assert.deepEqual([again?.id, again?.fence, again?.leaseOwner], [secondId, 2, "worker-2"]);
    },
  ],
  [
    "claim-not-due",
    "Rows that are idle or due later are not claimed; they are when their time has come.",
    async (context) => {
      await insert(context, "link");
      await insert(context, "link", { id: secondId });
      await commitOk(context, [markOf([secondId], { afterMs: longMs })]);
      assert.deepEqual(await claim(context), []);
      await insert(context, "link", { id: thirdId });
      await commitOk(context, [markOf([thirdId], { afterMs: context.shortMs })]);
      await context.pass(context.shortMs);
      assert.deepEqual(await claimIds(context), [thirdId]);
    },
  ],
  [
    "claim-ended",
    "Links that have ended or are paused are not claimed.",
    async (context) => {
      await insert(context, "link", { dueAt: 1, endedAt: 1_000, active: null });
      await insert(context, "link", { id: secondId, dueAt: 1, pausedAt: 1_000 });
      await insert(context, "link", { id: thirdId, dueAt: 1 });
      assert.deepEqual(await claimIds(context), [thirdId]);
      assert.deepEqual(await claimIds(context, only([firstId, secondId])), [], "nor by name");
    },
  ],
  [
    "claim-limit",
    "A claim takes at most `limit` rows, and at most `limitPerSource` of one source.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 30 }, (number) => ({
        dueAt: 1,
        sourceId: sampleId((number % 3) + 1),
      }));
      assert.equal((await claim(context, { limit: 4 })).length, 4);
      const perSource = await claim(context, { limitPerSource: 2 });
      const sources = perSource.map((row) => row.sourceId).sort();
      assert.deepEqual(sources, [1, 1, 2, 2, 3, 3].map(sampleId));
      assert.equal((await claim(context)).length, 20, "the others are still there");
    },
  ],
  [
    "claim-longest-due",
    "Within a source, what has been due longest comes first.",
    async (context) => {
      const dueTimes = [5_000, 1_000, 4_000, 2_000, 3_000];
      await insertMany(context, "link", { first: 1, count: 5 }, (number) => ({
        dueAt: dueTimes[number - 1] as number,
      }));
      const order: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) order.push(...(await claimIds(context, { limit: 1 })));
      assert.deepEqual(order, [2, 4, 5, 3, 1].map(sampleId));
    },
  ],
  [
    "claim-tenants",
    "A claim spans tenants, and its rows say whose they are.",
    async (context) => {
      for (const tenantId of ["tenant-1", "tenant-2"]) await insert(context, "link", { tenantId, dueAt: 1 });
      const rows = await claim(context);
      assert.deepEqual(rows.map((row) => [row.tenantId, row.id]).sort(), [
        ["tenant-1", firstId],
        ["tenant-2", firstId],
      ]);
    },
  ],
  [
    "claim-tables",
    "Links and poll scopes are claimed separately.",
    async (context) => {
      await insert(context, "link", { dueAt: 1 });
      await insert(context, "pollScope", { dueAt: 1 });
      const scopes = await claim<"pollScope">(context, { table: "pollScope" });
      assert.deepEqual(
        scopes.map((row) => row.container),
        [`container-${firstId}`],
      );
      assert.deepEqual(await claimIds(context), [firstId]);
    },
  ],
  [
    "claim-only",
    "`only` claims the named rows and no others, due or not.",
    async (context) => {
      await insertMany(context, "link", { first: 1, count: 4 }, (number) => ({ dueAt: number === 1 ? 1 : null }));
      await commitOk(context, [markOf([thirdId], { afterMs: longMs })]);
      const ids = await claimIds(context, only([secondId, thirdId, sampleId(99)]));
      assert.deepEqual([...ids].sort(), [secondId, thirdId]);
      assert.deepEqual(await claim(context, only([])), []);
      assert.deepEqual(await claimIds(context), [firstId], "the others were left alone");
    },
  ],
  [
    "claim-only-held",
    "`only` does not take rows that somebody holds, until their lease has run out.",
    async (context) => {
      await insert(context, "link");
      const [held] = await claim(context, { ...only([firstId]), leaseMs: context.shortMs });
      assert.equal(held?.fence, 1);
      await insert(context, "link", { id: secondId });
      await claim(context, only([secondId]));
      assert.deepEqual(await claim(context, only([secondId])), []);
      await context.pass(context.shortMs);
      assert.equal((await claim(context, only([firstId])))[0]?.fence, 2);
    },
  ],
  [
    "claim-only-limit",
    "`only` obeys the limits, and other tenants' rows are out of its reach.",
    async (context) => {
      const ids = await insertMany(context, "link", { first: 1, count: 5 });
      assert.equal((await claim(context, { ...only(ids), limit: 2 })).length, 2);
      assert.equal((await claim(context, { ...only(ids), limitPerSource: 1 })).length, 1);
      assert.deepEqual(await claim(context, only(ids, "tenant-2")), []);
    },
  ],
  [
    "claim-clock",
    "The storage's clock moves on and is the one that leases and due times count by.",
    async (context) => {
      const before = await storageNow(context);
      await context.pass(context.shortMs);
      const after = await storageNow(context);
      assert.ok(after >= before + context.shortMs, `${before} was expected to be ${context.shortMs} before ${after}`);
      assert.ok(Number.isInteger(before), "times are whole milliseconds");
    },
  ],
]);
