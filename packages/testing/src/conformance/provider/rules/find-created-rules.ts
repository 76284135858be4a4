import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { create, findCreated, probeCreate, sampleToken, truthOf } from "../actions.ts";
import { able, given, nextVersion, type ProviderContext, settle } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { assertTruth } from "../truth.ts";

/** Markers that people take along when they copy an issue's text. */
function withoutCopies({ provider, capabilities }: ProviderContext): string | null {
  if (provider.connect === undefined) return "without the group `connect` nobody can tell a copy";
  const isCopied = capabilities.markerPlace === "body" || capabilities.markerPlace === "label";
  return isCopied ? null : `people do not copy the marker place "${capabilities.markerPlace}"`;
}

function itemsOf(issues: readonly { readonly item: string }[]): readonly string[] {
  return issues.map(({ item }) => item);
}

export const findCreatedRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/create.ts, CreateGroup.findCreated",
  { groups: ["create"] },
  [
    [
      "find-created",
      "An issue is found by its token, as it is now.",
      async (context) => {
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        await settle(context);
        const found = await findCreated(context, { probe });
        assert.deepEqual(itemsOf(found), [issue.item], "issues found");
        const [first] = found;
        assert.ok(first !== undefined);
        assert.equal(first.remoteId, issue.remoteId, "remote id");
        assertTruth(first, await truthOf(context, issue.item), "what was found");
      },
    ],
    [
      "find-created-moved",
      "An issue that was moved before anybody looked is found where it is, once absence would be concluded.",
      async (context) => {
        const other = given(context, "otherContainer");
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        await settle(context);
        await able(context, "moveIssue")(issue.item);
        await settle(context);
        const found = await findCreated(context, { probe, thorough: true });
        assert.deepEqual(
          found.map(({ container, title }) => ({ container, title })),
          [{ container: other, title: issue.title }],
          "issues found",
        );
      },
      { unless: ({ underTest }) => (underTest.otherContainer === undefined ? "there is no other container" : null) },
    ],
    [
      "find-created-other-token",
      "Issues with other tokens, or none, are not found.",
      async (context) => {
        const probe = await probeCreate(context);
        await create(context, { token: `${sampleToken.slice(0, -4)}0000` });
        await context.tracker.createIssue({ title: "Unrelated", body: "Nothing to see." });
        await settle(context);
        assert.deepEqual(itemsOf(await findCreated(context, { probe })), [], "issues found");
      },
    ],
    [
      "find-created-copies",
      "An issue of somebody else's with the same token is a copy, and not found.",
      async (context) => {
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        const { title, body, labels } = await truthOf(context, issue.item);
        const copy = await context.tracker.createIssue({ title, body, labels });
        await settle(context);
        const found = itemsOf(await findCreated(context, { probe }));
        assert.ok(!found.includes(copy), `the copy ${copy} by another person was found`);
        assert.deepEqual(found, [issue.item], "issues found");
      },
      { unless: withoutCopies },
    ],
    [
      "find-created-time",
      "Candidates created before `createdAfter` are not found; those of that very moment are.",
      async (context) => {
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        await settle(context);
        const at = await findCreated(context, { probe, createdAfter: issue.createdAt });
        assert.deepEqual(itemsOf(at), [issue.item], "issues found with createdAfter at the time of creation");
        const later = await findCreated(context, { probe, createdAfter: issue.createdAt + 10_000 });
        assert.deepEqual(itemsOf(later), [], "issues found with createdAfter 10 s later");
      },
    ],
    [
      "find-created-touched",
      "Being changed or closed by people does not hide it, nor does it make an old one new.",
      async (context) => {
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        await context.pass(20_000);
        await context.tracker.editIssue(issue.item, { title: "Renamed by a person" });
        await context.tracker.closeIssue(issue.item);
        await nextVersion(context);
        const found = await findCreated(context, { probe });
        assert.deepEqual(itemsOf(found), [issue.item], "issues found after the change");
        assert.equal(found[0]?.title, "Renamed by a person", "what was found is up to date");
        const later = await findCreated(context, { probe, createdAfter: issue.createdAt + 10_000 });
        assert.deepEqual(itemsOf(later), [], "issues found with createdAfter between creation and change");
      },
    ],
    [
      "find-created-all",
      "Every candidate is found, oldest first.",
      async (context) => {
        const probe = await probeCreate(context);
        const first = await create(context);
        await nextVersion(context);
        const second = await create(context);
        await settle(context);
        const found = itemsOf(await findCreated(context, { probe }));
        assert.deepEqual(found, [first.issue.item, second.issue.item], "issues found");
      },
      {
        unless: ({ capabilities }) => (capabilities.idempotentCreate ? "the same token never makes two issues" : null),
      },
    ],
    [
      "find-created-deep",
      "It is found behind more than a page of newer issues.",
      async (context) => {
        const probe = await probeCreate(context);
        const { issue } = await create(context);
        const count = context.underTest.longListLength ?? 120;
        for (let number = 1; number <= count; number += 1) {
          await context.tracker.createIssue({ title: `Newer ${number}`, body: "" });
        }
        await settle(context);
        assert.deepEqual(itemsOf(await findCreated(context, { probe })), [issue.item], "issues found");
      },
    ],
  ],
);
