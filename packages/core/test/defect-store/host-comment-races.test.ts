import { describe, expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

test("an edit of a comment between two reads of the host's store is recorded where another wins", async () => {
  let between = () => {};
  const { app, github, table, link, quiet } = await createHostWorld({
    adapt: (store, { store: own }) => ({
      ...store,
      // The slower of two connections: what happens meanwhile is in this answer, and not in a quicker one.
      async read(scope, ids) {
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        between();
        return own.read(scope, ids);
      },
      readComments: async (scope, ids) => structuredClone(await own.readComments(scope, ids)),
    }),
  });
  const id = table.addNote("BUG-1", "Start");
  await app.defects.changed(["BUG-1"]);
  await quiet();
  const [comment] = github.issue("acme/web", 1)?.comments ?? [];
  github.as("lena").editComment("acme/web", comment?.id ?? 0, comment?.body.replace("Start", "Theirs") ?? "");
  between = () => {
    between = () => {};
    table.editNote(id, { body: "Ours" });
  };
  await quiet();
  await app.defects.changed(["BUG-1"]);
  await quiet();
  expect(table.notes).toMatchObject([{ body: "Theirs" }]);
  const { items } = await app.activity.list({ linkId: link.id });
  expect(items.filter(({ type }) => type === "conflict-recorded").map(({ data }) => data)).toMatchObject([
    { field: "comments", local: "Ours", remote: "Theirs", winner: "remote" },
  ]);
});

describe("a comment that the host refuses", () => {
  async function refusing() {
    let applies = 0;
    let isStrict = true;
    const world = await createHostWorld({
      adapt: (store) => ({
        ...store,
        async apply(scope, changes) {
          applies += 1;
          const isLong = changes.some(({ comments }) =>
            comments.some((one) => one.kind === "add" && one.body === "Long"),
          );
          // Patience has an end, so that a link that asks again and again comes to one as well.
          if (applies > 100 || !isStrict || !isLong) return store.apply(scope, changes);
          return changes.map(() => ({ status: "refused", field: "comments", reason: "Too long." }) as const);
        },
      }),
    });
    const lena = world.github.as("lena");
    lena.comment("acme/web", 1, "Long");
    await world.quiet();
    applies = 0;
    lena.comment("acme/web", 1, "Short");
    return {
      ...world,
      applies: () => applies,
      allow() {
        isStrict = false;
      },
    };
  }

  test("keeps neither the others out nor the link busy, and is told", async () => {
    const { app, table, link, quiet, applies } = await refusing();
    await quiet();
    await quiet();
    await quiet();
    expect(table.notes.map(({ body }) => body)).toEqual(["Short"]);
    expect(applies()).toBeLessThan(10);
    expect(await app.defects.link(link.id)).toMatchObject({
      status: "partial",
      refused: [{ field: "comments", reason: "Too long." }],
    });
  });

  test("is forgotten as a refusal once the host takes it", async () => {
    const { app, table, link, quiet, allow } = await refusing();
    await quiet();
    allow();
    await app.defects.retry(link.id);
    await quiet();
    expect(table.notes.map(({ body }) => body).toSorted()).toEqual(["Long", "Short"]);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced", refused: [] });
  });
});
