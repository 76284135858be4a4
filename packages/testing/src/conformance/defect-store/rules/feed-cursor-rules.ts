import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { createDefect, createDefects, type DefectStoreContext } from "../context.ts";
import { askFeed, drainFeed, feedEnd } from "../feed.ts";
import { defineRules } from "./define-rules.ts";

export const feedCursorRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.changesSince",
  ["changesSince"],
  [
    [
      "feed-pages",
      "Page by page it tells all there is: a page that is not full is the last.",
      async (context) => {
        const places = await createDefects(context, 23);
        for (const limit of [1, 5, 23]) {
          const { ids } = await drainFeed(context, null, limit);
          const missing = places.filter(({ defectId }) => !ids.includes(defectId));
          assert.deepEqual(missing, [], `with pages of ${limit}`);
        }
      },
    ],
    [
      "feed-pages-repeated",
      "A defect that was changed many times hides none that was changed after it.",
      async (context) => {
        const [busy, last] = [await createDefect(context), await createDefect(context)];
        const before = await feedEnd(context);
        for (let number = 1; number <= 12; number += 1) {
          await context.host.editDefect(busy, { title: `Edit ${number}` });
        }
        await context.host.editDefect(last, { title: "Last of all" });
        const { ids } = await drainFeed(context, before, 5);
        assert.ok(ids.includes(busy.defectId), "the busy one was not told");
        assert.ok(ids.includes(last.defectId), "the last one was not told");
      },
    ],
    [
      "feed-quiet",
      "Where nothing changed the cursor stays, or nothing is told: a repetition has to be known as one.",
      async (context) => {
        await createDefects(context, 3);
        let cursor = await feedEnd(context);
        for (let time = 0; time < 3; time += 1) {
          const page = await askFeed(context, cursor);
          if (page.ids.length > 0) assert.equal(page.cursor, cursor, `ids came with a cursor that had moved`);
          cursor = page.cursor;
        }
      },
    ],
    [
      "feed-cursor-repeated",
      "A cursor that is used again answers what it answered before, and what happened since.",
      async (context) => {
        const places = await createDefects(context, 4);
        const first = await askFeed(context, null, 2);
        const after = (await drainFeed(context, first.cursor)).ids;
        const again = (await drainFeed(context, first.cursor)).ids;
        const missing = after.filter((id) => !again.includes(id));
        assert.deepEqual(missing, [], "the process may have died before it had kept the next cursor");
        const told = new Set([...first.ids, ...again]);
        assert.deepEqual(
          places.filter(({ defectId }) => !told.has(defectId)),
          [],
        );
      },
    ],
    [
      "feed-cursors-apart",
      "Cursors do not know of each other: every source asks with its own.",
      async (context) => {
        const places = await createDefects(context, 6);
        let [one, two]: (string | null)[] = [null, null];
        const [seenByOne, seenByTwo] = [new Set<string>(), new Set<string>()];
        for (let time = 0; time < 12; time += 1) {
          const page = await askFeed(context, one ?? null, 1);
          one = page.cursor;
          for (const id of page.ids) seenByOne.add(id);
          if (time % 2 === 0) continue;
          const other = await askFeed(context, two ?? null, 3);
          two = other.cursor;
          for (const id of other.ids) seenByTwo.add(id);
        }
        for (const { defectId } of places) {
          assert.ok(seenByOne.has(defectId), `${defectId} was not told to the first`);
          assert.ok(seenByTwo.has(defectId), `${defectId} was not told to the second`);
        }
      },
    ],
  ],
);
