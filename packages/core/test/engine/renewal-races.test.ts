import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../../src/errors/provider-error.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { errorOf } from "../support/error-of.ts";
import { admin, createSignInWorld, redirectUrl, type SignInWorldOptions } from "../support/sign-in-world.ts";

const hourMs = 3_600_000;

async function aging(options: SignInWorldOptions = {}) {
  const world = createSignInWorld(options);
  const { id } = await world.signedIn();
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.moving(world.app.defects.push(defect.id));
  await world.settle();
  await world.time.advance(hourMs - 60_000);
  const status = async () => (await world.app.defects.links(defect.id))[0]?.status;
  const healthNews = async () =>
    (await world.app.activity.list({ limit: 100 })).items.filter(({ type }) => type === "source-health-changed");
  return { ...world, id, defectId: defect.id, status, healthNews };
}

/** The storage, where this happens before anybody is given the right to renew, once. */
function beforeLease(inner: Storage, work: () => Promise<unknown>): Storage {
  let isDone = false;
  return {
    ...inner,
    system: {
      ...inner.system,
      async reserve(request) {
        if (!isDone && request.budgetId.startsWith("renewal/")) {
          isDone = true;
          await work();
        }
        return inner.system.reserve(request);
      },
    },
  };
}

/** The storage, where this happens before a source is changed, once. */
function beforeChange(inner: Storage, work: () => Promise<unknown>): Storage {
  let isDone = false;
  return {
    ...inner,
    async commit(scope, units) {
      if (!isDone && units.some(({ write }) => write.some((one) => one.type === "update" && one.table === "source"))) {
        isDone = true;
        await work();
      }
      return inner.commit(scope, units);
    },
  };
}

describe("two processes that renew one credential", () => {
  it("the second is given the right only after the first is done, and finds what that one stored", async () => {
    const world = await aging();
    const first = () => world.app.sources.test(world.id);
    const second = world.process({ storage: beforeLease(world.storage, first) });
    expect(await world.moving(second.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(1);
  });

  it("an admin signs in at that moment: the new sign-in is used, and nothing of it is spent", async () => {
    const world = await aging();
    const signIn = async () => {
      const { url } = await world.app.sources.authorize(world.id, { redirectUrl });
      await world.app.sources.completeAuthorization(world.signIn.agree(url));
    };
    const other = world.process({ storage: beforeLease(world.storage, signIn) });
    expect(await world.moving(other.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(0);
    expect(await world.sourceRow(world.id)).toMatchObject({ credentialVersion: 3 });
  });

  it("an admin signs in while the tracker renews: the sign-in stays, what was renewed is dropped", async () => {
    const world = await aging();
    let isDone = false;
    const other = world.process({
      async fetch(input, init) {
        const request = new Request(input, init);
        const response = await world.fetch(request);
        if (isDone || !request.url.startsWith(world.signIn.origin)) return response;
        isDone = true;
        const { url } = await world.app.sources.authorize(world.id, { redirectUrl });
        await world.app.sources.completeAuthorization(world.signIn.agree(url));
        return response;
      },
    });
    expect(await world.moving(other.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    expect(await world.sourceRow(world.id)).toMatchObject({ credentialVersion: 3 });
    // The sign-in is an hour old before anything is renewed again.
    await world.time.advance(hourMs / 2);
    expect(await world.app.sources.test(world.id)).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(1);
  });

  it("an admin renames the source while the tracker renews: both happen", async () => {
    const world = await aging();
    let isDone = false;
    const other = world.process({
      async fetch(input, init) {
        const request = new Request(input, init);
        const response = await world.fetch(request);
        if (!isDone && request.url.startsWith(world.signIn.origin)) {
          isDone = true;
          await world.app.sources.update(world.id, { name: "Renamed" });
        }
        return response;
      },
    });
    expect(await world.moving(other.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    expect(await world.sourceRow(world.id)).toMatchObject({ name: "Renamed", credentialVersion: 3 });
    await world.time.advance(hourMs / 2);
    expect(await world.app.sources.test(world.id)).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(1);
  });

  it("an admin changes the source in the moment of a commit: neither is lost, and every change has a revision", async () => {
    const world = await aging();
    const before = await world.sourceRow(world.id);
    const rename = () => world.app.sources.update(world.id, { name: "Renamed" });
    const renewing = world.process({ storage: beforeChange(world.storage, rename) });
    expect(await world.moving(renewing.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    const revision = (before?.revision ?? 0) + 2;
    expect(await world.sourceRow(world.id)).toMatchObject({ name: "Renamed", credentialVersion: 3, revision });
    await world.time.advance(hourMs);
    const renew = () => world.process().as(admin).sources.test(world.id);
    const replacing = world.process({ storage: beforeChange(world.storage, renew) }).as(admin).sources;
    await world.moving(replacing.update(world.id, { auth: { type: "token", token: world.github.token } }));
    // One for the renewal, one for what the admin entered: nobody takes one for the other.
    expect(await world.sourceRow(world.id)).toMatchObject({ credentialVersion: 5 });
    expect(await world.app.sources.test(world.id)).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(2);
  });

  it("one is refused because the other was late to store: it looks again, and nobody is asked to sign in", async () => {
    const world = await aging();
    let isDown = true;
    const down: Storage = {
      ...world.storage,
      commit: (scope, units) =>
        isDown ? Promise.reject(Object.assign(new Error("away"), storageAway)) : world.storage.commit(scope, units),
    };
    const late = world.process({ storage: down }).as(admin).sources.test(world.id);
    await world.time.advance(61_000);
    expect(world.signIn.refreshes).toBe(1);
    const second = world.process({
      async fetch(input, init) {
        const request = new Request(input, init);
        if (!request.url.startsWith(world.signIn.origin)) return world.fetch(request);
        isDown = false;
        await late;
        return new Response(JSON.stringify({ error: "invalid_grant" }), { status: 400 });
      },
    });
    expect(await world.moving(second.as(admin).sources.test(world.id))).toMatchObject({ ok: true });
    expect(await world.healthNews()).toEqual([]);
  });
});

/** As any copy of the package would throw it. */
const storageAway = {
  [Symbol.for("backref.error")]: true,
  [Symbol.for("backref.storage-error")]: true,
  code: "storage-unavailable",
  isRetryable: true,
};

describe("a renewal that fails for good", () => {
  it("stops the source, though nothing but links is due; a renewal that works after all starts everything afresh", async () => {
    const world = await aging({ limits: { pollIntervalMs: 86_400_000 } });
    await world.app.defects.update(world.defectId, { title: "Edited" });
    world.signIn.failNext("unauthorized");
    await world.settle();
    expect(await world.status()).toBe("blocked");
    expect(await world.app.sources.get(world.id)).toMatchObject({
      health: { status: "reconnect-required", reason: expect.stringContaining("not accepted") },
    });
    await world.time.advance(60_000);
    expect(await world.app.sources.test(world.id)).toMatchObject({ ok: true });
    expect(await world.status()).toBe("pending");
    expect(await world.healthNews()).toMatchObject([
      { data: { from: "reconnect-required", to: "ok", reason: "The credential was renewed." } },
      { data: { to: "reconnect-required" } },
    ]);
    await world.settle();
    expect(await world.status()).toBe("synced");
  });

  it("says nothing of what was sent, even where the provider would quote it", async () => {
    const world = await aging();
    const { authorization } = world.provider;
    const quoting = (operation: string, what: string, failure: "auth" | "ambiguous") => {
      const cause = { body: what };
      return Promise.reject(
        new ProviderError({ providerId: "github", operation, failure, message: `sent ${what}`, cause }),
      );
    };
    Object.assign(authorization, {
      refresh: (call: { auth: { refresh: string; access: string } }) =>
        quoting("refresh", `${call.auth.refresh} and ${call.auth.access}`, "auth"),
      exchange: (_call: unknown, request: { query: { code: string }; codeVerifier: string }) =>
        quoting("exchange", `${request.query.code} and ${request.codeVerifier}`, "ambiguous"),
    });
    const failures = [await errorOf(world.app.sources.test(world.id))];
    expect(failures[0]).toMatchObject({ code: "tracker-unauthorized", message: "sent [redacted] and [redacted]" });
    const { url } = await world.app.sources.authorize(world.id, { redirectUrl });
    failures.push(await errorOf(world.app.sources.completeAuthorization(world.signIn.agree(url))));
    expect(failures[1]).toMatchObject({ code: "tracker-ambiguous", message: "sent [redacted] and [redacted]" });
    // A mistake in a provider: nobody knows what its words are.
    Object.assign(authorization, {
      exchange: (_call: unknown, request: { query: { code: string } }) =>
        Promise.reject(new TypeError(request.query.code)),
    });
    failures.push(await errorOf(world.app.sources.completeAuthorization(world.signIn.agree(url))));
    const said = [
      ...failures.map((error) => `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`),
      await world.everythingSaid(),
    ].join();
    for (const secret of world.signIn.secrets) expect(said).not.toContain(secret);
  });

  it("leaves nothing behind when the source is deleted", async () => {
    const world = await aging();
    for (let time = 0; time < 3; time += 1) {
      world.signIn.endAccess();
      await world.app.sources.test(world.id);
    }
    const keys = [[`renewal/${world.id}`], [`refusal/${world.id}`]];
    const rows = () => world.storage.find({ tenantId: "acme" }, { table: "budget", by: "id", keys });
    expect(await rows()).toHaveLength(2);
    await world.app.sources.delete(world.id, { detach: true });
    expect(await rows()).toEqual([]);
  });
});

describe("issues.refresh", () => {
  it("goes on where it was when the credential ends in the middle, and reads nothing twice", async () => {
    const world = createSignInWorld({ storage: (clock) => createMemoryStorage({ clock }) });
    const { id } = await world.signedIn();
    for (let number = 1; number <= 250; number += 1) {
      world.github.as("lena").createIssue("acme/web", { title: `Issue ${number}` });
    }
    const addMany = Array.from({ length: 250 }, (_, index) => ({
      object: { type: "test-case", id: `TC-${index}`, projectId: "web" },
      sourceId: id,
      issue: `acme/web#${index + 1}`,
      relation: "relates-to",
    }));
    for (const input of addMany) await world.app.references.add(input);
    await world.time.advance(hourMs / 2);
    let reads = 0;
    const other = world.process({
      async fetch(input, init) {
        const request = new Request(input, init);
        if (!request.url.startsWith(world.signIn.origin)) reads += 1;
        if (reads === 2) world.signIn.endAccess();
        return world.fetch(request);
      },
    });
    const summary = await world.moving(other.as(admin).issues.refresh({ sourceId: id }));
    expect(summary).toMatchObject({ requested: 250, read: 250, failed: 0, problems: [] });
    expect(reads).toBe(4);
    expect(world.signIn.refreshes).toBe(1);
  }, 20_000);
});
