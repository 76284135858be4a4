import { expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

test.each([
  ["edits", { body: "Works for nobody" }],
  ["deletes", { deletedAt: 1 }],
])("what the host %s of a comment that was written at the tracker stays in the host", async (_what, change) => {
  const { app, github, table, quiet } = await createHostWorld();
  github.as("lena").comment("acme/web", 1, "Works for me");
  await quiet();
  expect(table.notes).toMatchObject([{ body: "Works for me", origin: "tracker" }]);
  table.editNote(table.notes[0]?.id ?? "", change);
  await app.defects.changed(["BUG-1"]);
  await quiet();
  expect(github.issue("acme/web", 1)?.comments).toMatchObject([{ author: "lena", body: "Works for me" }]);
  expect(table.notes).toMatchObject([change]);
});
