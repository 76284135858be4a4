import { describe, expect, test } from "vitest";
import { ProviderError } from "../../src/index.ts";
import { createGitHubWorld, provider, settle } from "../support/github-world.ts";

const dayMs = 86_400_000;
const lifeMs = 30 * dayMs;
const url = "https://host.example/hooks/1";

/** GitHub as it would be if hooks ended after 30 days. */
async function createWorld(options: { readonly canRenew?: boolean } = {}) {
  const hooks = new Map<string, { readonly url: string; readonly secret: string; expiresAt: number }>();
  const asked: string[] = [];
  let made = 0;
  const tracker: { failure: ProviderError | null } = { failure: null };
  const now = () => world.time.now();
  const meet = (what: string) => {
    asked.push(what);
    if (tracker.failure !== null) throw tracker.failure;
  };
  const { webhooks } = provider;
  if (webhooks === undefined) throw new TypeError("It has webhooks.");
  const { canRenew = true } = options;
  const ending: typeof provider = {
    ...provider,
    webhooks: {
      ...webhooks,
      async register(_call, request) {
        meet(`register ${request.container}`);
        made += 1;
        const hookId = `hook-${made}`;
        const expiresAt = now() + lifeMs;
        hooks.set(hookId, { url: request.url, secret: request.secret, expiresAt });
        return { hookId, expiresAt };
      },
      async unregister(_call, { hookId }) {
        meet(`unregister ${hookId}`);
        hooks.delete(hookId);
      },
      ...(canRenew
        ? {
            async renew(_call, { container, hookId }) {
              meet(`renew ${container} ${hookId}`);
              const hook = hooks.get(hookId);
              if (hook === undefined) throw failureOf("gone", "There is no such hook.");
              hook.expiresAt = now() + lifeMs;
              return { expiresAt: hook.expiresAt };
            },
          }
        : {}),
    },
  };
  const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"], provider: ending });
  const source = await world.app.sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: world.github.token },
    targets: [
      { projectId: "web", container: "acme/web" },
      { projectId: "api", container: "acme/api" },
    ],
  });
  const { sources } = world.app;
  const registrations = () => sources.webhookRegistrations(source.id);
  /** Days pass, and one poll or two with each of them. */
  const pass = async (days: number) => {
    for (let day = 0; day < days; day += 1) {
      await world.time.advance(dayMs);
      await settle(world);
    }
  };
  return { ...world, source, sources, hooks, asked, tracker, registrations, pass, now };
}

const failureOf = (failure: "gone" | "retry" | "forbidden", message: string) =>
  new ProviderError({ failure, providerId: "github", operation: "webhook.renew", message });

describe("hooks that end", () => {
  test("are extended from the middle of their life on, once each, for as long as the source lives", async () => {
    const world = await createWorld();
    const made = await world.sources.registerWebhooks(world.source.id, { url });
    expect(made.map(({ container, hookId }) => [container, hookId])).toEqual([
      ["acme/web", "hook-1"],
      ["acme/api", "hook-2"],
    ]);
    expect(await world.registrations()).toEqual(made);
    world.asked.length = 0;
    await world.pass(14);
    expect(world.asked).toEqual([]);
    await world.pass(2);
    expect(world.asked.toSorted()).toEqual(["renew acme/api hook-2", "renew acme/web hook-1"]);
    await world.pass(120);
    expect(world.asked).toHaveLength(18);
    for (const { expiresAt } of world.hooks.values()) expect(expiresAt - world.now()).toBeGreaterThan(lifeMs / 3);
    for (const { expiresAt, trouble } of await world.registrations()) {
      expect(trouble).toBeNull();
      expect((expiresAt ?? 0) - world.now()).toBeGreaterThan(lifeMs / 3);
    }
  });

  test("and were lost at the tracker are made anew under their secret", async () => {
    const world = await createWorld();
    await world.sources.registerWebhooks(world.source.id, { url });
    const { secret } = await world.sources.webhook(world.source.id);
    world.hooks.clear();
    await world.pass(16);
    expect([...world.hooks.values()].map((hook) => [hook.url, hook.secret])).toEqual([
      [url, secret],
      [url, secret],
    ]);
    expect((await world.registrations()).map(({ trouble }) => trouble)).toEqual([null, null]);
  });

  test("are made anew where the tracker cannot extend them", async () => {
    const world = await createWorld({ canRenew: false });
    await world.sources.registerWebhooks(world.source.id, { url });
    world.asked.length = 0;
    await world.pass(16);
    expect(world.asked.toSorted()).toEqual(["register acme/api", "register acme/web"]);
  });

  test("and cannot be extended say why, are tried every hour, and hold up no poll", async () => {
    const world = await createWorld();
    await world.sources.registerWebhooks(world.source.id, { url });
    await world.pass(14);
    world.asked.length = 0;
    world.tracker.failure = failureOf("forbidden", "The app lost its permission.");
    await world.pass(1);
    const mark = world.github.mark();
    for (let minute = 0; minute < 30; minute += 1) {
      await world.time.advance(60_000);
      await settle(world);
    }
    expect(world.asked).toHaveLength(2);
    expect(world.github.requestsSince(mark).length).toBeGreaterThan(30);
    expect((await world.registrations()).map(({ trouble }) => trouble)).toEqual(
      Array(2).fill("The app lost its permission."),
    );
    expect((await world.sources.get(world.source.id)).health.status).toBe("ok");
    world.tracker.failure = null;
    await world.pass(1);
    expect((await world.registrations()).map(({ trouble }) => trouble)).toEqual([null, null]);
  });
});

describe("registered hooks", () => {
  test("of a former address are taken away, and those of the same are kept", async () => {
    const world = await createWorld();
    await world.sources.registerWebhooks(world.source.id, { url });
    await world.sources.registerWebhooks(world.source.id, { url: `${url}-moved` });
    expect([...world.hooks.values()].map((hook) => hook.url)).toEqual([`${url}-moved`, `${url}-moved`]);
    expect((await world.registrations()).map(({ hookId }) => hookId).toSorted()).toEqual([...world.hooks.keys()]);
  });

  test("can be taken away, and are forgotten", async () => {
    const world = await createWorld();
    await world.sources.registerWebhooks(world.source.id, { url });
    expect(await world.sources.unregisterWebhooks(world.source.id)).toBe(2);
    expect(world.hooks.size).toBe(0);
    expect(await world.registrations()).toEqual([]);
    expect(await world.sources.unregisterWebhooks(world.source.id)).toBe(0);
    world.asked.length = 0;
    await world.pass(20);
    expect(world.asked).toEqual([]);
  });

  test("stay known where the tracker refuses to take them away", async () => {
    const world = await createWorld();
    await world.sources.registerWebhooks(world.source.id, { url });
    world.tracker.failure = failureOf("forbidden", "The app lost its permission.");
    await expect(world.sources.unregisterWebhooks(world.source.id)).rejects.toMatchObject({
      code: "tracker-forbidden",
    });
    expect(await world.registrations()).toHaveLength(2);
  });
});
