import assert from "node:assert/strict";
import type { SyncField } from "@backref/core";
import type { Rule } from "../../rule.ts";
import {
  additionOf,
  apply,
  applyOk,
  commentOk,
  commentsOf,
  createDefect,
  type DefectStoreContext,
  readOk,
} from "../context.ts";
import { defineRules } from "./define-rules.ts";

/** What people write into trackers. NUL and halves of surrogate pairs never come. */
const oddTexts = [
  "Straße, Łódź, 日本語, العربية",
  "\u{1F41E} \u{1F469}\u200D\u{1F4BB} \u{10FFFF}",
  "a\u0308 is not ä",
  "'; DROP TABLE bug; -- \\' \" $1 %s %",
  '\\u0000 \\x00 \\n {"a": [1]} {{x}}',
  "<script>alert(1)</script> &amp; &lt;",
  "no-break\u00A0space, zero\u200Bwidth, \uFEFF inside, \uFFFD",
  "null",
  "{}",
  "[]",
  "0",
  "false",
] as const;

function shown(value: string | null): string {
  if (value === null || value.length < 100) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, 20))}… (${value.length} characters)`;
}

/** A field that is applied reads back as given; one that is not must have been refused by name. */
async function keepsOrRefuses(context: DefectStoreContext, field: SyncField, value: string | null): Promise<void> {
  const place = await createDefect(context);
  const before = (await readOk(context, place))[field] ?? null;
  const outcome = await apply(context, place, { set: { [field]: value } });
  if (outcome.status === "refused") assert.equal(outcome.field, field);
  else assert.equal(outcome.status, "applied", JSON.stringify(outcome));
  const after = (await readOk(context, place))[field] ?? null;
  const expected = outcome.status === "applied" ? value : before;
  assert.ok(
    after === expected,
    `${field} was ${outcome.status}, and reads back ${shown(after)} instead of ${shown(expected)}`,
  );
}

export const valueRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectSnapshot",
  [],
  [
    [
      "text-exact",
      "Texts read back as they were applied, whatever characters they have.",
      async (context) => {
        const place = await createDefect(context);
        for (const text of oddTexts) {
          const set = { title: text, description: `${text}\n\n\tIndented\n* ${text}` };
          await applyOk(context, place, { set });
          const { title, description } = await readOk(context, place);
          assert.deepEqual({ title, description }, set);
        }
      },
    ],
    [
      "text-exact-comments",
      "Comments and the names of their authors read back as they were applied.",
      async (context) => {
        const place = await createDefect(context);
        const comments = oddTexts.map((text, index) => ({ ...additionOf(index + 1, text), authorName: text }));
        const { commentIds } = await applyOk(context, place, { comments });
        for (const { key, body } of comments) {
          const comment = await commentOk(context, place, commentIds[key]);
          assert.deepEqual({ body: comment.body, authorName: comment.authorName }, { body, authorName: body });
        }
      },
      ["comments"],
    ],
    [
      "text-long",
      "A long text is kept whole or refused, never cut: the cut would go out as an edit.",
      async (context) => {
        await keepsOrRefuses(context, "title", "Long title ".repeat(100).trim());
        await keepsOrRefuses(context, "description", "A line of a log.\n".repeat(4_000).trim());
      },
    ],
    [
      "text-long-comment",
      "A long comment is kept whole or refused, never cut.",
      async (context) => {
        const place = await createDefect(context);
        const body = "A line of a log.\n".repeat(4_000).trim();
        const outcome = await apply(context, place, { comments: [additionOf(1, body)] });
        if (outcome.status === "refused") assert.equal(outcome.field, "comments");
        else assert.equal(outcome.status, "applied");
        const bodies = (await commentsOf(context, place)).map((comment) => comment.body);
        assert.deepEqual(bodies, outcome.status === "applied" ? [body] : []);
      },
      ["comments"],
    ],
    [
      "text-empty",
      "An empty description is kept, and an empty title is kept or refused.",
      async (context) => {
        const place = await createDefect(context);
        await applyOk(context, place, { set: { description: "" } });
        assert.equal((await readOk(context, place)).description, "");
        await keepsOrRefuses(context, "title", "");
      },
    ],
    [
      "no-priority",
      "Null takes the priority away or is refused; the status can be moved all the same.",
      async (context) => {
        await keepsOrRefuses(context, "priority", null);
        for (const status of context.statuses) await keepsOrRefuses(context, "status", status);
      },
    ],
  ],
);
