import assert from "node:assert/strict";
import type { IssueAddress, UpdateIssueResult } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open, readAddress, truthOf } from "../actions.ts";
import { able, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf, withoutLabels } from "../define-rules.ts";
import { assertSameLabels, assertTruth } from "../truth.ts";

function updateLabels(
  context: ProviderContext,
  issue: IssueAddress,
  add: readonly string[],
  remove: readonly string[],
): Promise<UpdateIssueResult> {
  const patch = { labels: { add, remove } };
  return groupOf(context, "update").update(context.call(), { issue, patch, ifVersion: null });
}

export const updateLabelRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/update.ts, IssuePatch.labels",
  { groups: ["update"], unless: withoutLabels },
  [
    [
      "update-labels",
      "Labels are added and removed, and the answer is what the tracker has.",
      async (context) => {
        const item = await open(context, { labels: ["priority:low", "priority:high", "bug"] });
        await able(context, "removeLabel")(item, "priority:high");
        await settle(context);
        const address = await readAddress(context, item);
        const { issue, warnings } = await updateLabels(context, address, ["priority:high"], ["priority:low"]);
        const truth = await truthOf(context, item);
        assertSameLabels(truth.labels, ["bug", "priority:high"], "the issue at the tracker");
        assertTruth(issue, truth, "the answer");
        assert.deepEqual(warnings, [], "warnings");
      },
    ],
    [
      "update-labels-of-others",
      "Labels that the patch does not name stay, also those set since the last read.",
      async (context) => {
        const item = await open(context, { labels: ["bug", "priority:low", "priority:high"] });
        await able(context, "removeLabel")(item, "priority:high");
        await settle(context);
        const address = await readAddress(context, item);
        await able(context, "addLabel")(item, "set-meanwhile");
        await settle(context);
        await updateLabels(context, address, ["priority:high"], ["priority:low"]);
        const expected = ["bug", "priority:high", "set-meanwhile"];
        assertSameLabels((await truthOf(context, item)).labels, expected, "the issue at the tracker");
      },
    ],
    [
      "update-labels-again",
      "Adding what is there and removing what is not changes nothing and is no error.",
      async (context) => {
        const item = await open(context, { labels: ["bug", "gone-by-now"] });
        await able(context, "removeLabel")(item, "gone-by-now");
        await settle(context);
        const address = await readAddress(context, item);
        const { warnings } = await updateLabels(context, address, ["bug"], ["gone-by-now", "never-there"]);
        assertSameLabels((await truthOf(context, item)).labels, ["bug"], "the issue at the tracker");
        assert.deepEqual(warnings, [], "warnings");
      },
    ],
    [
      "update-labels-refused",
      "Where the account may not set labels, a warning says so, and the answer is what the tracker has.",
      async (context) => {
        const item = await open(context, { labels: ["bug", "priority:high"] });
        await able(context, "removeLabel")(item, "priority:high");
        await able(context, "refuseLabels")();
        await settle(context);
        const address = await readAddress(context, item);
        const { issue, warnings } = await updateLabels(context, address, ["priority:high"], []);
        assertTruth(issue, await truthOf(context, item), "the answer");
        assertSameLabels(issue.labels, ["bug"], "the answer");
        const isTold = warnings.some(({ field, message }) => field === "labels" && message.trim() !== "");
        assert.ok(isTold, `no warning concerns labels: ${JSON.stringify(warnings)}`);
      },
    ],
  ],
);
