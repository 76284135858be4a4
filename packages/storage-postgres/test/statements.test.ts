import { createBackref } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createFakeGitHub } from "@backref/testing/github";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
}, 60_000);
afterAll(async () => {
  await database.close();
});

/** What statements a task takes: those that only read, and those that commit. */
async function world() {
  let counts = { reads: 0, commits: 0 };
  const storage = createPostgresStorage({
    pool: {
      query(text, values) {
        if (/\.commit_\w+\(/.test(text)) counts.commits += 1;
        else counts.reads += 1;
        return database.query(text, values);
      },
    },
  });
  const github = createFakeGitHub({ repositories: ["acme/web"], webhooks: "manual" });
  const backref = createBackref({
    storage,
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }],
    fetch: github.fetch,
  });
  await backref.migrate();
  const app = backref.as({ tenantId: "acme", userId: "ann", role: "owner" });
  const source = await app.sources.create({
    name: "Our GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const count = async (task: () => Promise<unknown>) => {
    counts = { reads: 0, commits: 0 };
    await task();
    return counts;
  };
  return { github, backref, app, source, count };
}

test("an edit, a delivery and a pass that finds nothing take as many statements as they must", async () => {
  const { github, backref, app, source, count } = await world();
  const { id } = await app.defects.create({ projectId: "web", title: "Start" });
  await app.defects.push(id);
  const { endpoint } = await app.sources.webhook(source.id);
  await app.sources.registerWebhooks(source.id, { url: "https://tests.example.com/hook" });

  // One statement keeps the edit, marks the links and tells what happened.
  expect(await count(() => app.defects.update(id, { title: "Changed" }))).toEqual({ reads: 1, commits: 1 });
  await backref.sync.run();

  github.as("lena").closeIssue("acme/web", 1);
  const delivery = github.webhooks.pending.at(-1);
  if (delivery === undefined) throw new TypeError("GitHub was expected to tell of the closed issue.");
  const take = async () => {
    const { url, headers, body } = delivery;
    const response = await backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
    expect(response.status).toBe(202);
  };
  // One statement keeps the delivery unless it is known, and marks what it is about.
  expect((await count(take)).commits).toBe(1);
  // Within the second of its last change GitHub's answer is believed only when it is read again.
  while ((await app.defects.get(id)).status !== "closed") await backref.sync.run();
  await backref.sync.run();

  // A claim and a look ahead for links and for poll scopes.
  expect(await count(() => backref.sync.run())).toEqual({ reads: 4, commits: 0 });
});
