import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import {
  addComment,
  additionOf,
  apply,
  commentsOf,
  createDefect,
  type DefectStoreContext,
  readOk,
  wholeOf,
} from "../context.ts";
import { drainFeed } from "../feed.ts";
import { defineRules } from "./define-rules.ts";

/** A defect of the first tenant, and the same id as somebody of the second asks for it. */
async function placesOf(context: DefectStoreContext) {
  const place = await createDefect(context);
  return { place, foreign: { tenantId: context.otherTenantId ?? "", defectId: place.defectId } };
}

export const tenantRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore",
  ["second tenant"],
  [
    [
      "tenant-read",
      "Defects and comments of another tenant do not exist.",
      async (context) => {
        const { place, foreign } = await placesOf(context);
        if (context.host.comments !== undefined) await addComment(context, place, "Ours");
        const own = await createDefect(context, { title: "Of the other tenant" }, foreign.tenantId);
        const scope = { tenantId: foreign.tenantId };
        const ids = [place.defectId, ...(own.defectId === place.defectId ? [] : [own.defectId])];
        const found = await context.store.read(scope, ids);
        assert.deepEqual(
          found.map(({ title }) => title),
          ["Of the other tenant"],
        );
        assert.deepEqual(await commentsOf(context, foreign), []);
      },
    ],
    [
      "tenant-apply",
      "A change under another tenant finds no defect, and changes none.",
      async (context) => {
        const place = await createDefect(context);
        // A new tenant's first defect may have the same id.
        const foreign = { tenantId: context.otherTenantId ?? "", defectId: place.defectId };
        const { revision } = await readOk(context, place);
        const before = await wholeOf(context, place);
        const comments = context.host.comments === undefined ? [] : [additionOf(1, "Theirs")];
        const outcome = await apply(context, foreign, { set: { title: "Theirs" }, comments }, revision);
        assert.deepEqual(outcome, { status: "gone" });
        assert.deepEqual(await wholeOf(context, place), before);
      },
    ],
    [
      "tenant-comments",
      "A change does not reach comments of another tenant, though it knows their ids.",
      async (context) => {
        const { place, foreign } = await placesOf(context);
        const commentId = await addComment(context, place, "Ours");
        const own = await createDefect(context, {}, foreign.tenantId);
        const before = await wholeOf(context, place);
        const comments = [
          { kind: "edit", commentId, body: "Taken over" },
          { kind: "delete", commentId },
        ] as const;
        await apply(context, own, { comments });
        assert.deepEqual(await wholeOf(context, place), before);
      },
      ["comments"],
    ],
    [
      "tenant-feed",
      "The feed of a tenant tells its own defects only.",
      async (context) => {
        const first = await createDefect(context);
        const tenantId = context.otherTenantId ?? "";
        const start = await drainFeed(context, null, 500, tenantId);
        assert.deepEqual(start.ids, []);
        await context.host.editDefect(first, { title: "Edited" });
        assert.deepEqual((await drainFeed(context, start.cursor, 500, tenantId)).ids, []);
        const second = await createDefect(context, {}, tenantId);
        const { ids } = await drainFeed(context, start.cursor, 500, tenantId);
        assert.deepEqual([...new Set(ids)], [second.defectId]);
      },
      ["changesSince"],
    ],
  ],
);
