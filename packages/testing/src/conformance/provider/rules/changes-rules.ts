import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { open, readLive, truthOf, unreadAddress } from "../actions.ts";
import { able, nextVersion, type ProviderContext, settle } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { itemsOf, lastRow, type Polled, poll } from "../polling.ts";
import { assertSameText, assertTruth } from "../truth.ts";

async function assertRowIsTrue(context: ProviderContext, polled: Polled, item: string): Promise<void> {
  assertTruth(lastRow(polled, item), await truthOf(context, item), `the row of issue ${item}`);
}

export const changesRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/changes.ts, ChangesGroup.list",
  { groups: ["changes"] },
  [
    [
      "changes-appear",
      "New, edited and closed issues appear as they are now.",
      async (context) => {
        const edited = await open(context);
        const closed = await open(context, { title: "Typo" });
        await nextVersion(context);
        const first = await poll(context, { cursor: null });
        for (const item of [edited, closed]) await assertRowIsTrue(context, first, item);

        const created = await open(context, { title: "Something new" });
        await context.tracker.editIssue(edited, { title: "Menu overlaps again", body: "Still." });
        await nextVersion(context);
        await context.tracker.closeIssue(closed);
        await nextVersion(context);
        const second = await poll(context, { cursor: first.cursor });
        for (const item of [created, edited, closed]) await assertRowIsTrue(context, second, item);
      },
    ],
    [
      "changes-only-issues",
      "Rows are issues of the container asked for: whatever else stands in the tracker's lists is left out.",
      async (context) => {
        const item = await open(context);
        await nextVersion(context);
        const polled = await poll(context, { cursor: null });
        const known = await context.tracker.listIssues();
        const strangers = itemsOf(polled).filter((row) => !known.includes(row));
        assert.deepEqual(strangers, [], "rows that are no issues");
        assert.equal(lastRow(polled, item).container, context.container, "container of the row");
      },
    ],
    [
      "changes-start",
      "The first page begins at `startAt`, that moment included.",
      async (context) => {
        await context.pass(5_000);
        const item = await context.tracker.createIssue({ title: "Right at the start", body: "" });
        const now = context.tracker.now();
        await settle(context);
        const startAt =
          context.provider.read === undefined
            ? now - 1_000
            : (await readLive(context, unreadAddress(context, item))).updatedAt;
        lastRow(await poll(context, { cursor: null, startAt }), item);
      },
    ],
    [
      "changes-same-second",
      "Two changes at the same time are both found, also when a poll comes between them.",
      async (context) => {
        const first = await open(context);
        const second = await open(context);
        await nextVersion(context);
        const { cursor } = await poll(context, { cursor: null });
        await context.tracker.editIssue(first, { title: "Changed before the poll" });
        const between = await poll(context, { cursor });
        await context.tracker.editIssue(second, { title: "Changed right after the poll" });
        await nextVersion(context);
        const after = await poll(context, { cursor: between.cursor });
        await assertRowIsTrue(context, after, second);
        const everything = { issues: [...between.issues, ...after.issues] };
        assert.equal(lastRow(everything, first).title, "Changed before the poll");
      },
    ],
    [
      "changes-same-issue",
      "An issue that changes twice at the same time ends up as it is, also when a poll comes between.",
      async (context) => {
        const item = await open(context);
        await nextVersion(context);
        const { cursor } = await poll(context, { cursor: null });
        await context.tracker.editIssue(item, { title: "Changed once" });
        const between = await poll(context, { cursor });
        await context.tracker.editIssue(item, { title: "Changed twice" });
        await nextVersion(context);
        await assertRowIsTrue(context, await poll(context, { cursor: between.cursor }), item);
      },
    ],
    [
      "changes-pages",
      "More changes than stand on a page are all found, whether they are of one moment or of many.",
      async (context) => {
        const count = context.underTest.longListLength ?? 120;
        const items: string[] = [];
        for (let number = 1; number <= count; number += 1) {
          items.push(await context.tracker.createIssue({ title: `Issue ${number}`, body: "" }));
        }
        await nextVersion(context);
        const first = await poll(context, { cursor: null });
        const missing = items.filter((item) => !itemsOf(first).includes(item));
        assert.deepEqual(missing, [], `${missing.length} of ${count} issues of one moment are missing`);

        for (const item of items) {
          await context.tracker.editIssue(item, { title: `Issue, changed` });
          if (context.tracker.advance !== undefined) await nextVersion(context);
        }
        await nextVersion(context);
        const second = await poll(context, { cursor: first.cursor });
        const stale = items.filter((item) => lastRow(second, item).title !== "Issue, changed");
        assert.deepEqual(stale, [], `${stale.length} of ${count} changed issues are out of date`);
      },
    ],
    [
      "changes-comments",
      "New and edited comments appear, with the issue they belong to; the others' do not get mixed up.",
      async (context) => {
        const item = await open(context);
        const { cursor } = await poll(context, { cursor: null });
        await nextVersion(context);
        const id = await able(context, "comment")(item, "Seen on build 7.");
        await nextVersion(context);
        const polled = await poll(context, { cursor });
        const row = polled.comments.findLast(({ comment }) => comment.remoteId === id);
        assert.ok(row !== undefined, `the comment did not appear: ${JSON.stringify(polled.comments)}`);
        assert.equal(row.issueItem, item, "the issue of the comment");
        assert.equal(row.container, context.container, "the container of the comment");
        assertSameText(row.comment.body, "Seen on build 7.", "the comment");

        const { edit, tellsEdits } = context.capabilities.comments;
        if (!edit || !tellsEdits) return;
        await able(context, "editComment")(item, id, "Seen on build 8.");
        await nextVersion(context);
        const again = await poll(context, { cursor: polled.cursor });
        const edited = again.comments.findLast(({ comment }) => comment.remoteId === id);
        assert.ok(edited !== undefined, "the edited comment did not appear");
        assertSameText(edited.comment.body, "Seen on build 8.", "the edited comment");
        assert.ok(edited.comment.version > row.comment.version, "the comment's version grows");
      },
      { groups: ["comments"] },
    ],
    [
      "changes-comments-late",
      "Comments are left out where nobody asked, and come from the start once somebody does.",
      async (context) => {
        const item = await open(context);
        const id = await able(context, "comment")(item, "Early.");
        await nextVersion(context);
        const startAt = context.tracker.now() - 600_000;
        const without = await poll(context, { cursor: null, startAt, withComments: false });
        assert.deepEqual(without.comments, [], "comments that nobody asked for");
        const polled = await poll(context, { cursor: without.cursor, startAt, withComments: true });
        const ids = polled.comments.map(({ comment }) => comment.remoteId);
        assert.ok(ids.includes(id), "the early comment did not appear once comments were asked for");
      },
      { groups: ["comments"] },
    ],
  ],
);
