import assert from "node:assert/strict";
import { type CreateIssueResult, ProviderError, type UpdateIssueResult } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { create, open, readAddress, readLive, sampleToken, truthOf, unreadAddress } from "../actions.ts";
import { able, given, nextVersion, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { lastRow, poll } from "../polling.ts";

const unknownPriority = "no-such-priority";

/** Two values, and none where an issue can be without. */
function settable(context: ProviderContext): readonly (string | null)[] {
  return [...given(context, "priorities"), ...(context.capabilities.priorityAlwaysSet ? [] : [null])];
}

/** What the tracker itself says that the priority is. */
async function priorityOf(context: ProviderContext, item: string): Promise<string | null> {
  const { priority } = await truthOf(context, item);
  assert.ok(priority !== undefined, "the tracker's driver tells no `priority`, although the provider declares a field");
  return priority;
}

/** Somebody sets the priority at the tracker. */
async function setPriority(context: ProviderContext, item: string, priority: string | null): Promise<void> {
  await able(context, "setPriority")(item, priority);
  await nextVersion(context);
}

async function update(
  context: ProviderContext,
  item: string,
  patch: { readonly priority?: string | null; readonly title?: string },
): Promise<UpdateIssueResult> {
  const issue = await readAddress(context, item);
  return groupOf(context, "update").update(context.call(), { issue, patch, ifVersion: null });
}

function assertWarned({ issue, warnings }: CreateIssueResult | UpdateIssueResult, kept: string | null): void {
  assert.equal(issue.priority, kept, "priority in the answer");
  assert.ok(
    warnings.some(({ field }) => field === "priority"),
    `no warning tells that the priority was not taken: ${JSON.stringify(warnings)}`,
  );
}

/** The answer to a write with an unknown value; null where it was refused as a whole. */
async function answerOrRefusal<Answer>(attempt: Promise<Answer>): Promise<Answer | null> {
  try {
    return await attempt;
  } catch (error) {
    if (ProviderError.isInstance(error) && error.failure === "permanent") return null;
    throw error;
  }
}

export const priorityRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/capabilities.ts, ProviderCapabilities.priority",
  {},
  [
    [
      "priority-read",
      "A read tells the priority that somebody has set, and null once it was taken away, where that can be.",
      async (context) => {
        const item = await open(context);
        for (const priority of settable(context)) {
          await setPriority(context, item, priority);
          assert.equal(await priorityOf(context, item), priority, "priority at the tracker");
          const issue = await readLive(context, unreadAddress(context, item));
          assert.equal(issue.priority, priority, "priority in the snapshot");
        }
      },
      { groups: ["read"], unless: withoutField },
    ],
    [
      "priority-changes",
      "A change of the priority appears among the changes, with the priority in its row.",
      async (context) => {
        const [priority] = given(context, "priorities");
        const item = await open(context);
        const { cursor } = await poll(context, { cursor: null });
        await nextVersion(context);
        await setPriority(context, item, priority);
        assert.equal(lastRow(await poll(context, { cursor }), item).priority, priority, "priority in the row");
      },
      { groups: ["changes"], unless: withoutField },
    ],
    [
      "priority-webhook",
      "Deliveries that carry the whole issue carry its priority.",
      async (context) => {
        const [priority] = given(context, "priorities");
        const item = await open(context);
        const deliveries = await able(context, "webhooks").capture(() => able(context, "setPriority")(item, priority));
        const hints = deliveries.flatMap((delivery) => groupOf(context, "webhooks").read(delivery).hints);
        const told = hints.findLast(({ issue }) => issue?.item === item);
        assert.ok(told !== undefined, "no hint carries the issue");
        assert.equal(told.issue?.priority, priority, "priority in the hint's snapshot");
      },
      {
        groups: ["webhooks"],
        unless: (context) =>
          withoutField(context) ??
          (context.capabilities.webhookPayload === "full" ? null : "the provider declares no full `webhookPayload`"),
      },
    ],
    [
      "priority-create",
      "A new issue has the priority that was asked for, and none where none was and that can be.",
      async (context) => {
        for (const [index, priority] of settable(context).entries()) {
          // The same token would mean the same issue.
          const { issue, warnings } = await create(context, { priority, token: `${sampleToken}-${index}` });
          assert.equal(await priorityOf(context, issue.item), priority, "priority at the tracker");
          assert.equal(issue.priority, priority, "priority in the answer");
          assert.deepEqual(warnings, [], "warnings");
        }
      },
      { groups: ["create"], unless: withoutField },
    ],
    [
      "priority-create-unknown",
      "A value that the field does not have is never dropped in silence: it is warned of, or nothing is created.",
      async (context) => {
        const result = await answerOrRefusal(create(context, { priority: unknownPriority }));
        const items = await context.tracker.listIssues();
        if (result === null) return assert.deepEqual(items, [], "issues after the refusal");
        const kept = await priorityOf(context, result.issue.item);
        if (!context.capabilities.priorityAlwaysSet) assert.equal(kept, null, "priority at the tracker");
        assertWarned(result, kept);
      },
      { groups: ["create"], unless: withoutField },
    ],
    [
      "priority-update",
      "An update sets the priority, sets another, takes it away or warns that this cannot be, and leaves it where it is not in the patch.",
      async (context) => {
        const [first, second] = given(context, "priorities");
        const item = await open(context);
        const steps = [
          [{ priority: first }, first],
          [{ priority: second, title: "Menu hides the text" }, second],
          [{ title: "Menu covers the text" }, second],
          [{ priority: null }, null],
        ] as const;
        for (const [patch, expected] of steps) {
          if (expected === null && context.capabilities.priorityAlwaysSet) continue;
          const { issue, warnings } = await update(context, item, patch);
          const what = `after ${JSON.stringify(patch)}`;
          assert.equal(await priorityOf(context, item), expected, `priority at the tracker ${what}`);
          assert.equal(issue.priority, expected, `priority in the answer ${what}`);
          assert.deepEqual(warnings, [], `warnings ${what}`);
        }
        if (!context.capabilities.priorityAlwaysSet) return;
        assertWarned(await update(context, item, { priority: null }), second);
        assert.equal(await priorityOf(context, item), second, "priority at the tracker, where it cannot be taken away");
      },
      { groups: ["update"], unless: withoutField },
    ],
    [
      "priority-update-unknown",
      "A value that the field does not have is warned of or refused, and the priority stays.",
      async (context) => {
        const [priority] = given(context, "priorities");
        const item = await open(context);
        await setPriority(context, item, priority);
        const result = await answerOrRefusal(update(context, item, { priority: unknownPriority }));
        assert.equal(await priorityOf(context, item), priority, "priority at the tracker");
        if (result !== null) assertWarned(result, priority);
      },
      { groups: ["update"], unless: withoutField },
    ],
  ],
);

function withoutField({ capabilities }: ProviderContext): string | null {
  return capabilities.priority === "field" ? null : "the provider declares no priority field";
}
