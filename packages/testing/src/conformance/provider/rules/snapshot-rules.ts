import assert from "node:assert/strict";
import type { IssueSnapshot, RemotePerson } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { addressOf, open, readLive, truthOf, unreadAddress } from "../actions.ts";
import { able, nextVersion, type ProviderContext } from "../context.ts";
import { defineRules, withoutLabels } from "../define-rules.ts";
import { assertTruth } from "../truth.ts";

/** Trackers cut times to seconds. */
const oneSecondMs = 1_000;

function assertText(value: unknown, what: string): void {
  assert.ok(typeof value === "string" && value !== "", `${what} is ${JSON.stringify(value)}, expected a text`);
}

function assertPerson(person: RemotePerson, what: string): void {
  assertText(person.id, `${what}.id`);
  assertText(person.displayName, `${what}.displayName`);
  assert.ok(person.login === null || person.login !== "", `${what}.login is empty`);
}

function assertTime(time: number, context: ProviderContext, what: string): void {
  const age = context.tracker.now() - time;
  assert.ok(age >= 0 && age < 3_600_000, `${what} is ${time}, expected milliseconds since 1970 UTC of just now`);
}

function assertComplete(issue: IssueSnapshot, context: ProviderContext): void {
  for (const field of ["remoteId", "container", "item", "title"] as const) assertText(issue[field], field);
  assert.equal(issue.container, context.container, "container");
  assert.equal(typeof issue.body, "string", "body");
  assertText(issue.state.id, "state.id");
  assertText(issue.state.name, "state.name");
  assert.ok(issue.state.reason === null || issue.state.reason !== "", "state.reason");
  const { stateCategories } = context.capabilities;
  assert.ok(stateCategories.includes(issue.state.category), `state category "${issue.state.category}" is not declared`);
  for (const label of issue.labels) assertText(label, "each label");
  assert.ok(issue.type === null || issue.type !== "", "type");
  assert.ok(issue.priority === null || context.capabilities.priority === "field", "a priority, where none is declared");
  assert.ok(issue.author !== null, "the author is null");
  assertPerson(issue.author, "author");
  for (const assignee of issue.assignees) assertPerson(assignee, "assignee");
  assertTime(issue.createdAt, context, "createdAt");
  assertTime(issue.updatedAt, context, "updatedAt");
  assert.ok(issue.updatedAt >= issue.createdAt, "updatedAt is before createdAt");
  assert.ok(Number.isFinite(issue.version), `version is ${issue.version}`);
  const raw = JSON.stringify(issue.raw);
  assert.deepEqual(JSON.parse(raw), issue.raw, "raw survives JSON");
  assert.ok(Buffer.byteLength(raw) <= 8_192, `raw takes ${Buffer.byteLength(raw)} bytes, 8 KB are allowed`);
}

export const snapshotRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/domain/issue-snapshot.ts, IssueSnapshot",
  { groups: ["read"] },
  [
    [
      "snapshot-complete",
      "A snapshot has every field, in the form that the contract gives it.",
      async (context) => {
        await context.pass(2 * oneSecondMs);
        const item = await open(context);
        const issue = await readLive(context, unreadAddress(context, item));
        assertComplete(issue, context);
        assertTruth(issue, await truthOf(context, item), "the snapshot");
      },
    ],
    [
      "snapshot-empty-body",
      "An issue without a description has the empty string for a body.",
      async (context) => {
        const item = await open(context, { body: "" });
        assert.equal((await readLive(context, unreadAddress(context, item))).body, "");
      },
    ],
    [
      "snapshot-text",
      "Markdown and unusual characters arrive as they are.",
      async (context) => {
        const title = "Ünïcode & <b>tags</b> “quoted” 🎉";
        const item = await open(context, { title, body: "# Head\n\n- one\n- two\n\n`a < b && c`\n\nEnde 🎉" });
        const issue = await readLive(context, unreadAddress(context, item));
        assertTruth(issue, await truthOf(context, item), "the snapshot");
        assert.equal(issue.title, title);
      },
    ],
    [
      "snapshot-state",
      "A closed issue is closed in the snapshot, and nothing else about it changes.",
      async (context) => {
        const item = await open(context);
        const before = await readLive(context, unreadAddress(context, item));
        assert.notEqual(before.state.category, "closed", "state of a new issue");
        await context.tracker.closeIssue(item);
        await nextVersion(context);
        const after = await readLive(context, addressOf(before));
        assert.equal(after.state.category, "closed");
        assert.notEqual(after.state.id, before.state.id, "the state's id");
        assertTruth(after, await truthOf(context, item), "the snapshot");
      },
    ],
    [
      "snapshot-labels",
      "Labels are read, also those that came later.",
      async (context) => {
        const item = await open(context, { labels: ["bug", "needs: triage/soon"] });
        const before = await readLive(context, unreadAddress(context, item));
        assertTruth(before, await truthOf(context, item), "the snapshot");
        assert.equal(before.labels.length, 2, "two labels");
        await able(context, "addLabel")(item, "regression");
        await nextVersion(context);
        const after = await readLive(context, addressOf(before));
        assert.ok(after.labels.includes("regression"), `labels are ${JSON.stringify(after.labels)}`);
      },
      { unless: withoutLabels },
    ],
    [
      "snapshot-version",
      "The version grows with every change, and stands still without one; the id never changes.",
      async (context) => {
        const item = await open(context);
        const first = await readLive(context, unreadAddress(context, item));
        await nextVersion(context);
        const idle = await readLive(context, addressOf(first));
        assert.equal(idle.version, first.version, "version without a change");
        await context.tracker.editIssue(item, { title: "Menu overlaps still" });
        await nextVersion(context);
        const edited = await readLive(context, addressOf(first));
        assert.ok(edited.version > first.version, `version went from ${first.version} to ${edited.version} by an edit`);
        assert.ok(edited.updatedAt > first.updatedAt, "updatedAt grows as well");
        await context.tracker.closeIssue(item);
        await nextVersion(context);
        const closed = await readLive(context, addressOf(first));
        assert.ok(
          closed.version > edited.version,
          `version went from ${edited.version} to ${closed.version} by closing`,
        );
        assert.equal(closed.remoteId, first.remoteId, "remote id");
        assert.equal(closed.createdAt, first.createdAt, "createdAt");
      },
    ],
  ],
);
