/**
 * A host with tables of its own: bugs that follow GitHub issues, and issues that follow bugs.
 *
 *     npx -y pnpm@12 exec node examples/host-owned-defects/src/main.ts
 *
 * Needs nothing else: the database is PGlite, in this process, and GitHub is a fake one.
 */
import { generateSecretKey } from "@backref/core";
import { createFakeGitHub } from "@backref/testing/github";
import { PGlite } from "@electric-sql/pglite";
import { createTables } from "./create-tables.ts";
import { createPGliteDatabase } from "./database.ts";
import { createHostBackref } from "./host-backref.ts";
import { playStory } from "./story.ts";

const pglite = await PGlite.create();
const database = createPGliteDatabase(pglite);
await createTables(database);

const github = createFakeGitHub({ repositories: ["acme/shop"] });
const backref = createHostBackref({
  database,
  secretKeys: [{ id: "demo", key: generateSecretKey() }],
  fetch: github.fetch,
  pollIntervalMs: 200, // so that the story is short
});
await backref.migrate();

try {
  await playStory({ database, backref, github });
} finally {
  await backref.close();
  await pglite.close();
}
