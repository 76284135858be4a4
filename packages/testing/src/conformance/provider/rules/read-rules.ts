import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { addressOf, open, readAddress, readAll, readLive, unreadAddress } from "../actions.ts";
import { able, given, type ProviderContext, settle } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { missingIssue } from "../operations.ts";
import { assertSameText } from "../truth.ts";

/** Batches beyond this prove nothing more. */
const largestBatch = 250;

async function openMany(context: ProviderContext, count: number): Promise<readonly string[]> {
  const items: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    items.push(await context.tracker.createIssue({ title: `Issue ${number}`, body: "" }));
  }
  await settle(context);
  return items;
}

export const readRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/read.ts, ReadGroup.issues",
  { groups: ["read"] },
  [
    [
      "read-order",
      "There is one outcome per address, in the order asked, also for addresses given twice.",
      async (context) => {
        const items = await openMany(context, 3);
        const asked = [items[2], items[0], items[1], items[0]].map((item) => unreadAddress(context, item as string));
        const outcomes = await readAll(context, asked);
        const found = outcomes.map((outcome) => (outcome.kind === "live" ? outcome.issue.item : outcome.kind));
        assert.deepEqual(
          found,
          asked.map(({ item }) => item),
          "items in the order asked",
        );
      },
    ],
    [
      "read-known",
      "Issues known by their id and issues never read can be asked for together, and tell the same.",
      async (context) => {
        const [first, second] = (await openMany(context, 2)) as [string, string];
        const before = await readLive(context, unreadAddress(context, first));
        const outcomes = await readAll(context, [unreadAddress(context, second), addressOf(before)]);
        const [one, other] = outcomes;
        assert.ok(one?.kind === "live" && other?.kind === "live", `both are live, in ${JSON.stringify(outcomes)}`);
        assert.equal(one.issue.item, second, "the one never read");
        assert.deepEqual(other.issue, before, "the one known");
        assert.notEqual(one.issue.remoteId, other.issue.remoteId, "remote ids differ");
      },
    ],
    [
      "read-isolates",
      "An address that cannot be read never fails the others.",
      async (context) => {
        const [first, second] = (await openMany(context, 2)) as [string, string];
        const known = await readAddress(context, first);
        const elsewhere = given(context, "unknownContainer");
        const asked = [
          known,
          missingIssue(context),
          unreadAddress(context, first, elsewhere),
          { ...missingIssue(context), remoteId: "no-such-id" },
          { ...unreadAddress(context, "not an item"), remoteId: null },
          unreadAddress(context, second),
        ];
        const kinds = (await readAll(context, asked)).map(({ kind }) => kind);
        assert.deepEqual(kinds, ["live", "no-access", "no-access", "no-access", "no-access", "live"]);
      },
    ],
    [
      "read-deleted",
      "A deleted issue is told as the tracker tells it, however it is addressed; the others stay live.",
      async (context) => {
        const [first, second] = (await openMany(context, 2)) as [string, string];
        const known = await readAddress(context, first);
        const expected = await able(context, "deleteIssue")(first);
        await settle(context);
        const asked = [known, unreadAddress(context, second), unreadAddress(context, first)];
        const kinds = (await readAll(context, asked)).map(({ kind }) => kind);
        assert.deepEqual(kinds, [expected, "live", expected]);
      },
    ],
    [
      "read-moved",
      "A moved issue is told as moved, with where it is if the tracker says so.",
      async (context) => {
        const other = given(context, "otherContainer");
        const item = await open(context);
        const known = await readAddress(context, item);
        await able(context, "moveIssue")(item);
        await settle(context);
        const [outcome] = await readAll(context, [known]);
        assert.ok(outcome?.kind === "moved", `expected "moved", got ${JSON.stringify(outcome)}`);
        if (outcome.to === null) return;
        assert.equal(outcome.to.container, other, "where it is now");
        const moved = await readLive(context, outcome.to);
        assertSameText(moved.title, "Menu overlaps", "the title over there");
      },
      { unless: ({ underTest }) => (underTest.otherContainer === undefined ? "there is no other container" : null) },
    ],
    [
      "read-batch",
      "`readBatchSize` issues cost one request, whether known or never read.",
      async (context) => {
        const size = Math.min(context.capabilities.readBatchSize, largestBatch);
        const items = await openMany(context, size);
        const unread = items.map((item) => unreadAddress(context, item));
        const mark = context.tracker.mark();
        const outcomes = await readAll(context, unread);
        assert.equal(context.tracker.countRequests(mark), 1, `requests for ${size} issues never read`);
        const known = outcomes.flatMap((outcome) => (outcome.kind === "live" ? [addressOf(outcome.issue)] : []));
        assert.equal(known.length, size, "all are live");
        const again = context.tracker.mark();
        await readAll(context, known);
        assert.equal(context.tracker.countRequests(again), 1, `requests for ${size} issues known`);
      },
    ],
    [
      "read-nothing",
      "Nothing asked, nothing sent.",
      async (context) => {
        const mark = context.tracker.mark();
        assert.deepEqual(await readAll(context, []), []);
        assert.equal(context.tracker.countRequests(mark), 0, "requests");
      },
    ],
  ],
);
