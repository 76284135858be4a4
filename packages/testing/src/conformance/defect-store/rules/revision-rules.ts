import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { addComment, apply, createDefect, type DefectStoreContext, readOk } from "../context.ts";
import { defineRules } from "./define-rules.ts";

export const revisionRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectSnapshot.revision",
  [],
  [
    [
      "revision-moves",
      "Every edit of a field by people of the host moves the revision.",
      async (context) => {
        const place = await createDefect(context);
        const revisions = new Set([(await readOk(context, place)).revision]);
        const edits = [
          { title: "Total is off" },
          { description: "By one" },
          { status: context.statuses[1] },
          { priority: context.priorities[1] },
          { priority: null },
        ];
        for (const edit of edits) {
          await context.host.editDefect(place, edit);
          const snapshot = await readOk(context, place);
          const seen = Object.fromEntries(Object.keys(edit).map((field) => [field, Reflect.get(snapshot, field)]));
          assert.deepEqual(seen, edit);
          assert.ok(!revisions.has(snapshot.revision), `the revision of ${JSON.stringify(edit)} was there before`);
          revisions.add(snapshot.revision);
        }
      },
    ],
    [
      "revision-never-back",
      "A defect that is put back to what it was has a revision that it never had.",
      async (context) => {
        const place = await createDefect(context, { title: "First" });
        const first = await readOk(context, place);
        await context.host.editDefect(place, { title: "Second" });
        await context.host.editDefect(place, { title: "First" });
        const back = await readOk(context, place);
        assert.equal(back.title, "First");
        assert.notEqual(back.revision, first.revision);
        assert.equal((await apply(context, place, { set: { title: "Theirs" } }, first.revision)).status, "stale");
      },
    ],
    [
      "revision-stands",
      "The revision stands still while nobody changes the defect, whatever happens to others.",
      async (context) => {
        const [place, other] = [await createDefect(context), await createDefect(context)];
        const { revision } = await readOk(context, place);
        await context.host.editDefect(other, { title: "Another one" });
        if (context.host.comments !== undefined) await addComment(context, other, "To the other one");
        await context.store.readComments({ tenantId: place.tenantId }, [place.defectId]);
        assert.equal((await readOk(context, place)).revision, revision);
      },
    ],
    [
      "revision-comments",
      "Whatever people of the host do with a comment moves the revision of its defect.",
      async (context) => {
        const place = await createDefect(context);
        const revisions = [(await readOk(context, place)).revision];
        const seen = async () => revisions.push((await readOk(context, place)).revision);
        const commentId = await addComment(context, place, "Seen twice");
        await seen();
        await context.host.comments?.edit(place, commentId, "Seen three times");
        await seen();
        if (context.host.comments?.delete !== undefined) {
          await context.host.comments.delete(place, commentId);
          await seen();
        }
        assert.equal(new Set(revisions).size, revisions.length, `revisions were ${revisions.join(", ")}`);
      },
      ["comments"],
    ],
  ],
);
