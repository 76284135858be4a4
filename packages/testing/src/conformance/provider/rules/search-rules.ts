import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { open, readAddress, readLive } from "../actions.ts";
import { able, given, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";

async function search(
  context: ProviderContext,
  text: string,
  { containers = [context.container], limit = 50 }: { containers?: readonly string[]; limit?: number } = {},
) {
  const found = await groupOf(context, "search").issues(context.call(), { containers, text, limit });
  assert.ok(Array.isArray(found), "search.issues answers with a list");
  return found;
}

const itemsOf = (found: Awaited<ReturnType<typeof search>>) => found.map(({ item }) => item).toSorted();

export const searchRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/search.ts, SearchGroup.issues",
  { groups: ["search"] },
  [
    [
      "search-found",
      "Issues are found by words of their titles, in any case and order, open and closed; all the words must be there.",
      async (context) => {
        const first = await open(context, { title: "Zebra crossing is dark", body: "At night." });
        const second = await open(context, { title: "Zebra is grey", body: "At noon." });
        await context.tracker.closeIssue(second);
        await settle(context);
        assert.deepEqual(itemsOf(await search(context, "DARK zebra")), [first], 'found by "DARK zebra"');
        assert.deepEqual(itemsOf(await search(context, "zebra")), [first, second].toSorted(), 'found by "zebra"');
        assert.deepEqual(await search(context, "giraffe"), [], 'found by "giraffe"');
      },
    ],
    [
      "search-order",
      "What has the words in its title comes before what mentions them.",
      async (context) => {
        const mentions = await open(context, { title: "Stripes are missing", body: "Seen on the zebra, too." });
        const named = await open(context, { title: "Zebra", body: "It has none." });
        await open(context, { title: "Stripes again", body: "On another zebra." });
        const items = (await search(context, "zebra")).map(({ item }) => item);
        assert.equal(items[0], named, "the first that is found");
        // Whether texts are looked through at all is the tracker's own affair.
        if (items.length > 1) assert.ok(items.includes(mentions), "what mentions the word");
      },
    ],
    [
      "search-complete",
      "What is found is the same as what is read.",
      async (context) => {
        const item = await open(context, { title: "Zebra has spots", body: "Two **of them**." });
        const [found] = await search(context, "zebra spots");
        assert.deepEqual(found, await readLive(context, await readAddress(context, item)), "the issue that was found");
      },
      { groups: ["read"] },
    ],
    [
      "search-limit",
      "No more are told than were asked for.",
      async (context) => {
        for (const title of ["Zebra one", "Zebra two", "Zebra three"]) await open(context, { title });
        assert.equal((await search(context, "zebra", { limit: 2 })).length, 2, "issues found with limit 2");
      },
    ],
    [
      "search-text-is-data",
      "The text is data: nothing in it is an operator, a qualifier, an exclusion, a wildcard or the end of a quotation.",
      async (context) => {
        const zebra = await open(context, { title: "Zebra crossing" });
        await open(context, { title: "Quokka overlaps" });
        const either = ["zebra OR quokka", "zebra | quokka", 'zebra" OR "quokka', "(zebra) OR (quokka)"];
        const less = ["NOT quokka", "quokka -zebra", "zebr*", "z%a", '"', "*", "is:open", "<zebra> AND id>0"];
        for (const text of [...either, 'zebra\\" OR quokka', ...less]) {
          assert.deepEqual(itemsOf(await search(context, text)), [], `found by ${JSON.stringify(text)}`);
        }
        assert.deepEqual(itemsOf(await search(context, '"zebra"')), [zebra], "found by a quotation");
      },
    ],
    [
      "search-long-text",
      "A long text is searched for as far as the tracker takes it, and is no failure.",
      async (context) => {
        await open(context, { title: "Zebra crossing" });
        const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
        for (const text of [`zebra ${words}`, "z".repeat(256), "🎉".repeat(128)]) await search(context, text);
      },
    ],
    [
      "search-containers",
      "Nothing is found in another container than those asked for.",
      async (context) => {
        const other = given(context, "otherContainer");
        await able(context, "moveIssue")(await open(context, { title: "Zebra went away" }));
        const stayed = await open(context, { title: "Zebra stayed" });
        const { container } = context;
        const scope = `zebra repo:${other} project:${other} in:${other}`;
        for (const text of ["zebra", scope]) {
          for (const issue of await search(context, text)) assert.equal(issue.container, container, `found by ${text}`);
        }
        assert.deepEqual(itemsOf(await search(context, "zebra")), [stayed], "found here");
        const titles = (await search(context, "zebra", { containers: [container, other] })).map(({ title }) => title);
        assert.deepEqual(titles.toSorted(), ["Zebra stayed", "Zebra went away"], "found in both");
      },
      { unless: ({ underTest }) => (underTest.otherContainer === undefined ? "there is no other container" : null) },
    ],
    [
      "search-unknown-container",
      "A container that does not exist is told, not taken for one without issues.",
      async (context) => {
        const request = { containers: [given(context, "unknownContainer")], text: "zebra", limit: 5 };
        const attempt = () => groupOf(context, "search").issues(context.call(), request);
        await failureOf(context, "search.issues in an unknown container", attempt, "gone", "forbidden");
      },
    ],
  ],
);
