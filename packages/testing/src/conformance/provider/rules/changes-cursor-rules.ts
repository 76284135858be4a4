import assert from "node:assert/strict";
import type { ProviderCall } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open } from "../actions.ts";
import { able, nextVersion, type ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { lastRow, poll, pollPage } from "../polling.ts";

const dayMs = 86_400_000;

/** A call of a host whose clock is wrong. */
function skewedCall(context: ProviderContext, skewMs: number): ProviderCall {
  const call = context.call();
  const clock = { now: () => call.clock.now() + skewMs, monotonic: () => call.clock.monotonic() };
  return { ...call, clock };
}

export const changesCursorRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/changes.ts, ChangesPage.cursor",
  { groups: ["changes"] },
  [
    [
      "changes-idle",
      "The cursor stays the same while nothing changes, however much time passes.",
      async (context) => {
        const item = await open(context);
        await open(context);
        if (context.provider.comments !== undefined) await able(context, "comment")(item, "Seen.");
        await nextVersion(context);
        const { cursor } = await poll(context, { cursor: null });
        // A real tracker's clock moves by itself, only not as far.
        for (const durationMs of context.tracker.advance === undefined ? [0, 1_000] : [0, 1_000, 3_600_000, dayMs]) {
          await context.pass(durationMs);
          const page = await pollPage(context, { cursor });
          assert.equal(page.cursor, cursor, `the cursor after ${durationMs} ms without a change`);
          assert.equal(page.more, false, "more pages wait, although nothing changed");
        }
      },
    ],
    [
      "changes-idle-empty",
      "Where there is nothing at all, the cursor comes to rest as well.",
      async (context) => {
        const first = await poll(context, { cursor: null, startAt: context.tracker.now() });
        await context.pass(1_000);
        assert.equal((await poll(context, { cursor: first.cursor })).cursor, first.cursor, "the cursor");
      },
    ],
    [
      "changes-repeatable",
      "A page can be asked for again: until its cursor is stored, nothing is used up.",
      async (context) => {
        const item = await open(context);
        const { cursor } = await poll(context, { cursor: null });
        await nextVersion(context);
        await context.tracker.editIssue(item, { title: "Changed" });
        await nextVersion(context);
        for (const attempt of ["once", "twice"]) {
          const row = lastRow(await poll(context, { cursor }), item);
          assert.equal(row.title, "Changed", `the change, asked for ${attempt}`);
        }
      },
    ],
    [
      "changes-other-credential",
      "A cursor stays good when the credential changes.",
      async (context) => {
        const item = await open(context);
        await nextVersion(context);
        const { cursor } = await poll(context, { cursor: null });
        const call = context.call({ credentialId: "credential-2" });
        await context.tracker.editIssue(item, { title: "Changed" });
        await nextVersion(context);
        assert.equal(lastRow(await poll(context, { cursor, call }), item).title, "Changed");
      },
    ],
    [
      "changes-tracker-clock",
      "Only the tracker's clock counts: with a host whose clock is a day off, nothing is lost.",
      async (context) => {
        for (const skewMs of [dayMs, -dayMs]) {
          const call = skewedCall(context, skewMs);
          const item = await open(context);
          const { cursor } = await poll(context, { cursor: null, call });
          await nextVersion(context);
          await context.tracker.editIssue(item, { title: "Changed" });
          await nextVersion(context);
          const row = lastRow(await poll(context, { cursor, call }), item);
          assert.equal(row.title, "Changed", `the change, with a clock off by ${skewMs} ms`);
        }
      },
    ],
    [
      "changes-failure",
      "A poll that fails uses nothing up: asked again with the same cursor, the change appears.",
      async (context) => {
        const item = await open(context);
        const { cursor } = await poll(context, { cursor: null });
        await nextVersion(context);
        await context.tracker.editIssue(item, { title: "Changed" });
        await nextVersion(context);
        context.tracker.failNext("lost-after", "any");
        await failureOf(context, "changes.list, its answer lost", () => poll(context, { cursor }), "retry");
        assert.equal(lastRow(await poll(context, { cursor }), item).title, "Changed");
      },
    ],
  ],
);
