import assert from "node:assert/strict";
import type { IssueAddress, IssuePatch, StateTarget, UpdateIssueResult } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { addressOf, open, readAddress, readLive, truthOf, unreadAddress } from "../actions.ts";
import { nextVersion, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { missingIssue } from "../operations.ts";
import { assertTruth } from "../truth.ts";

async function update(
  context: ProviderContext,
  issue: IssueAddress,
  patch: IssuePatch,
  ifVersion: number | null = null,
): Promise<UpdateIssueResult> {
  const result = await groupOf(context, "update").update(context.call(), { issue, patch, ifVersion });
  assert.ok(result?.issue && Array.isArray(result.warnings), "update answers with { issue, warnings }");
  return result;
}

/** Applies a patch and asserts that the answer is what the tracker has. */
async function updateTruly(context: ProviderContext, issue: IssueAddress, patch: IssuePatch): Promise<void> {
  const { issue: answer, warnings } = await update(context, issue, patch);
  assertTruth(answer, await truthOf(context, issue.item), `the answer to ${JSON.stringify(patch)}`);
  assert.deepEqual(warnings, [], `warnings of ${JSON.stringify(patch)}`);
}

function withoutCompareAndSet({ provider, capabilities }: ProviderContext): string | null {
  if (!capabilities.compareAndSet) return "the provider declares no `compareAndSet`";
  return provider.read === undefined ? "the provider has no group `read`" : null;
}

export const updateRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/update.ts, UpdateGroup.update",
  { groups: ["update"] },
  [
    [
      "update-fields",
      "Title and body are written, also an empty body, and the answer is what the tracker has.",
      async (context) => {
        const item = await open(context);
        const address = await readAddress(context, item);
        await updateTruly(context, address, { title: "Menu & text <overlap> 🎉" });
        assert.equal((await truthOf(context, item)).title, "Menu & text <overlap> 🎉");
        await updateTruly(context, address, { body: "Now on **all** screens.", title: "Menu overlaps" });
        assert.equal((await truthOf(context, item)).body.trimEnd(), "Now on **all** screens.");
        await updateTruly(context, address, { body: "" });
        assert.equal((await truthOf(context, item)).body, "");
      },
    ],
    [
      "update-smallest",
      "What is not in the patch is left as it is, also what somebody changed since the last read.",
      async (context) => {
        const item = await open(context);
        const address = await readAddress(context, item);
        await context.tracker.editIssue(item, { body: "Rewritten by a person." });
        await context.tracker.closeIssue(item);
        await settle(context);
        await updateTruly(context, address, { title: "Menu covers the text" });
        const truth = await truthOf(context, item);
        assert.equal(truth.title, "Menu covers the text");
        assert.equal(truth.body.trimEnd(), "Rewritten by a person.", "the person's body");
        assert.equal(truth.state, "closed", "the person's state");
        await context.tracker.editIssue(item, { title: "Named by a person" });
        await settle(context);
        await updateTruly(context, address, { body: "Rewritten by us." });
        assert.equal((await truthOf(context, item)).title, "Named by a person", "the person's title");
      },
    ],
    [
      "update-state",
      "Every declared state category can be set, back and forth, also where the issue is in it already.",
      async (context) => {
        const item = await open(context);
        const address = await readAddress(context, item);
        const { stateCategories } = context.capabilities;
        for (const category of ["closed", "closed", "open", ...stateCategories, "open", "open"] as const) {
          const state: StateTarget = { category };
          const { issue } = await update(context, address, { state });
          assert.equal(issue.state.category, category, "state category of the answer");
          assertTruth(issue, await truthOf(context, item), `the answer to state ${category}`);
        }
      },
    ],
    [
      "update-state-active",
      "A tracker that cannot tell `active` from `open` takes it for `open`.",
      async (context) => {
        const item = await open(context);
        const address = await readAddress(context, item);
        await updateTruly(context, address, { state: { category: "active" } });
        await update(context, address, { state: { category: "closed" } });
        const { issue } = await update(context, address, { state: { category: "active" } });
        assert.equal(issue.state.category, "open", "a closed issue that becomes active");
      },
      {
        unless: ({ capabilities }) =>
          capabilities.stateCategories.includes("active") ? "the provider tells `active` apart" : null,
      },
    ],
    [
      "update-version",
      "The answer's version is beyond that of the last read, and is what the next read tells.",
      async (context) => {
        const before = await readLive(context, unreadAddress(context, await open(context)));
        await nextVersion(context);
        const { issue } = await update(context, addressOf(before), { title: "Menu overlaps twice" });
        assert.ok(issue.version > before.version, `version went from ${before.version} to ${issue.version}`);
        assert.equal(issue.remoteId, before.remoteId, "remote id");
        await settle(context);
        assert.equal((await readLive(context, addressOf(issue))).version, issue.version, "version of the next read");
      },
      { groups: ["read"] },
    ],
    [
      "update-gone",
      "An issue that does not exist is `gone`.",
      async (context) => {
        const attempt = () => update(context, missingIssue(context), { title: "Too late" });
        await failureOf(context, "update of an issue that does not exist", attempt, "gone");
      },
    ],
    [
      "update-compare-and-set",
      "Where `compareAndSet` is declared, a write over an unseen change fails as `gone` with status 412 and changes nothing.",
      async (context) => {
        const item = await open(context);
        const before = await readLive(context, unreadAddress(context, item));
        await context.tracker.editIssue(item, { body: "Changed by a person." });
        await nextVersion(context);
        const attempt = () => update(context, addressOf(before), { title: "Over it" }, before.version);
        const error = await failureOf(context, "update over an unseen change", attempt, "gone");
        assert.equal(error.status, 412, "status");
        assert.equal((await truthOf(context, item)).title, before.title, "the title");
        const seen = await readLive(context, addressOf(before));
        await update(context, addressOf(seen), { title: "After it" }, seen.version);
        assert.equal((await truthOf(context, item)).title, "After it");
      },
      { unless: withoutCompareAndSet },
    ],
  ],
);
