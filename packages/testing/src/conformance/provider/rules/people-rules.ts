import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { create } from "../actions.ts";
import { able, given, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";

const names = ["quinn", "quentin", "rosalind"] as const;

/** Makes people assignable; answers with their ids, in order. */
async function addPeople(context: ProviderContext): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await able(context, "addPerson")(name));
  await settle(context);
  return ids;
}

async function search(context: ProviderContext, text: string, limit = 50) {
  const { container } = context;
  const people = await groupOf(context, "people").search(context.call(), { container, text, limit });
  assert.ok(Array.isArray(people), "people.search answers with a list");
  return people;
}

export const peopleRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/people.ts, PeopleGroup.search",
  { groups: ["people"] },
  [
    [
      "people-found",
      "People who can be assigned are found by a part of their name, in any case, and all of them by an empty text.",
      async (context) => {
        const [quinn, quentin, rosalind] = await addPeople(context);
        const found = await search(context, "QUI");
        assert.deepEqual(
          found.map(({ id }) => id),
          [quinn],
          'ids of those found by "QUI"',
        );
        const all = (await search(context, "")).map(({ id }) => id);
        for (const id of [quinn, quentin, rosalind]) assert.ok(id && all.includes(id), `${id} is missing`);
      },
    ],
    [
      "people-complete",
      "Everybody found has an id and a name to show; address and login are null where there are none.",
      async (context) => {
        await addPeople(context);
        for (const { id, displayName, login, email } of await search(context, "")) {
          assert.ok(typeof id === "string" && id !== "", `the id is ${JSON.stringify(id)}`);
          assert.ok(typeof displayName === "string" && displayName.trim() !== "", `${id} has no displayName`);
          for (const [what, value] of Object.entries({ login, email })) {
            assert.ok(value === null || (typeof value === "string" && value !== ""), `${id}: ${what} is ${value}`);
          }
        }
      },
    ],
    [
      "people-limit",
      "No more are told than were asked for.",
      async (context) => {
        await addPeople(context);
        assert.equal((await search(context, "", 2)).length, 2, "people found with limit 2");
      },
    ],
    [
      "people-text-is-data",
      "The text is data, whatever is in it.",
      async (context) => {
        await addPeople(context);
        for (const text of ['quinn" OR ""="', "quinn%", "*", "\\", "{{quinn}}", "<quinn>"]) {
          assert.deepEqual(await search(context, text), [], `people found by ${JSON.stringify(text)}`);
        }
      },
    ],
    [
      "people-assign",
      "The id of somebody found assigns them to a new issue.",
      async (context) => {
        const [quinn = ""] = await addPeople(context);
        const { issue, warnings } = await create(context, { assigneeIds: [quinn] });
        assert.deepEqual(warnings, [], "warnings");
        assert.deepEqual(
          issue.assignees.map(({ id }) => id),
          [quinn],
          "assignees of the new issue",
        );
      },
      { groups: ["create"] },
    ],
    [
      "people-unknown-container",
      "A container that does not exist is told, not taken for one without people.",
      async (context) => {
        const request = { container: given(context, "unknownContainer"), text: "", limit: 5 };
        const attempt = () => groupOf(context, "people").search(context.call(), request);
        await failureOf(context, "people.search in an unknown container", attempt, "gone", "forbidden");
      },
    ],
  ],
);
