import { createBackref, generateSecretKey, type Storage } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createFakeGitHub } from "@backref/testing/github";
import { startServer, type TestServer } from "backref-postgres-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(() => server.stop());

const issueCount = 3_000;
const referenceCount = 10_000;
const atOnce = 1_000;
const projectId = "web";

const storages: readonly { readonly name: string; create(): Storage }[] = [
  { name: "memory", create: () => createMemoryStorage() },
  { name: "PostgreSQL", create: () => createPostgresStorage({ pool: server.createPool(), schema: "at_scale" }) },
];

/** A project whose 10,000 test cases refer to 3,000 issues of two repositories, the last of which is in another. */
async function createProject(storage: Storage) {
  const github = createFakeGitHub({ repositories: ["acme/web", "acme/api", "acme/lost"], webhooks: "manual" });
  const backref = createBackref({
    storage,
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    fetch: github.fetch,
  });
  await backref.migrate();
  const app = backref.as({ tenantId: "acme", userId: "u1", role: "owner" });
  const token = github.createToken({ login: "robot", access: "write" });
  const source = await app.sources.create({
    name: "Our GitHub",
    provider: "github",
    auth: { type: "token", token },
    targets: [{ projectId, container: "acme/web" }],
  });
  const person = github.as("lena");
  for (let number = 1; number < issueCount; number += 1) person.createIssue("acme/web", { title: `Issue ${number}` });
  person.createIssue("acme/lost", { title: "Soon out of reach" });
  const inputs = Array.from({ length: referenceCount }, (_, index) => {
    const place = index % issueCount;
    return {
      object: { type: "test-case", id: `TC-${index}`, projectId },
      sourceId: source.id,
      issue: place === 0 ? "acme/lost#1" : `#${place}`,
      relation: "relates-to",
    };
  });
  return { github, backref, app, source, token, inputs };
}

describe.each(storages)("10,000 references on 3,000 issues, on $name", ({ create }) => {
  test("cost 30 requests to read, none while they are young, and few more for what is gone", async () => {
    const storage = create();
    const { github, backref, app, source, token, inputs } = await createProject(storage);
    const requestsOf = async (work: () => Promise<unknown>) => {
      const mark = github.mark();
      await work();
      return github.requestsSince(mark).length;
    };
    for (let start = 0; start < inputs.length; start += atOnce) {
      const outcomes = await app.references.addMany(inputs.slice(start, start + atOnce));
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    }

    const whole = { requested: issueCount, fresh: 0, read: issueCount, failed: 0, requests: 30, problems: [] };
    expect(await requestsOf(async () => expect(await app.issues.refresh({ projectId })).toMatchObject(whole))).toBe(30);
    const young = { requested: issueCount, fresh: issueCount, read: 0, failed: 0, requests: 0, problems: [] };
    expect(
      await requestsOf(async () =>
        expect(await app.issues.refresh({ projectId }, { onlyStale: true })).toMatchObject(young),
      ),
    ).toBe(0);

    github.as("lena").editIssue("acme/web", 1, { title: "Something else" });
    github.as("acme").deleteIssue("acme/web", 2);
    github.transferIssue("acme/web", 3, "acme/api");
    github.changeToken(token, { access: "write", repositories: { "acme/lost": "none" } });
    let summary: Awaited<ReturnType<typeof app.issues.refresh>> | undefined;
    const requests = await requestsOf(async () => {
      summary = await app.issues.refresh({ projectId });
    });
    expect(requests).toBeLessThanOrEqual(30 + 12);
    expect(summary).toMatchObject({ requested: issueCount, read: issueCount - 1, gone: 2, failed: 1 });
    expect(summary?.problems).toMatchObject([{ sourceId: source.id, code: "tracker-forbidden", issues: 1 }]);
    const issueOf = async (index: number) => {
      const { items } = await app.references.list({ object: { type: "test-case", id: `TC-${index}` } });
      return items[0]?.issue;
    };
    expect(await issueOf(issueCount + 1)).toMatchObject({ state: "live", title: "Something else" });
    expect(await issueOf(2)).toMatchObject({ state: "deleted", title: "Issue 2" });
    expect(await issueOf(3)).toMatchObject({ key: "acme/api#1", formerKeys: ["acme/web#3"] });
    expect(await issueOf(0)).toMatchObject({ state: "live", title: "Soon out of reach" });
    expect(github.violations).toEqual([]);
    await backref.close();
  }, 120_000);
});
