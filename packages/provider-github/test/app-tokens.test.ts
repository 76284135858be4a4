import { inspect } from "node:util";
import type { FetchFunction } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { minting, newIssue, setUpApp } from "./app-support.ts";
import { failureOf } from "./support.ts";

const container = "acme/web";
const reading = "GET /repos/{owner}/{repo}";
const hour = 3_600_000;

function setUpTokens(options: Parameters<typeof setUpApp>[0] = {}) {
  const world = setUpApp(options);
  const { comments, create } = world.provider;
  if (comments === undefined || create === undefined) throw new Error("a group is missing");
  const probe = (call = world.call) => world.connect.probe(call, { container });
  return { ...world, comments, create, probe };
}

describe("an installation's token", () => {
  test("is made for the first call and serves all others", async () => {
    const { probe, appCall, sent } = setUpTokens();
    expect(await probe()).toBe(true);
    expect(await probe(appCall())).toBe(true);
    expect(sent()).toEqual([minting, reading, reading]);
  });

  test("is made once for calls at the same time", async () => {
    const { probe, appCall, sent } = setUpTokens();
    await Promise.all(Array.from({ length: 10 }, () => probe(appCall())));
    expect(sent().filter((request) => request === minting)).toHaveLength(1);
  });

  test("is renewed before it ends", async () => {
    const { probe, time, sent, fake } = setUpTokens();
    await probe();
    await time.advance(hour - 301_000);
    await probe();
    expect(sent()).toEqual([minting, reading, reading]);
    const mark = fake.mark();
    await time.advance(2_000);
    await probe();
    expect(sent(mark)).toEqual([minting, reading]);
  });

  test("is renewed in time by GitHub's clock, whatever ours says", async () => {
    const { fake, probe, time, appCall, sent } = setUpTokens();
    const skewed = { now: () => time.now() + 50 * 60_000, monotonic: () => time.clock.monotonic() };
    const call = appCall({ clock: skewed });
    await probe(call);
    const mark = fake.mark();
    await time.advance(50 * 60_000);
    await probe(call);
    expect(sent(mark)).toEqual([reading]);
    await time.advance(6 * 60_000);
    await probe(call);
    // The first of the two told what time it is.
    expect(sent(mark)).toEqual([reading, minting, minting, reading]);
  });

  test("goes to nobody who only knows the ids", async () => {
    const { fake, connect, probe, auth, appCall } = setUpTokens();
    await probe();
    const foreign = { ...auth, privateKey: fake.apps.create({ name: "other" }).privateKey };
    const stolen = failureOf(connect.probe(appCall({ auth: foreign }), { container }));
    expect(await stolen).toMatchObject({ failure: "auth", operation: "app.token" });
  });

  test("is another one on another server", async () => {
    const { probe, appCall, sent } = setUpTokens();
    await probe();
    await probe(appCall({ baseUrl: "https://api.acme.ghe.com" }));
    expect(sent()).toEqual([minting, reading, minting, reading]);
  });

  test("that is over all the same is replaced, and the request sent once more", async () => {
    const { fake, create, call, probe, time, sent } = setUpTokens();
    await probe();
    await time.advance(10_000);
    const mark = fake.mark();
    fake.faults.add({ kind: "status-before", status: 401 });
    const created = await create.create(call, newIssue);
    expect(created.issue.author?.login).toBe("tests-sync[bot]");
    expect(sent(mark)).toEqual(["POST /repos/{owner}/{repo}/issues", minting, "POST /repos/{owner}/{repo}/issues"]);
    expect(fake.issues(container)).toHaveLength(1);
  });

  test("is replaced once for requests that are refused at the same time", async () => {
    const { fake, probe, appCall, time, sent } = setUpTokens();
    await probe();
    await time.advance(10_000);
    const mark = fake.mark();
    fake.faults.add({ kind: "status-before", status: 401, times: 3, match: { operation: "/repos/{owner}/{repo}" } });
    expect(await Promise.all([1, 2, 3].map(() => probe(appCall())))).toEqual([true, true, true]);
    expect(sent(mark).filter((request) => request === minting)).toHaveLength(1);
  });

  test("that GitHub does not know yet is given time: nobody has to enter a credential", async () => {
    const { fake, probe, time, sent } = setUpTokens();
    fake.faults.add({ kind: "status-before", status: 401, times: 2, match: { operation: "/repos/{owner}/{repo}" } });
    expect(await failureOf(probe())).toMatchObject({ failure: "retry", status: 401, isRetryable: true });
    expect(sent()).toEqual([minting, reading]);
    await time.advance(1_000);
    expect(await failureOf(probe())).toMatchObject({ failure: "retry" });
    await time.advance(1_000);
    expect(await probe()).toBe(true);
    expect(sent()).toEqual([minting, reading, reading, reading]);
  });

  test("shows in no error and no log", async () => {
    const { fake, probe, create, call, logs, installationId } = setUpTokens();
    const kinds = ["lost-before", "lost-after", "html", "refuse"] as const;
    const errors: unknown[] = [];
    for (const kind of kinds) {
      await probe();
      fake.faults.add({ kind });
      errors.push(await failureOf(create.create(call, newIssue)));
    }
    fake.apps.suspend(installationId);
    errors.push(await failureOf(probe()));
    const shown = inspect([errors, logs], { depth: 12, maxStringLength: null });
    expect(shown).not.toMatch(/ghs_|eyJ|PRIVATE KEY/);
  });

  test("is asked for again where the one who asked was given up on", async () => {
    const { fake, probe, appCall, sent } = setUpTokens();
    const patience = new AbortController();
    let isFirst = true;
    const fetch: FetchFunction = async (input, init) => {
      if (isFirst) {
        isFirst = false;
        patience.abort(new Error("nobody waits"));
        throw init?.signal?.reason;
      }
      return fake.fetch(input, init);
    };
    const first = failureOf(probe(appCall({ fetch, signal: patience.signal })));
    const second = probe(appCall({ fetch }));
    expect(await first).toMatchObject({ failure: "retry" });
    expect(await second).toBe(true);
    expect(sent()).toEqual([minting, reading]);
  });
});

describe("a refused app", () => {
  const refusals: readonly (readonly [string, (world: ReturnType<typeof setUpApp>) => object, RegExp])[] = [
    [
      "a key of another app",
      ({ fake }) => ({ privateKey: fake.apps.create({ name: "other" }).privateKey }),
      /401 \(A JSON web token could not be decoded\)\. The private key does not belong to app \d+, or was deleted/,
    ],
    ["an unknown app", () => ({ appId: "17" }), /404 \(Integration not found\)\. There is no app 17 on this server/],
    [
      "an unknown installation",
      () => ({ installationId: "17" }),
      /has no installation 17 on this server: it was uninst/,
    ],
    [
      "an installation of another app",
      ({ fake }) => ({
        installationId: String(fake.apps.install(fake.apps.create({ name: "b" }).id, { account: "acme" })),
      }),
      /has no installation \d+ on this server/,
    ],
    [
      "no key at all",
      () => ({ privateKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" }),
      /cannot be used/,
    ],
  ];
  test.each(refusals)("%s is told with what to do", async (_, changesOf, words) => {
    const world = setUpApp();
    const auth = { ...world.auth, ...changesOf(world) };
    const error = await failureOf(world.connect.probe(world.appCall({ auth }), { container }));
    expect(error).toMatchObject({ failure: "auth" });
    expect(error.message).toMatch(words);
    for (const line of auth.privateKey.split("\n").slice(1, -2)) {
      expect(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify(world.logs)}`).not.toContain(line);
    }
  });

  test("a suspended installation, before and after the token was made", async () => {
    const { fake, installationId, probe, time } = setUpTokens();
    fake.apps.suspend(installationId);
    const words = /403 \(This installation has been suspended\)\. Installation \d+ of app \d+ is suspended: whoever/;
    const before = await failureOf(probe());
    expect(before).toMatchObject({ failure: "auth", status: 403, operation: "app.token" });
    expect(before.message).toMatch(words);
    fake.apps.unsuspend(installationId);
    expect(await probe()).toBe(true);
    fake.apps.suspend(installationId);
    const after = await failureOf(probe());
    expect(after).toMatchObject({ failure: "auth", status: 403, operation: "connect.probe" });
    expect(after.message).toMatch(words);
    fake.apps.unsuspend(installationId);
    await time.advance(10_000);
    expect(await probe()).toBe(true);
  });

  test("an installation that was removed", async () => {
    const { fake, installationId, probe, time, comments, call } = setUpTokens();
    await probe();
    await time.advance(10_000);
    const issue = fake.as("ann").createIssue(container, { title: "Title" });
    fake.apps.uninstall(installationId);
    const error = await failureOf(probe());
    expect(error).toMatchObject({ failure: "auth", status: 404 });
    expect(error.message).toContain("it was uninstalled");
    // That nobody is there to sign in as says nothing about what was asked for.
    const place = { remoteId: issue.nodeId, container, item: "1", raw: null };
    const deleting = comments.delete?.(call, { issue: place, commentId: "1" });
    expect(await failureOf(deleting ?? expect.unreachable())).toMatchObject({ failure: "auth" });
  });

  test.each([
    [-3_600_000, "3600 s behind"],
    [3_600_000, "3600 s ahead of"],
  ])("a clock that is %i ms wrong is allowed for, and told", async (offMs, words) => {
    const { probe, appCall, time, sent, logs } = setUpTokens();
    const clock = { now: () => time.now() + offMs, monotonic: () => time.clock.monotonic() };
    expect(await probe(appCall({ clock }))).toBe(true);
    expect(sent()).toEqual([minting, minting, reading]);
    expect(logs).toContainEqual({ level: "warn", message: expect.stringContaining(words) });
  });

  test("a clock that is wrong where GitHub does not tell the time", async () => {
    const { fake, probe, appCall, time } = setUpTokens();
    const clock = { now: () => time.now() + 3_600_000, monotonic: () => time.clock.monotonic() };
    const fetch: FetchFunction = async (input, init) => {
      const response = await fake.fetch(input, init);
      response.headers.delete("date");
      return response;
    };
    const error = await failureOf(probe(appCall({ clock, fetch })));
    // The credential is good: it must not be asked for again.
    expect(error).toMatchObject({ failure: "retry" });
    expect(error.message).toContain("clock of this machine");
  });

  test("what the app may not do names the permission and who gives it", async () => {
    const { fake, installationId, call, comments } = setUpTokens();
    fake.apps.change(installationId, { permissions: { issues: "read", metadata: "read" } });
    const issue = fake.as("ann").createIssue(container, { title: "Title" });
    const place = { remoteId: issue.nodeId, container, item: "1", raw: null };
    const error = await failureOf(comments.create(call, { issue: place, body: "Hello", token: "t" }));
    expect(error).toMatchObject({ failure: "forbidden" });
    expect(error.message).toContain("enough would be: issues=write. Give it that in the app's settings");
  });

  test("trouble on the way to a token is no doubt about the work behind it", async () => {
    const { fake, call, create } = setUpTokens();
    fake.faults.add({ kind: "lost-after", match: { operation: "/app/installations/{installation_id}/access_tokens" } });
    const creating = create.create(call, newIssue);
    expect(await failureOf(creating)).toMatchObject({ failure: "retry" });
  });
});
