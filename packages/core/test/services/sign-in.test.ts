import { describe, expect, it } from "vitest";
import type { Actor } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { admin, createSignInWorld, redirectUrl, type SignInWorld } from "../support/sign-in-world.ts";

async function begun(world: SignInWorld) {
  const source = await world.create();
  const { url, expiresAt } = await world.app.sources.authorize(source.id, { redirectUrl });
  return { id: source.id, url, expiresAt };
}

describe("a source whose people sign in", () => {
  it("is created without a credential, waits for it, and sends nothing", async () => {
    const world = createSignInWorld();
    const source = await world.create();
    expect(source.health).toMatchObject({
      status: "reconnect-required",
      reason: "Nobody has signed in to GitHub for this source yet.",
    });
    expect(source.credentialExpiresAt).toBeNull();
    await world.settle();
    expect(world.requests).toEqual([]);
    await expect(world.app.sources.test(source.id)).rejects.toMatchObject({
      code: "credentials-missing",
      message: expect.stringContaining("sources.authorize(id)"),
    });
    const renamed = await world.app.sources.update(source.id, {
      name: "Renamed",
      baseUrl: "https://other.example.com",
    });
    expect(renamed).toMatchObject({ name: "Renamed", health: { status: "reconnect-required" } });
  });

  it("works once somebody has signed in, with a code and its proof key", async () => {
    const world = createSignInWorld();
    const { id, url, expiresAt } = await begun(world);
    expect(expiresAt).toBe(world.time.now() + 600_000);
    const source = await world.app.sources.completeAuthorization(world.signIn.agree(url));
    expect(source).toMatchObject({ id, health: { status: "ok", reason: null }, credentialExpiresAt: null });
    expect(world.signIn.exchanges).toBe(1);
    expect(await world.app.sources.test(id)).toMatchObject({ ok: true, expiresAt: null });
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    expect(await world.moving(world.app.defects.push(defect.id))).toMatchObject({ status: "synced" });
    const { items } = await world.app.activity.list();
    expect(items.find((one) => one.type === "source-authorized")).toMatchObject({
      actorId: "ann",
      sourceId: id,
      data: { from: "reconnect-required" },
    });
  });

  it("takes the redirect as a URL, a query, parameters or an object", async () => {
    for (const shape of [
      (url: URL) => url,
      (url: URL) => url.href,
      (url: URL) => url.search,
      (url: URL) => url.search.slice(1),
      (url: URL) => url.searchParams,
      (url: URL) => Object.fromEntries(url.searchParams),
    ]) {
      const world = createSignInWorld();
      const { url } = await begun(world);
      const redirect = shape(new URL(world.signIn.agree(url)));
      expect(await world.app.sources.completeAuthorization(redirect)).toMatchObject({ health: { status: "ok" } });
    }
  });

  it("keeps its credential until another sign-in is completed, and then has the new one", async () => {
    const world = createSignInWorld();
    const { id } = await world.signedIn();
    const [before] = await world.storage.find({ tenantId: "acme" }, { table: "secret", by: "all", keys: [[]] });
    await world.app.sources.test(id);
    const { url } = await world.app.sources.authorize(id, { redirectUrl });
    expect((await world.app.sources.get(id)).account).not.toBeNull();
    expect(await world.storage.find({ tenantId: "acme" }, { table: "secret", by: "all", keys: [[]] })).toEqual([
      before,
    ]);
    await world.app.sources.completeAuthorization(world.signIn.agree(url));
    // It may be somebody else's.
    expect((await world.app.sources.get(id)).account).toBeNull();
    expect(await world.sourceRow(id)).toMatchObject({ credentialVersion: 3 });
  });

  it("never shows a code, a token, a verifier or the application's secret", async () => {
    const world = createSignInWorld();
    const { id } = await world.signedIn();
    const { url } = await world.app.sources.authorize(id, { redirectUrl });
    const redirect = world.signIn.agree(url);
    world.signIn.failNext("status-500");
    const failed = await errorOf(world.app.sources.completeAuthorization(redirect));
    await world.app.sources.completeAuthorization(world.signIn.agree(url));
    await world.time.advance(3_600_000);
    await world.app.sources.test(id);
    const said = `${await world.everythingSaid()} ${url} ${String(failed.stack)} ${JSON.stringify(failed)}`;
    expect(world.signIn.secrets.length).toBeGreaterThan(6);
    for (const secret of world.signIn.secrets) expect(said).not.toContain(secret);
    for (const secret of world.signIn.secrets)
      expect(said).not.toContain(Buffer.from(secret).toString("base64url").slice(0, 12));
  });
});

/** Nothing changed: the row, its secret and what was told are as before. */
async function changesNothing(world: SignInWorld, attempt: () => Promise<unknown>) {
  const look = async () =>
    JSON.stringify([
      await world.storage.find({ tenantId: "acme" }, { table: "source", by: "all", keys: [[]] }),
      await world.storage.find({ tenantId: "acme" }, { table: "secret", by: "all", keys: [[]] }),
      await world.app.activity.list(),
    ]);
  const before = await look();
  const error = await errorOf(attempt());
  expect(await look()).toBe(before);
  return error;
}

describe("a sign-in that is not good", () => {
  it("was refused by the person or the tracker", async () => {
    const world = createSignInWorld();
    const { url } = await begun(world);
    const error = await changesNothing(world, () => world.app.sources.completeAuthorization(world.signIn.deny(url)));
    expect(error).toMatchObject({
      code: "authorization-denied",
      data: { error: "access_denied" },
      message: expect.stringContaining("access_denied: The person said no."),
    });
    expect(world.signIn.exchanges).toBe(0);
  });

  it("says nothing of an error that comes without a state of ours", async () => {
    const world = createSignInWorld();
    await begun(world);
    const forged = { error: "call_this_number", error_description: "+1 555", state: "x.y" };
    const error = await changesNothing(world, () => world.app.sources.completeAuthorization(forged));
    expect(error).toMatchObject({ code: "authorization-invalid" });
    expect(error.message).not.toContain("555");
  });

  it.each([
    ["another user of the tenant", { tenantId: "acme", userId: "eve", role: "owner" }],
    ["the same user of another tenant", { tenantId: "other", userId: "ann", role: "owner" }],
    ["the system of the tenant", { tenantId: "acme", system: true }],
  ] as const)("ends with %s", async (_who, actor: Actor) => {
    const world = createSignInWorld();
    const redirect = world.signIn.agree((await begun(world)).url);
    const { sources } = world.backref.as(actor);
    const error = await changesNothing(world, () => sources.completeAuthorization(redirect));
    expect(error).toMatchObject({ code: "authorization-invalid" });
    expect(world.signIn.exchanges).toBe(0);
  });

  it("was changed on the way", async () => {
    const world = createSignInWorld();
    const redirect = new URL(world.signIn.agree((await begun(world)).url));
    const state = redirect.searchParams.get("state") ?? "";
    const flipped = `${state.slice(0, 20)}${state[20] === "A" ? "B" : "A"}${state.slice(21)}`;
    for (const wrong of [flipped, `other${state}`, state.slice(0, -2), "", ".", "test.", "test.AAAA"]) {
      const query = { ...Object.fromEntries(redirect.searchParams), state: wrong };
      const error = await changesNothing(world, () => world.app.sources.completeAuthorization(query));
      expect(error).toMatchObject({ code: "authorization-invalid" });
    }
    const twice = `${redirect.search}&state=${state}`;
    expect(await errorOf(world.app.sources.completeAuthorization(twice))).toMatchObject({
      code: "authorization-invalid",
    });
    const noCode = { state };
    expect(await errorOf(world.app.sources.completeAuthorization(noCode))).toMatchObject({
      code: "authorization-invalid",
    });
    expect(world.signIn.exchanges).toBe(0);
  });

  it("took too long", async () => {
    const world = createSignInWorld();
    const redirect = world.signIn.agree((await begun(world)).url);
    await world.time.advance(600_000);
    const error = await changesNothing(world, () => world.app.sources.completeAuthorization(redirect));
    expect(error).toMatchObject({ code: "authorization-invalid" });
  });

  it("ends twice: the second ends nothing, and spends no code", async () => {
    const world = createSignInWorld();
    const { url } = await begun(world);
    const [first, second] = [world.signIn.agree(url), world.signIn.agree(url)];
    await world.app.sources.completeAuthorization(first);
    for (const again of [first, second]) {
      const error = await changesNothing(world, () => world.app.sources.completeAuthorization(again));
      expect(error).toMatchObject({ code: "authorization-invalid" });
    }
    expect(world.signIn.exchanges).toBe(1);
  });

  it("ends twice at once: one of them counts", async () => {
    const world = createSignInWorld();
    const { id, url } = await begun(world);
    const both = [world.signIn.agree(url), world.signIn.agree(url)];
    const ends = await Promise.allSettled(
      both.map((one) => world.process().as(admin).sources.completeAuthorization(one)),
    );
    expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await world.sourceRow(id)).toMatchObject({ credentialVersion: 2, health: "ok" });
    expect(await world.app.sources.test(id)).toMatchObject({ ok: true });
  });

  it("was overtaken: another credential, another address, a source that is gone, a right that was taken", async () => {
    const world = createSignInWorld();
    const { id, url } = await begun(world);
    const redirect = world.signIn.agree(url);
    const member: Actor = { tenantId: "acme", userId: "ann", projects: { web: "member" } };
    const demoted = await changesNothing(world, () => world.backref.as(member).sources.completeAuthorization(redirect));
    expect(demoted).toMatchObject({ code: "permission-denied" });
    await world.app.sources.update(id, { baseUrl: "https://evil.example.com" });
    const moved = await changesNothing(world, () => world.app.sources.completeAuthorization(redirect));
    expect(moved).toMatchObject({ code: "authorization-invalid" });
    await world.app.sources.update(id, { baseUrl: "https://api.github.com", auth: { type: "token", token: "ghp_x" } });
    const replaced = await changesNothing(world, () => world.app.sources.completeAuthorization(redirect));
    expect(replaced).toMatchObject({ code: "authorization-invalid" });
    await world.app.sources.delete(id);
    expect(await errorOf(world.app.sources.completeAuthorization(redirect))).toMatchObject({ code: "not-found" });
    expect(world.signIn.exchanges).toBe(0);
  });

  it("is not answered by the tracker, or refused there: the code is spent, nothing else happened", async () => {
    const world = createSignInWorld();
    const { url } = await begun(world);
    for (const [fault, code] of [
      ["lost-after", "tracker-ambiguous"],
      ["rate-limit", "tracker-rate-limited"],
      ["unauthorized", "tracker-unauthorized"],
    ] as const) {
      world.signIn.failNext(fault);
      const redirect = world.signIn.agree(url);
      expect(await changesNothing(world, () => world.app.sources.completeAuthorization(redirect))).toMatchObject({
        code,
      });
    }
    const wrongCode = world.signIn.agree(url).replace(/code=code_/, "code=other_");
    expect(await errorOf(world.app.sources.completeAuthorization(wrongCode))).toMatchObject({
      code: "tracker-unauthorized",
    });
    expect(await world.app.sources.completeAuthorization(world.signIn.agree(url))).toMatchObject({
      health: { status: "ok" },
    });
  });
});

describe("sources.authorize", () => {
  it("is for those who may change the source, and only where the provider has it", async () => {
    const world = createSignInWorld();
    const { id } = await world.create();
    const viewer: Actor = { tenantId: "acme", userId: "vic", projects: { web: "viewer" } };
    const attempt = world.backref.as(viewer).sources.authorize(id, { redirectUrl });
    expect(await errorOf(attempt)).toMatchObject({ code: "permission-denied" });
    const stranger: Actor = { tenantId: "other", userId: "ann", role: "owner" };
    expect(await errorOf(world.backref.as(stranger).sources.authorize(id, { redirectUrl }))).toMatchObject({
      code: "not-found",
    });
  });

  it.each([
    ["/relative"],
    ["ftp://host.example/"],
    ["https://host.example/#part"],
    [`https://h.example/${"x".repeat(1_000)}`],
    [7],
  ])("refuses the redirect URL %j", async (wrong) => {
    const world = createSignInWorld();
    const { id } = await world.create();
    const attempt = world.app.sources.authorize(id, { redirectUrl: wrong as string });
    expect(await errorOf(attempt)).toMatchObject({ code: "invalid-input", issues: [{ path: ["redirectUrl"] }] });
  });

  it("needs a key, which a host with its own vault gives beside it", async () => {
    const kept = new Map<string, string>();
    const vault = {
      read: async ({ sourceId, name }: { sourceId: string; name: string }) => kept.get(`${sourceId} ${name}`) ?? null,
      async write({ sourceId, name }: { sourceId: string; name: string }, value: string | null) {
        if (value === null) kept.delete(`${sourceId} ${name}`);
        else kept.set(`${sourceId} ${name}`, value);
      },
    };
    const keyless = createSignInWorld({ vault, hasKeys: false });
    const { id } = await keyless.create();
    expect(await errorOf(keyless.app.sources.authorize(id, { redirectUrl }))).toMatchObject({
      code: "credentials-missing",
      message: expect.stringContaining("`secretKeys`"),
    });
    const world = createSignInWorld({ vault });
    const source = await world.signedIn();
    expect(await world.app.sources.test(source.id)).toMatchObject({ ok: true });
    expect(await world.storage.find({ tenantId: "acme" }, { table: "secret", by: "all", keys: [[]] })).toEqual([]);
    expect([...kept.values()].join(" ")).toContain("rt_");
    await world.time.advance(3_600_000);
    expect(await world.app.sources.test(source.id)).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(1);
  });
});
