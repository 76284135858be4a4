import assert from "node:assert/strict";
import type { LinkFailure } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import {
  assertBetween,
  claim,
  claimIds,
  commitOk,
  insert,
  markOf,
  readOk,
  type StorageContext,
  scope,
  storageNow,
} from "../context.ts";
import { sampleId } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId, thirdId] = [sampleId(1), sampleId(2), sampleId(3)];
const failure: LinkFailure = {
  failure: "retry",
  code: "tracker-unavailable",
  message: "No answer.",
  field: null,
  at: 1,
  retryAt: 2,
};

export const markRules: readonly Rule<StorageContext>[] = defineRules("core/storage/commit.ts, MarkWrite", [
  [
    "mark-due",
    "A mark counts up by one and makes the row due `afterMs` from now, by the storage's clock.",
    async (context) => {
      await insert(context, "link");
      const before = await storageNow(context);
      await commitOk(context, [markOf([firstId], { afterMs: 60_000 })]);
      const row = await readOk(context, "link");
      assert.equal(row.mark, 1);
      assertBetween(row.dueAt, before + 60_000, (await storageNow(context)) + 60_000, "dueAt");
    },
  ],
  [
    "mark-collapse",
    "Many marks make one piece of work, and each is counted.",
    async (context) => {
      await insert(context, "link");
      await commitOk(context, [markOf([firstId]), markOf([firstId])]);
      await commitOk(context, [markOf([firstId])]);
      const rows = await claim(context);
      assert.deepEqual(
        rows.map((row) => [row.id, row.mark]),
        [[firstId, 3]],
      );
      assert.deepEqual(await claim(context), []);
    },
  ],
  [
    "mark-earlier-wins",
    "A mark never postpones: due is the earlier of the old time and the new.",
    async (context) => {
      await insert(context, "link");
      await commitOk(context, [markOf([firstId], { afterMs: 60_000 })]);
      const { dueAt } = await readOk(context, "link");
      await commitOk(context, [markOf([firstId], { afterMs: 120_000 })]);
      assert.equal((await readOk(context, "link")).dueAt, dueAt);
      await commitOk(context, [markOf([firstId], { afterMs: 1_000 })]);
      assertBetween((await readOk(context, "link")).dueAt, 0, (dueAt ?? 0) - 50_000, "dueAt");
    },
  ],
  [
    "mark-leased",
    "A row that is leased is marked too, keeps its lease, and is due again after a release that did not see the mark.",
    async (context) => {
      await insert(context, "link", { dueAt: 1 });
      const [leased] = await claim(context);
      await commitOk(context, [markOf([firstId])]);
      const marked = await readOk(context, "link");
      assert.equal(marked.mark, (leased?.mark ?? 0) + 1, "the mark is counted");
      assert.deepEqual(
        [marked.leaseOwner, marked.leaseUntil, marked.fence],
        [leased?.leaseOwner, leased?.leaseUntil, leased?.fence],
        "the lease is untouched",
      );
      assert.deepEqual(await claim(context), [], "the lease still holds");
      const seenMark = leased?.mark ?? 0;
      const set = {};
      await commitOk(context, [
        { type: "release", table: "link", id: firstId, fence: marked.fence, seenMark, nextAfterMs: null, set },
      ]);
      assert.deepEqual(await claimIds(context), [firstId], "the release left it due");
    },
  ],
  [
    "mark-ended",
    "Links that have ended are left alone.",
    async (context) => {
      const ended = await insert(context, "link", { endedAt: 1_000, active: null });
      await commitOk(context, [markOf([firstId], { checkIssue: true, reset: true })]);
      assert.deepEqual(await readOk(context, "link"), ended);
    },
  ],
  [
    "mark-paused",
    "Paused links are marked, and claimed once they are resumed.",
    async (context) => {
      await insert(context, "link", { pausedAt: 1_000 });
      await commitOk(context, [markOf([firstId])]);
      assert.equal((await readOk(context, "link")).mark, 1);
      assert.deepEqual(await claim(context), []);
      await commitOk(context, [{ type: "update", table: "link", id: firstId, set: { pausedAt: null } }]);
      assert.deepEqual(await claimIds(context), [firstId]);
    },
  ],
  [
    "mark-flags",
    "Marks raise flags and never lower them.",
    async (context) => {
      await insert(context, "link");
      await commitOk(context, [markOf([firstId], { checkIssue: true })]);
      await commitOk(context, [markOf([firstId], { checkComments: true, checkIssue: false })]);
      await commitOk(context, [markOf([firstId])]);
      const { checkIssue, checkComments } = await readOk(context, "link");
      assert.deepEqual({ checkIssue, checkComments }, { checkIssue: true, checkComments: true });
    },
  ],
  [
    "mark-version",
    "A mark's version raises `hintVersion` and never lowers it.",
    async (context) => {
      await insert(context, "link", { hintVersion: 5 });
      await commitOk(context, [markOf([firstId], { version: 9 })]);
      await commitOk(context, [markOf([firstId], { version: 7 })]);
      await commitOk(context, [markOf([firstId])]);
      assert.equal((await readOk(context, "link")).hintVersion, 9);
    },
  ],
  [
    "mark-reset",
    "Only a mark with `reset` forgets earlier failures.",
    async (context) => {
      await insert(context, "link", { attempts: 4, failure });
      await commitOk(context, [markOf([firstId])]);
      const kept = await readOk(context, "link");
      assert.deepEqual([kept.attempts, kept.failure], [4, failure]);
      await commitOk(context, [markOf([firstId], { reset: true })]);
      const fresh = await readOk(context, "link");
      assert.deepEqual([fresh.attempts, fresh.failure], [0, null]);
    },
  ],
  [
    "mark-by-path",
    "A mark reaches every row of an access path, each once, except the one it names.",
    async (context) => {
      for (const id of [firstId, secondId]) await insert(context, "link", { id });
      await insert(context, "link", { id: thirdId });
      await insert(context, "link", { id: sampleId(4), sourceId: secondId });
      const keys = [[firstId], [firstId]];
      await commitOk(context, [
        { type: "mark", table: "link", by: "source", keys, afterMs: 0, exceptId: secondId },
        { type: "mark", table: "link", by: "defect", keys: [[sampleId(99)]], afterMs: 0 },
      ]);
      const ids = [1, 2, 3, 4].map((number) => [sampleId(number)]);
      const rows = await context.storage.find(scope, { table: "link", by: "id", keys: ids });
      assert.deepEqual(
        rows.map((row) => row.mark),
        [1, 0, 1, 0],
      );
      await insert(context, "link", { id: sampleId(5), heldEpoch: 7 });
      await insert(context, "link", { id: sampleId(6), heldEpoch: null });
      await insert(context, "link", { id: sampleId(7), heldEpoch: 7, sourceId: secondId });
      await commitOk(context, [
        { type: "mark", table: "link", by: "held", keys: [[firstId, 7]], afterMs: 0, checkIssue: true },
      ]);
      const all = Array.from({ length: 7 }, (_, index) => [sampleId(index + 1)]);
      const later = await context.storage.find(scope, { table: "link", by: "id", keys: all });
      assert.deepEqual(
        later.map((row) => row.mark),
        [1, 0, 1, 0, 1, 0, 0],
      );
    },
  ],
  [
    "mark-many-keys",
    "A mark takes any number of keys.",
    async (context) => {
      await insert(context, "link");
      const ids = Array.from({ length: 2_500 }, (_, index) => sampleId(index + 1));
      await commitOk(context, [markOf(ids)]);
      assert.equal((await readOk(context, "link")).mark, 1);
    },
  ],
  [
    "mark-poll-scope",
    "Poll scopes are marked and released like links.",
    async (context) => {
      await insert(context, "pollScope");
      const mark = { type: "mark", table: "pollScope", by: "source", keys: [[firstId]], afterMs: 0 } as const;
      await commitOk(context, [{ ...mark, reset: true, checkIssue: true }]);
      const [leased] = await claim<"pollScope">(context, { table: "pollScope" });
      assert.deepEqual([leased?.id, leased?.mark, leased?.fence], [firstId, 1, 1]);
      const release = { type: "release", table: "pollScope", id: firstId, fence: 1, seenMark: 1 } as const;
      await commitOk(context, [{ ...release, nextAfterMs: 60_000, set: { cursor: "c-1", lastPolledAt: 5 } }]);
      const row = await readOk(context, "pollScope");
      assert.deepEqual([row.cursor, row.lastPolledAt, row.leaseUntil], ["c-1", 5, null]);
      assertBetween(row.dueAt, (await storageNow(context)) + 30_000, (await storageNow(context)) + 60_000, "dueAt");
    },
  ],
]);
