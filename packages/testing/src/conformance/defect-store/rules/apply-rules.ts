import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { applyOk, createDefect, type DefectStoreContext, readOk } from "../context.ts";
import { defineRules } from "./define-rules.ts";

export const applyRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.apply",
  [],
  [
    [
      "apply-fields",
      "A change sets the fields it names, and answers with the revision that the defect has from then on.",
      async (context) => {
        const place = await createDefect(context);
        const before = await readOk(context, place);
        const [, status] = context.statuses;
        const [, priority] = context.priorities;
        const set = { title: "Total is off by one", description: "See *log*", status, priority };
        const outcome = await applyOk(context, place, { set });
        const after = await readOk(context, place);
        const { title, description } = after;
        assert.deepEqual({ title, description, status: after.status, priority: after.priority }, set);
        assert.notEqual(outcome.revision, before.revision, "the revision moves");
        assert.equal(outcome.revision, after.revision, "the answer is the revision that is read next");
        assert.deepEqual(outcome.commentIds, {});
      },
    ],
    [
      "apply-only-named",
      "Fields that a change does not name stay as they are, one by one.",
      async (context) => {
        const place = await createDefect(context);
        const changes = [
          { title: "New title" },
          { description: "New description" },
          { status: context.statuses[1] },
          { priority: context.priorities[1] },
        ];
        for (const set of changes) {
          const { revision: _old, changedAt: _oldAt, changedBy: _oldBy, ...before } = await readOk(context, place);
          await applyOk(context, place, { set });
          const { revision: _new, changedAt: _newAt, changedBy: _newBy, ...after } = await readOk(context, place);
          assert.deepEqual(after, { ...before, ...set });
        }
      },
    ],
    [
      "apply-same-value",
      "A change to what a field says already is applied like any other.",
      async (context) => {
        const place = await createDefect(context);
        const { title } = await readOk(context, place);
        const { revision } = await applyOk(context, place, { set: { title } });
        assert.equal((await readOk(context, place)).revision, revision);
      },
    ],
    [
      "apply-after-apply",
      "The revision that an apply answers is good for the next one.",
      async (context) => {
        const place = await createDefect(context);
        const revisions = [(await readOk(context, place)).revision];
        for (const number of [1, 2, 3]) {
          revisions.push((await applyOk(context, place, { set: { title: `Title ${number}` } })).revision);
        }
        assert.equal(new Set(revisions).size, revisions.length);
        assert.equal((await readOk(context, place)).title, "Title 3");
      },
    ],
    [
      "apply-others-untouched",
      "A change reaches its own defect only.",
      async (context) => {
        const [place, other] = [await createDefect(context), await createDefect(context)];
        const before = await readOk(context, other);
        await applyOk(context, place, { set: { title: "Changed" } });
        assert.deepEqual(await readOk(context, other), before);
      },
    ],
    [
      "apply-stamps",
      "Where the store tells when and by whom a field was changed: apply names its link, people name none.",
      async (context) => {
        const place = await createDefect(context);
        await applyOk(context, place, { set: { title: "Theirs" } });
        const { changedAt, changedBy } = await readOk(context, place);
        const linkId = "0199a1b2-0000-7000-8000-00000000000a";
        if (changedBy !== undefined) assert.equal(changedBy.title, linkId);
        if (changedAt !== undefined) assert.ok(Number.isFinite(changedAt.title), "changedAt.title is a time");
        await context.host.editDefect(place, { title: "Ours" });
        assert.equal((await readOk(context, place)).changedBy?.title, undefined);
      },
    ],
  ],
);
