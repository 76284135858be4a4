import { createBackref, generateSecretKey, type Limits } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGitHubProvider, type GitHubAuth } from "../src/index.ts";
import { createEmulateServer, createReceiver, type EmulateServer } from "./emulate-server.ts";

const container = "acme/web";
let server: EmulateServer;

beforeAll(async () => {
  server = await createEmulateServer();
}, 30_000);

afterAll(() => server.close());

interface RemoteIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly labels: readonly { readonly name: string; readonly color: string }[];
  readonly user: { readonly login: string };
}

/** A host over real HTTP, whose polls can be made so rare that only webhooks tell. */
async function createHost(options: { readonly auth?: GitHubAuth; readonly limits?: Partial<Limits> } = {}) {
  const auth = options.auth ?? { type: "token", token: server.token };
  const statuses: number[] = [];
  const receiver = await createReceiver(async (request) => {
    const endpoint = new URL(request.url).pathname.slice("/hooks/".length);
    const response = await backref.webhooks.handle(request, { endpoint });
    statuses.push(response.status);
    return response;
  });
  const problems: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    allowPrivateAddresses: true,
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    fetch: server.fetch,
    limits: options.limits ?? {},
    logger: { log: (level, message, data) => level === "error" && problems.push(`${message} ${JSON.stringify(data)}`) },
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: "GitHub",
    provider: "github",
    baseUrl: server.url,
    auth,
    targets: [{ projectId: "web", container }],
  });
  const remote = async (number: number) => {
    const response = await server.ask("token-of-lena", "GET", `/repos/${container}/issues/${number}`);
    return (await response.json()) as RemoteIssue;
  };
  const push = async (title: string, description = "") => {
    const { id } = await app.defects.create({ projectId: "web", title, description, priority: "critical" });
    const link = await app.defects.push(id);
    return { id, link, number: Number(link.badge?.text.slice(1)) };
  };
  /** Works until it holds. */
  const eventually = <Value>(look: () => Promise<Value>) =>
    expect.poll(
      async () => {
        await backref.sync.run({ maxMs: 500 });
        return look();
      },
      { timeout: 15_000, interval: 100 },
    );
  const commentsOf = async (number: number) => {
    const response = await server.ask("token-of-lena", "GET", `/repos/${container}/issues/${number}/comments`);
    return ((await response.json()) as { readonly id: number; readonly body: string }[]).map(({ id, body }) => ({
      id,
      body,
    }));
  };
  return {
    app,
    source,
    remote,
    push,
    eventually,
    commentsOf,
    statuses,
    problems,
    async hook() {
      const { endpoint } = await app.sources.webhook(source.id);
      await app.sources.registerWebhooks(source.id, { url: `${receiver.url}/hooks/${endpoint}` });
    },
    async close() {
      await backref.close();
      await receiver.close();
    },
  };
}

describe("core on a GitHub that nobody here wrote", () => {
  test("by webhooks alone: push, fields both ways, comments both ways", { timeout: 60_000 }, async () => {
    const host = await createHost({ limits: { pollIntervalMs: 3_600_000 } });
    try {
      await host.hook();
      expect(await host.app.sources.test(host.source.id)).toMatchObject({ account: { login: "backref-bot" } });
      const { id, link, number } = await host.push("Total is wrong", "Seen by @lena in #1");
      expect(link).toMatchObject({ status: "synced" });
      const issue = await host.remote(number);
      expect(issue).toMatchObject({ title: "Total is wrong", state: "open", user: { login: "backref-bot" } });
      expect(issue.labels).toMatchObject([{ name: "priority:high", color: "d93f0b" }]);
      expect(issue.body).toContain("Seen by @\u200blena in #\u200b1");
      expect(issue.body).toContain(`(<https://tests.example.com/defects/${id}>)`);

      await server.lena("PATCH", `/issues/${number}`, { state: "closed", title: "Total is off by one" });
      const here = () => host.app.defects.get(id);
      await host.eventually(here).toMatchObject({ title: "Total is off by one", status: "closed" });
      await host.app.defects.update(id, { status: "open", priority: "minor" });
      await host
        .eventually(() => host.remote(number))
        .toMatchObject({ state: "open", labels: [{ name: "priority:low" }] });
      await server.lena("DELETE", `/issues/${number}/labels/${encodeURIComponent("priority:low")}`);
      await server.lena("POST", `/issues/${number}/labels`, { labels: ["priority:critical", "area"] });
      await host.eventually(here).toMatchObject({ priority: "blocker", description: "Seen by @lena in #1" });

      await host.app.comments.add({ defectId: id, body: "Happens on Mondays" });
      await host.eventually(() => host.commentsOf(number)).toHaveLength(1);
      const { id: theirs } = await server.lena("POST", `/issues/${number}/comments`, { body: "Also on Tuesdays" });
      const comments = async () =>
        (await host.app.comments.list({ defectId: id })).items.map(({ body, author }) => `${author.name}: ${body}`);
      await host.eventually(comments).toEqual(["Ann: Happens on Mondays", "lena: Also on Tuesdays"]);
      await server.lena("PATCH", `/issues/comments/${theirs}`, { body: "Also on Wednesdays" });
      await host.eventually(comments).toEqual(["Ann: Happens on Mondays", "lena: Also on Wednesdays"]);
      await server.lena("DELETE", `/issues/comments/${theirs}`);
      await host.eventually(comments).toEqual(["Ann: Happens on Mondays"]);

      await host.eventually(async () => (await host.app.defects.link(link.id)).status).toBe("synced");
      const mark = server.sent.length;
      await host.eventually(async () => true).toBe(true);
      expect(server.sent.slice(mark).filter((request) => !request.startsWith("GET"))).toEqual([]);
      expect(new Set(host.statuses)).toEqual(new Set([202]));
      expect(host.problems).toEqual([]);
    } finally {
      await host.close();
    }
  });

  test("by polls alone", { timeout: 60_000 }, async () => {
    const host = await createHost({ limits: { pollIntervalMs: 300 } });
    try {
      const { id, link, number } = await host.push("Found by polls");
      await server.lena("PATCH", `/issues/${number}`, { state: "closed", state_reason: "not_planned" });
      await server.lena("POST", `/issues/${number}/comments`, { body: "No" });
      await host.eventually(() => host.app.defects.get(id)).toMatchObject({ status: "closed" });
      const comments = async () => (await host.app.comments.list({ defectId: id })).items.map(({ body }) => body);
      await host.eventually(comments).toEqual(["No"]);
      await host.eventually(async () => (await host.app.defects.link(link.id)).status).toBe("synced");
      expect(host.problems).toEqual([]);
    } finally {
      await host.close();
    }
  });

  test("as an app: its installation's tokens, and its own account", { timeout: 60_000 }, async () => {
    const host = await createHost({ auth: server.appAuth, limits: { pollIntervalMs: 300 } });
    try {
      const report = await host.app.sources.test(host.source.id);
      expect(report).toMatchObject({ account: { login: "tests-sync[bot]" }, problems: [] });
      const { link, number, id } = await host.push("Made by an app");
      expect(link).toMatchObject({ status: "synced" });
      expect(await host.remote(number)).toMatchObject({ user: { login: "tests-sync[bot]" } });
      await server.lena("PATCH", `/issues/${number}`, { title: "Seen by an app" });
      await host.eventually(() => host.app.defects.get(id)).toMatchObject({ title: "Seen by an app" });
    } finally {
      await host.close();
    }
  });
});
