import { createAppKeys } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import type { GitHubCall } from "../src/client.ts";
import { failureOf, setUp } from "./support.ts";

const endpoint = "3f6c1d2e-endpoint";
const url = `https://tests.example.com/hooks/${endpoint}`;
const ask = setUp().provider.webhooks?.redeliver ?? expect.unreachable();
const keys = createAppKeys();

/** A GitHub whose deliveries meet a receiver that can be switched off. */
function withReceiver() {
  const receiver = { status: 202, got: [] as string[] };
  const world = setUp({
    repositories: ["acme/web", "acme/api", "umbrella/site"],
    webhooks: "automatic",
    deliver: async (request) => {
      if (receiver.status === 0) throw new TypeError("connection refused");
      if (receiver.status < 300) receiver.got.push(request.headers.get("x-github-delivery") ?? "");
      return new Response(null, { status: receiver.status });
    },
  });
  const { fake, call } = world;
  fake.setHook("acme/web", { url, secret: "s" });
  const since = world.time.now();
  const redeliver = async (request: { since?: number; container?: string } = {}, by: GitHubCall = call) => {
    await fake.settle();
    const answer = await ask(by, { container: "acme/web", endpoint, since, ...request });
    await fake.settle();
    return answer;
  };
  const opened = (title: string) => {
    fake.as("ann").createIssue("acme/web", { title });
    return fake.webhooks.deliveries.at(-1)?.id ?? "";
  };
  return { ...world, receiver, redeliver, opened, since };
}

describe("deliveries that the receiver missed", () => {
  test("are asked for once, oldest first, whatever it answered", async () => {
    const { fake, receiver, redeliver, opened, sent, time } = withReceiver();
    const seen = opened("Taken");
    const missed = [];
    for (const status of [503, 0, 404]) {
      await fake.settle();
      receiver.status = status;
      await time.advance(1_000);
      missed.push(opened(`Missed by ${status}`));
    }
    await fake.settle();
    receiver.status = 202;
    expect(await redeliver()).toEqual({ asked: 3 });
    expect(receiver.got).toEqual([seen, ...missed]);
    expect(sent()).toEqual([
      "GET /repos/{owner}/{repo}/hooks",
      "GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries",
      ...Array(3).fill("POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts"),
    ]);
    expect(await redeliver()).toEqual({ asked: 0 });
    expect(fake.violations).toEqual([]);
  });

  test("in the second of the moment itself are not lost, although GitHub tells times to the second", async () => {
    const { fake, receiver, redeliver, opened, time } = withReceiver();
    await time.advance(1_300);
    const since = time.now();
    await time.advance(200);
    receiver.status = 503;
    opened("Missed right then");
    await fake.settle();
    expect(await redeliver({ since })).toEqual({ asked: 1 });
  });

  test("that are still not taken are asked for again, once each", async () => {
    const { receiver, redeliver, opened } = withReceiver();
    receiver.status = 503;
    const missed = opened("Missed");
    expect(await redeliver()).toEqual({ asked: 1 });
    expect(await redeliver()).toEqual({ asked: 1 });
    receiver.status = 202;
    expect(await redeliver()).toEqual({ asked: 1 });
    expect(receiver.got).toEqual([missed]);
  });

  test("older than the moment, or of events that tell nothing, are left", async () => {
    const { fake, receiver, redeliver, opened, time, call, provider } = withReceiver();
    receiver.status = 503;
    opened("Old");
    await time.advance(60_000);
    const since = time.now();
    opened("New");
    await provider.webhooks?.register?.(call, { container: "acme/web", url: `${url}?second`, secret: "s" });
    expect(await redeliver({ since })).toEqual({ asked: 1 });
    // The ping of a new hook was not taken either.
    expect(fake.webhooks.deliveries.find(({ event }) => event === "ping")?.attempts).toEqual([503]);
  });

  test("of hooks that lead elsewhere, or that are switched off, are left", async () => {
    const { fake, receiver, redeliver, opened, callWith } = withReceiver();
    fake.setHook("acme/web", { url: "https://chat.example/hook" });
    receiver.status = 503;
    opened("Missed by both");
    expect(await redeliver()).toEqual({ asked: 1 });
    const attempts = fake.webhooks.deliveries.map((delivery) => [delivery.url, delivery.attempts.length]);
    expect(attempts).toEqual([
      [url, 2],
      ["https://chat.example/hook", 1],
    ]);
    const switchedOff = async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fake.fetch(input, init);
      const hooks = (await response.json()) as object[];
      return Response.json(hooks.map((hook) => ({ ...hook, active: false })));
    };
    expect(await redeliver({}, callWith({ fetch: switchedOff }))).toBeNull();
  });

  test("of more than a page are found by cursor, fifty at a time", async () => {
    const { fake, receiver, redeliver, opened, sent } = withReceiver();
    receiver.status = 503;
    const missed = [];
    for (let index = 0; index < 130; index += 1) missed.push(opened(`Missed ${index}`));
    await fake.settle();
    receiver.status = 202;
    const mark = fake.mark();
    expect(await redeliver()).toEqual({ asked: 50 });
    expect(receiver.got).toEqual(missed.slice(0, 50));
    expect(sent(mark).filter((request) => request.startsWith("GET"))).toHaveLength(3);
    expect(await redeliver()).toEqual({ asked: 50 });
    expect(await redeliver()).toEqual({ asked: 30 });
    expect(receiver.got).toEqual(missed);
  });

  test("that GitHub no longer keeps do not stand in the way of the others", async () => {
    const { fake, receiver, redeliver, opened, callWith } = withReceiver();
    receiver.status = 503;
    opened("First");
    const second = opened("Second");
    await fake.settle();
    receiver.status = 202;
    let refused = 0;
    const forgetful = async (input: string | URL | Request, init?: RequestInit) => {
      if (init?.method === "POST" && refused === 0) {
        refused += 1;
        return Response.json({ message: "Not Found" }, { status: 404 });
      }
      return fake.fetch(input, init);
    };
    expect(await redeliver({}, callWith({ fetch: forgetful }))).toEqual({ asked: 1 });
    expect(receiver.got).toEqual([second]);
  });

  test("a token that may not see hooks, or a repository without one, has none", async () => {
    const { fake, redeliver, callWith, opened } = withReceiver();
    opened("One");
    const token = fake.createToken({ login: "writer", access: "write" });
    expect(await redeliver({}, callWith({ token }))).toBeNull();
    const fineGrained = fake.createToken({ login: "admin", access: "admin", permissions: { issues: "write" } });
    expect(await redeliver({}, callWith({ token: fineGrained }))).toBeNull();
    expect(await redeliver({ container: "acme/api" })).toBeNull();
    expect(await redeliver({ container: "acme/nothing" })).toBeNull();
  });

  test("a limit is no missing permission", async () => {
    const { fake, redeliver } = withReceiver();
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 60 });
    expect(await failureOf(redeliver())).toMatchObject({ failure: "wait", operation: "webhook.redeliver" });
  });
});

describe("deliveries that an app's receiver missed", () => {
  function withApp() {
    const world = withReceiver();
    const { fake, callWith, since } = world;
    const app = fake.apps.create({ keys, webhook: { url: "https://tests.example.com/hooks/github", secret: "s" } });
    const [ours, theirs] = ["acme", "umbrella"].map((account) => fake.apps.install(app.id, { account }));
    const auth = {
      type: "app",
      appId: String(app.id),
      privateKey: app.privateKey,
      installationId: String(ours),
    } as const;
    const asApp = callWith({ auth });
    const redeliver = async (call = asApp) => {
      await fake.settle();
      const answer = await ask(call, { container: null, endpoint: null, since });
      await fake.settle();
      return answer;
    };
    return { ...world, asApp, redeliver, ours, theirs };
  }

  test("are asked for by the app itself, and only those of the installation", async () => {
    const { fake, receiver, redeliver, sent } = withApp();
    await fake.settle();
    receiver.status = 503;
    fake.as("ann").createIssue("acme/web", { title: "Ours" });
    const missed = fake.webhooks.deliveries.at(-1)?.id;
    fake.as("ann").createIssue("umbrella/site", { title: "Theirs" });
    await fake.settle();
    receiver.status = 202;
    receiver.got = [];
    expect(await redeliver()).toEqual({ asked: 1 });
    expect(receiver.got).toEqual([missed]);
    expect(sent()).toEqual(["GET /app/hook/deliveries", "POST /app/hook/deliveries/{delivery_id}/attempts"]);
    expect(fake.violations).toEqual([]);
  });

  test("also what it was told about the installation", async () => {
    const { fake, receiver, redeliver, ours } = withApp();
    await fake.settle();
    receiver.status = 0;
    fake.apps.suspend(ours ?? 0);
    expect(await redeliver()).toEqual({ asked: 1 });
  });

  test("are out of reach for a token", async () => {
    const { call, redeliver } = withApp();
    expect(await redeliver(call)).toBeNull();
  });
});
