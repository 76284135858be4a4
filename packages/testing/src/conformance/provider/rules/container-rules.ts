import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";

const mostPages = 1_000;

/** Every page, first to last. */
async function pagesOf(context: ProviderContext, text: string, limit: number): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const request = { text, limit, ...(cursor === null ? {} : { cursor }) };
    const page: Awaited<ReturnType<ReturnType<typeof groupOf<"containers">>["list"]>> = await groupOf(
      context,
      "containers",
    ).list(context.call(), request);
    pages.push(page.items.map(({ container }) => container));
    cursor = page.nextCursor;
    assert.ok(pages.length < mostPages, `the list has no end: ${mostPages} pages with limit ${limit}`);
  } while (cursor !== null);
  return pages;
}

function wanted({ container, underTest }: ProviderContext): readonly string[] {
  return [container, ...(underTest.otherContainer === undefined ? [] : [underTest.otherContainer])];
}

export const containerRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/containers.ts, ContainersGroup.list",
  { groups: ["containers"] },
  [
    [
      "containers-listed",
      "The containers that the credential reaches are listed, by the names that sources are configured with.",
      async (context) => {
        const listed = (await pagesOf(context, "", 50)).flat();
        for (const name of wanted(context)) assert.ok(listed.includes(name), `${name} is not in the list`);
        for (const name of listed) {
          const parsed = context.provider.describe().container.parse(name);
          assert.deepEqual(parsed, { ok: true, value: name }, `describe().container of ${name}`);
        }
      },
    ],
    [
      "containers-pages",
      "Pages hold at most as many as were asked for, and together each container once.",
      async (context) => {
        const all = (await pagesOf(context, "", 200)).flat();
        const pages = await pagesOf(context, "", 1);
        for (const page of pages) assert.ok(page.length <= 1, `a page of ${page.length} with limit 1`);
        assert.deepEqual(pages.flat().toSorted(), all.toSorted(), "all pages together");
        assert.equal(new Set(all).size, all.length, "a container twice");
      },
    ],
    [
      "containers-text",
      "A text in the name finds a container, in any case; one that is in no name finds none.",
      async (context) => {
        const { container } = context;
        const found = (await pagesOf(context, container.toUpperCase(), 50)).flat();
        assert.ok(found.includes(container), `${container} is not found by its own name`);
        assert.deepEqual((await pagesOf(context, "no-such-container-anywhere", 50)).flat(), [], "found by nonsense");
      },
    ],
  ],
);
