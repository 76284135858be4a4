import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { addComment, createDefect, createDefects, type DefectStoreContext, draftOf } from "../context.ts";
import type { HostTransactions } from "../defect-store-under-test.ts";
import { assertTold, drainFeed, feedEnd } from "../feed.ts";
import { defineRules } from "./define-rules.ts";

function transactionsOf({ host }: DefectStoreContext): HostTransactions {
  assert.ok(host.transactions !== undefined, "the host has no transactions");
  return host.transactions;
}

export const feedRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.changesSince",
  ["changesSince"],
  [
    [
      "feed-beginning",
      "Without a cursor it begins at the beginning: whatever has happened is told.",
      async (context) => {
        assert.deepEqual((await drainFeed(context, null)).ids, []);
        const places = await createDefects(context, 3);
        const { ids } = await drainFeed(context, null);
        for (const { defectId } of places) assert.ok(ids.includes(defectId), `${defectId} was not told`);
      },
    ],
    [
      "feed-edits",
      "Every edit of a field, and every new defect, is told, again and again for the same defect.",
      async (context) => {
        const place = await createDefect(context);
        await createDefects(context, 2);
        const edits = [{ title: "New title" }, { status: context.statuses[1] }, { priority: null }, { title: "Newer" }];
        for (const edit of edits) {
          await assertTold(context, place.defectId, JSON.stringify(edit), () => context.host.editDefect(place, edit));
        }
        const before = await feedEnd(context);
        const created = await createDefect(context);
        assert.ok((await drainFeed(context, before)).ids.includes(created.defectId), "a new defect was not told");
      },
    ],
    [
      "feed-comments",
      "Whatever people of the host do with a comment is told as a change of its defect.",
      async (context) => {
        const { comments } = context.host;
        const place = await createDefect(context);
        let commentId = "";
        await assertTold(context, place.defectId, "a new comment", async () => {
          commentId = await addComment(context, place, "Seen");
        });
        await assertTold(context, place.defectId, "an edited comment", async () =>
          comments?.edit(place, commentId, "Seen twice"),
        );
        const { delete: remove } = comments ?? {};
        if (remove === undefined) return;
        await assertTold(context, place.defectId, "a deleted comment", () => remove(place, commentId));
      },
      ["comments"],
    ],
    [
      "feed-deletions",
      "The deletion of a defect is told: its links have to be detached.",
      async (context) => {
        const place = await createDefect(context);
        await assertTold(context, place.defectId, "a deletion", async () => context.host.deleteDefect?.(place));
      },
      ["deleteDefect"],
    ],
    [
      "feed-late-commit",
      "A change that is committed after others, by a transaction that began before them, is told too.",
      async (context) => {
        const [late, early] = [await createDefect(context), await createDefect(context)];
        const before = await feedEnd(context);
        const between = await transactionsOf(context).run(async (open) => {
          await open.editDefect(late, { title: "Edited first, committed last" });
          const other = context.host.editDefect(early, { title: "Edited last, committed first" });
          // A host that lets changes in one after the other makes this one wait for the commit.
          await Promise.race([other, new Promise((resolve) => setTimeout(resolve, 300))]);
          return { other, page: await drainFeed(context, before) };
        });
        await between.other;
        const after = await drainFeed(context, between.page.cursor);
        const ids = [...between.page.ids, ...after.ids];
        assert.ok(ids.includes(early.defectId), "the one that was committed first was not told");
        assert.ok(after.ids.includes(late.defectId), "the one that was committed last was not told");
      },
      ["transactions at once"],
    ],
    [
      "feed-late-commits-many",
      "However many transactions are open at once, none of their changes is passed over.",
      async (context) => {
        const places = await createDefects(context, 12);
        let cursor = await feedEnd(context);
        const told = new Set<string>();
        const look = async () => {
          const page = await drainFeed(context, cursor);
          cursor = page.cursor;
          for (const id of page.ids) told.add(id);
        };
        await Promise.all(
          places.map((place, index) =>
            transactionsOf(context).run(async (open) => {
              await open.editDefect(place, { title: `Edited ${index}` });
              // Those that began first take longest.
              await new Promise((resolve) => setTimeout(resolve, (places.length - index) * 5));
              if (index % 3 === 0) await look();
            }),
          ),
        );
        await look();
        const missing = places.filter(({ defectId }) => !told.has(defectId));
        assert.deepEqual(missing, []);
      },
      ["transactions at once"],
    ],
    [
      "feed-same-moment",
      "Changes of one transaction are all told, also where a page ends between them.",
      async (context) => {
        const before = await feedEnd(context);
        const made = await transactionsOf(context).run(async (open) => {
          const ids: string[] = [];
          for (const number of [1, 2, 3, 4, 5]) {
            ids.push(await open.createDefect(context.tenantId, draftOf(context, { title: `Together ${number}` })));
          }
          return ids;
        });
        const { ids } = await drainFeed(context, before, 2);
        assert.deepEqual(
          made.filter((id) => !ids.includes(id)),
          [],
        );
      },
      ["transactions"],
    ],
  ],
);
