import { createVirtualTime } from "@backref/testing";
import { createAppKeys, createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { errorOf } from "../support/error-of.ts";
import { createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";
import { createWorld, owner } from "../support/world.ts";

const hour = 3_600_000;
const hookPaths = /hooks|\/app\/hook/;
const appSecret = "the secret of the app's webhook";

/** A host whose endpoint can be down while its workers go on. */
async function createHost(options: { readonly repositories?: readonly string[] } = {}) {
  const time = createVirtualTime();
  const repositories = options.repositories ?? ["acme/web"];
  const host = { isUp: true, app: false };
  let endpoint = "";
  const github = createFakeGitHub({
    repositories,
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    async deliver(request) {
      if (!host.isUp) return new Response(null, { status: 503 });
      return world.backref.webhooks.handle(request, host.app ? { provider: "github" } : { endpoint });
    },
  });
  const world: GitHubWorld = await createGitHubWorld({ time, github, appSecrets: [appSecret] });
  const { sources } = world.app;
  const create = (auth: Parameters<typeof sources.create>[0]["auth"]) =>
    sources.create({
      name: "GitHub",
      provider: "github",
      auth,
      targets: repositories.map((container, index) => ({ projectId: index === 0 ? "web" : `p${index}`, container })),
    });
  const connect = async () => {
    const source = await create({ type: "token", token: github.token });
    ({ endpoint } = await sources.webhook(source.id));
    return source;
  };
  const push = async (title: string) => {
    const defect = await world.app.defects.create({ projectId: "web", title });
    return await world.app.defects.push(defect.id);
  };
  const askedSince = (mark: number) =>
    github
      .requestsSince(mark)
      .flatMap(({ method, operation }) =>
        hookPaths.test(operation) ? [`${method} ${operation.replace(/^.*?(hooks?)/, "$1")}`] : [],
      );
  return { ...world, world, host, connect, create, push, askedSince };
}

describe("deliveries that failed", () => {
  test("are asked for by hand, and what polls cannot show comes at once", async () => {
    const { world, app, github, host, connect, push, askedSince } = await createHost();
    const source = await connect();
    const link = await push("Total is wrong");
    await app.sources.registerWebhooks(source.id, { url: `https://host.example/hooks/${source.id}-no-endpoint` });
    expect(await app.sources.redeliverWebhooks(source.id)).toEqual([{ container: "acme/web", asked: null }]);
    const { endpoint } = await app.sources.webhook(source.id);
    await app.sources.registerWebhooks(source.id, { url: `https://host.example/hooks/${endpoint}` });
    await github.settle();

    host.isUp = false;
    github.as("lena").deleteIssue("acme/web", 1);
    await github.settle();
    host.isUp = true;
    await poll(world, 2);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
    const mark = github.mark();
    expect(await app.sources.redeliverWebhooks(source.id, { since: world.time.now() - hour })).toEqual([
      { container: "acme/web", asked: 1 },
    ]);
    expect(askedSince(mark)).toHaveLength(3);
    await github.settle();
    await settle(world);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "remote-deleted" });
  });

  test("are asked for with the sweep, and not with every poll", async () => {
    const { world, app, github, host, connect, push, askedSince } = await createHost();
    const source = await connect();
    const { endpoint, secret } = await app.sources.webhook(source.id);
    github.setHook("acme/web", { url: `https://host.example/hooks?endpoint=${endpoint}`, secret });
    await push("Total is wrong");
    await poll(world, 2);
    host.isUp = false;
    github.as("lena").comment("acme/web", 1, "Missed");
    await github.settle();
    const missed = github.webhooks.deliveries.at(-1);
    host.isUp = true;
    const mark = github.mark();
    await poll(world, 30);
    expect(askedSince(mark)).toEqual([]);
    await poll(world, 31);
    await github.settle();
    expect(askedSince(mark)).toEqual([
      "GET hooks",
      "GET hooks/{hook_id}/deliveries",
      "POST hooks/{hook_id}/deliveries/{delivery_id}/attempts",
    ]);
    expect(missed?.attempts).toEqual([503, 202]);
    const second = github.mark();
    await poll(world, 61);
    expect(askedSince(second)).toEqual(["GET hooks", "GET hooks/{hook_id}/deliveries"]);
  });

  test("cannot be asked for without the right to: that costs one request per sweep and nothing else", async () => {
    const { world, github, create, askedSince, app } = await createHost();
    const token = github.createToken({ login: "writer", access: "write" });
    const { id } = await create({ type: "token", token });
    await poll(world);
    const mark = github.mark();
    await poll(world, 61);
    expect(askedSince(mark)).toEqual(["GET hooks"]);
    expect(await app.sources.get(id)).toMatchObject({ health: { status: "ok" } });
    expect(await app.sources.redeliverWebhooks(id)).toEqual([{ container: "acme/web", asked: null }]);
  });

  test("that cannot be asked for now hold up no poll", async () => {
    const { world, app, github, connect, push, askedSince } = await createHost();
    const { id } = await connect();
    await push("Total is wrong");
    await poll(world);
    github.faults.add({
      kind: "status-before",
      status: 502,
      match: { operation: "/repos/{owner}/{repo}/hooks" },
      times: 100,
    });
    const mark = github.mark();
    await poll(world, 60);
    github.as("lena").editIssue("acme/web", 1, { title: "Total is off" });
    await poll(world, 2);
    expect(askedSince(mark)).toEqual(["GET hooks"]);
    expect(await app.sources.get(id)).toMatchObject({ health: { status: "ok" } });
    expect((await app.defects.list({ projectId: "web" })).items[0]?.title).toBe("Total is off");
  });

  test("of an app are asked for once for all its containers", async () => {
    const { world, app, github, host, create, push, askedSince } = await createHost({
      repositories: ["acme/web", "acme/api"],
    });
    host.app = true;
    const { id: appId, privateKey } = github.apps.create({
      keys: createAppKeys(),
      webhook: { url: "https://host.example/hooks/github", secret: appSecret },
    });
    const installationId = String(github.apps.install(appId, { account: "acme" }));
    const source = await create({ type: "app", appId: String(appId), privateKey, installationId });
    await app.sources.test(source.id);
    const link = await push("Total is wrong");
    await poll(world);
    host.isUp = false;
    github.as("lena").deleteIssue("acme/web", 1);
    await github.settle();
    host.isUp = true;
    let mark = github.mark();
    expect(await app.sources.redeliverWebhooks(source.id)).toEqual([{ container: null, asked: 1 }]);
    expect(askedSince(mark)).toEqual(["GET hook/deliveries", "POST hook/deliveries/{delivery_id}/attempts"]);
    await github.settle();
    await settle(world);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "remote-deleted" });
    mark = github.mark();
    await poll(world, 61);
    expect(askedSince(mark)).toEqual(["GET hook/deliveries"]);
  });
});

describe("sources.redeliverWebhooks", () => {
  test("is for those who may change the source, and for trackers that can be asked", async () => {
    const { backref, connect, app } = await createHost();
    const { id } = await connect();
    const member = backref.as({ tenantId: "acme", userId: "u2", projects: { web: "member" } });
    expect(await errorOf(member.sources.redeliverWebhooks(id))).toMatchObject({ code: "permission-denied" });
    const wrong = app.sources.redeliverWebhooks(id, { since: -1 });
    expect(await errorOf(wrong)).toMatchObject({ code: "invalid-input" });
    const { sources } = createWorld().as(owner);
    const toy = await sources.create({ name: "Toys", provider: "toy", auth: null });
    expect(await errorOf(sources.redeliverWebhooks(toy.id))).toMatchObject({ code: "capability-missing" });
  });
});
