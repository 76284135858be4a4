import assert from "node:assert/strict";
import type { LinkRow, ReleaseWrite } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import {
  assertBetween,
  claim,
  commitOk,
  commitUnit,
  insert,
  markOf,
  read,
  readOk,
  type StorageContext,
  storageNow,
} from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const firstId = sampleId(1);
const stale = { status: "stale", table: "link", id: firstId };

type LinkRelease = Extract<ReleaseWrite, { readonly table: "link" }>;

function releaseOf(row: LinkRow, options: Partial<LinkRelease> = {}): LinkRelease {
  const { id, fence, mark } = row;
  return { type: "release", table: "link", id, fence, seenMark: mark, nextAfterMs: null, set: {}, ...options };
}

/** A link that is leased, with flags raised. */
async function leasedLink(context: StorageContext, overrides: Partial<LinkRow> = {}): Promise<LinkRow> {
  await insert(context, "link", { dueAt: 1, mark: 5, checkIssue: true, checkComments: true, ...overrides });
  const [row] = await claim(context);
  assert.ok(row !== undefined, "a due link was expected to be claimed");
  return row;
}

export const releaseRules: readonly Rule<StorageContext>[] = defineRules("core/storage/commit.ts, ReleaseWrite", [
  [
    "release-idle",
    "A release that saw the last mark ends the lease, writes what was learned, clears the flags and leaves the row idle.",
    async (context) => {
      const leased = await leasedLink(context);
      await commitOk(context, [releaseOf(leased, { set: { attempts: 1, seenDigest: "7", base: {} } })]);
      const released = {
        ...{ leaseOwner: null, leaseUntil: null, dueAt: null },
        ...{ checkIssue: false, checkComments: false },
        ...{ attempts: 1, seenDigest: "7", base: {} },
      };
      assert.deepEqual(await readOk(context, "link"), { ...leased, ...released });
      assert.equal(await context.storage.system.nextDueInMs("link"), null);
    },
  ],
  [
    "release-next",
    "`nextAfterMs` says when the row is due again, and `set` which flags stay raised.",
    async (context) => {
      const leased = await leasedLink(context);
      await commitOk(context, [releaseOf(leased, { nextAfterMs: 60_000, set: { checkComments: true } })]);
      const row = await readOk(context, "link");
      const now = await storageNow(context);
      assertBetween(row.dueAt, now + 30_000, now + 60_000, "dueAt");
      assert.deepEqual([row.checkIssue, row.checkComments], [false, true]);
      assert.deepEqual(await claim(context), []);
    },
  ],
  [
    "release-marked",
    "A release that missed a mark leaves the row due now with its flags raised, and still writes what was learned.",
    async (context) => {
      const leased = await leasedLink(context, { checkIssue: false });
      await commitOk(context, [markOf([firstId], { checkIssue: true })]);
      const set = { attempts: 1, checkIssue: false, checkComments: false };
      await commitOk(context, [releaseOf(leased, { nextAfterMs: 60_000, set })]);
      const row = await readOk(context, "link");
      assertBetween(row.dueAt, 1, await storageNow(context), "dueAt");
      assert.deepEqual([row.checkIssue, row.checkComments, row.attempts], [true, true, 1]);
      assert.deepEqual([row.leaseOwner, row.leaseUntil, row.mark], [null, null, 6]);
      assert.equal((await claim(context)).length, 1);
    },
  ],
  [
    "release-fence",
    "A release with another fence than the row's is stale, and nothing of its unit happens.",
    async (context) => {
      const leased = await leasedLink(context);
      const before = await readOk(context, "link");
      const defect = insertOf("defect", sampleRow("defect", { id: sampleId(9) }));
      for (const fence of [leased.fence - 1, leased.fence + 1]) {
        const write = releaseOf(leased, { fence, set: { attempts: 9 } });
        assert.deepEqual(await commitUnit(context, [defect, write]), stale);
      }
      assert.deepEqual(await readOk(context, "link"), before);
      assert.equal(await read(context, "defect", sampleId(9)), undefined);
    },
  ],
  [
    "release-missing",
    "Releasing a row that is gone is stale.",
    async (context) => {
      const leased = await leasedLink(context);
      await commitOk(context, [{ type: "delete", table: "link", id: firstId }]);
      assert.deepEqual(await commitUnit(context, [releaseOf(leased)]), stale);
    },
  ],
  [
    "release-late",
    "A lease that ran out can still be released while nobody else has claimed the row, and not after.",
    async (context) => {
      await insert(context, "link", { dueAt: 1 });
      const [first] = await claim(context, { leaseMs: context.shortMs });
      await context.pass(context.shortMs);
      await commitOk(context, [releaseOf(first as LinkRow, { nextAfterMs: 0, set: { attempts: 1 } })]);
      const [second] = await claim(context, { leaseMs: context.shortMs });
      await context.pass(context.shortMs);
      const [third] = await claim(context);
      assert.equal(third?.fence, (second?.fence ?? 0) + 1);
      assert.deepEqual(await commitUnit(context, [releaseOf(second as LinkRow)]), stale);
      await commitOk(context, [releaseOf(third as LinkRow)]);
    },
  ],
  [
    "release-ends",
    "A release can end the link, which frees its unique keys.",
    async (context) => {
      const leased = await leasedLink(context);
      await commitOk(context, [releaseOf(leased, { set: { endedAt: 1_000, active: null } })]);
      await insert(context, "link", { id: sampleId(2), defectId: leased.defectId });
      assert.deepEqual(await claim(context), []);
    },
  ],
  [
    "release-taken",
    "A release whose new values collide with a unique key fails the unit and keeps the lease.",
    async (context) => {
      await insert(context, "link", { id: sampleId(2), issueId: sampleId(8) });
      const leased = await leasedLink(context);
      const outcome = await commitUnit(context, [releaseOf(leased, { set: { issueId: sampleId(8) } })]);
      assert.deepEqual(outcome, { status: "taken", table: "link", key: "issue" });
      assert.deepEqual(await readOk(context, "link"), leased);
    },
  ],
]);
