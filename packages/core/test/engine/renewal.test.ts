import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, it } from "vitest";
import { StorageError } from "../../src/index.ts";
import type { SourceRow } from "../../src/storage/rows/source-rows.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { errorOf } from "../support/error-of.ts";
import {
  admin,
  createSignInWorld,
  redirectUrl,
  type SignInWorld,
  type SignInWorldOptions,
} from "../support/sign-in-world.ts";

const hourMs = 3_600_000;

/** A source with synced links whose access token ends in a minute. */
async function aging(options: SignInWorldOptions = {}, links = 1) {
  const world = createSignInWorld(options);
  const source = await world.signedIn();
  const pushed = [];
  for (let count = 0; count < links; count += 1) {
    const defect = await world.app.defects.create({ projectId: "web", title: `Total is wrong ${count}` });
    pushed.push(await world.moving(world.app.defects.push(defect.id)));
  }
  expect(pushed.map(({ status }) => status)).toEqual(pushed.map(() => "synced"));
  await world.time.advance(hourMs - 60_000);
  return { ...world, sourceId: source.id, defectIds: pushed.map(({ defectId }) => defectId) };
}

const editAll = async (
  world: { readonly app: SignInWorld["app"]; readonly defectIds: readonly string[] },
  title: string,
) => {
  for (const id of world.defectIds) await world.app.defects.update(id, { title });
};

const titles = (world: SignInWorld) => world.github.issues("acme/web").map(({ title }) => title);
const statusesOf = async (world: SignInWorld & { readonly defectIds: readonly string[] }) =>
  Promise.all(world.defectIds.map(async (id) => (await world.app.defects.links(id))[0]?.status));
const typesOf = async (world: SignInWorld) =>
  (await world.app.activity.list({ limit: 100 })).items.map(({ type }) => type);

describe("a credential that is about to end", () => {
  it("is renewed before it is used; the source's account, health and links are as they were", async () => {
    const world = await aging();
    const before = (await world.sourceRow(world.sourceId)) as SourceRow;
    await editAll(world, "Total is wrong with a voucher");
    await world.settle();
    expect(world.signIn.refreshes).toBe(1);
    expect(titles(world)).toEqual(["Total is wrong with a voucher"]);
    expect(await world.sourceRow(world.sourceId)).toMatchObject({
      credentialVersion: before.credentialVersion + 1,
      credentialExpiresAt: null,
      accountId: before.accountId,
      budgetId: before.budgetId,
      health: "ok",
      healthSince: before.healthSince,
      updatedAt: before.updatedAt,
    });
    expect(await typesOf(world)).not.toContain("source-health-changed");
  });

  it("is renewed once, by whichever of three processes is first", async () => {
    const world = await aging({ answerAfterMs: 300 }, 9);
    await editAll(world, "Changed");
    const three = [world.process(), world.process(), world.process()];
    await world.settle(...three);
    expect(world.signIn.refreshes).toBe(1);
    expect(new Set(titles(world))).toEqual(new Set(["Changed"]));
    expect(await statusesOf(world)).toEqual(world.defectIds.map(() => "synced"));
    expect(await typesOf(world)).not.toContain("source-health-changed");
    // Tests of three processes at once: they wait for the first.
    await world.time.advance(hourMs - 60_000);
    const reports = await world.moving(Promise.all(three.map((one) => one.as(admin).sources.test(world.sourceId))));
    expect(reports.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(world.signIn.refreshes).toBe(2);
  });

  it("is renewed every hour for days, and nobody has to do anything", async () => {
    const world = createSignInWorld();
    const { id } = await world.signedIn();
    for (let hour = 0; hour < 50; hour += 1) {
      await world.time.advance(hourMs);
      expect(await world.app.sources.test(id)).toMatchObject({ ok: true });
    }
    expect(world.signIn.refreshes).toBe(50);
    expect(await world.app.sources.get(id)).toMatchObject({ credentialExpiresAt: null, health: { status: "ok" } });
  });

  it("is used to its end while the tracker cannot renew it, and renewed when it can", async () => {
    const world = await aging();
    world.signIn.failNext("status-500");
    await editAll(world, "First");
    await world.settle();
    expect(titles(world)).toEqual(["First"]);
    expect(world.logs).toContainEqual(expect.objectContaining({ message: "A credential could not be renewed yet" }));
    await world.time.advance(120_000);
    await editAll(world, "Second");
    await world.settle();
    expect(titles(world)).toEqual(["Second"]);
    expect(await statusesOf(world)).toEqual(["synced"]);
  });

  it("waits in a source whose tracker is away, and no link is blocked or failed by it", async () => {
    const world = await aging();
    await world.time.advance(120_000);
    world.signIn.failNext("status-500");
    await editAll(world, "Later");
    await world.settle();
    expect(await statusesOf(world)).toEqual(["pending"]);
    expect(await world.app.sources.get(world.sourceId)).toMatchObject({ health: { status: "ok" } });
    await world.time.advance(90_000);
    await world.settle();
    expect(await statusesOf(world)).toEqual(["synced"]);
    expect(titles(world)).toEqual(["Later"]);
  });
});

/** A storage whose commits fail while `isDown`. */
function weakStorage(inner: Storage, weak: { isDown: boolean }): Storage {
  const guard = <Result>(work: () => Promise<Result>) => {
    if (!weak.isDown) return work();
    return Promise.reject(new StorageError({ code: "storage-unavailable", message: "The database is away." }));
  };
  return { ...inner, commit: (scope, units) => guard(() => inner.commit(scope, units)) };
}

describe("between the tracker's answer and its storing", () => {
  it("a storage that is away for a while loses no token", async () => {
    const weak = { isDown: false };
    const world = await aging({ storage: (clock) => weakStorage(createMemoryStorage({ clock }), weak) });
    const testing = world.app.sources.test(world.sourceId);
    weak.isDown = true;
    await world.time.advance(5_000);
    expect(world.signIn.refreshes).toBe(1);
    weak.isDown = false;
    expect(await world.moving(testing)).toMatchObject({ ok: true });
    await world.time.advance(hourMs);
    expect(await world.app.sources.test(world.sourceId)).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(2);
  });

  const crashing = async (options: SignInWorldOptions) => {
    const weak = { isDown: false };
    const world = await aging(options);
    const dying = world.process({ storage: weakStorage(world.storage, weak) });
    weak.isDown = true;
    const end = dying
      .as(admin)
      .sources.test(world.sourceId)
      .catch((error: unknown) => error);
    await world.time.advance(1_000);
    expect(world.signIn.refreshes).toBe(1);
    return { ...world, end };
  };

  it("a process that dies loses the tokens; where spent ones are good a little longer, the next process goes on", async () => {
    const world = await crashing({ signIn: { reuseGraceMs: 600_000 } });
    await editAll(world, "After the crash");
    const other = world.process();
    await world.settle(other);
    await world.time.advance(61_000);
    await world.settle(other);
    expect(world.signIn.refreshes).toBe(2);
    expect(await statusesOf(world)).toEqual(["synced"]);
    expect(titles(world)).toEqual(["After the crash"]);
    expect(await typesOf(world)).not.toContain("source-health-changed");
  });

  it("where they are not, the source asks for a sign-in, says why, and goes on after it", async () => {
    const world = await crashing({});
    await editAll(world, "After the crash");
    const other = world.process();
    await world.time.advance(61_000);
    await world.settle(other);
    const source = await world.app.sources.get(world.sourceId);
    expect(source.health).toMatchObject({
      status: "reconnect-required",
      reason: expect.stringContaining("invalid_grant"),
    });
    expect(await statusesOf(world)).toEqual(["blocked"]);
    expect(world.signIn.refreshes).toBe(2);
    const { url } = await world.app.sources.authorize(world.sourceId, { redirectUrl });
    await world.app.sources.completeAuthorization(world.signIn.agree(url));
    await world.settle(other);
    expect(await statusesOf(world)).toEqual(["synced"]);
    expect(titles(world)).toEqual(["After the crash"]);
    expect(await world.app.sources.get(world.sourceId)).toMatchObject({ health: { status: "ok" } });
  });

  it("a process that was only slow stores what it got, and what others concluded meanwhile is taken back", async () => {
    const weak = { isDown: false };
    const world = await aging();
    const slow = world.process({ storage: weakStorage(world.storage, weak) });
    weak.isDown = true;
    const end = slow.as(admin).sources.test(world.sourceId);
    await world.time.advance(61_000);
    // Its lease has run out, and somebody else is told no.
    world.signIn.failNext("unauthorized");
    await errorOf(world.app.sources.test(world.sourceId));
    expect(await world.app.sources.get(world.sourceId)).toMatchObject({ health: { status: "reconnect-required" } });
    weak.isDown = false;
    expect(await world.moving(end)).toMatchObject({ ok: true });
    expect(await world.app.sources.get(world.sourceId)).toMatchObject({ health: { status: "ok" } });
    expect(world.signIn.refreshes).toBe(1);
  });
});

describe("a credential that the tracker refuses before its end", () => {
  it("is renewed once, and the links that met it go on without a failure", async () => {
    const world = await aging({}, 6);
    await world.time.advance(60_000 - hourMs / 2 + hourMs);
    await editAll(world, "Once");
    await world.settle();
    const before = world.signIn.refreshes;
    world.signIn.endAccess();
    await editAll(world, "Renewed");
    await world.settle(world.backref, world.process());
    expect(world.signIn.refreshes).toBe(before + 1);
    expect(new Set(titles(world))).toEqual(new Set(["Renewed"]));
    expect(await statusesOf(world)).toEqual(world.defectIds.map(() => "synced"));
    const told = await typesOf(world);
    for (const type of ["source-health-changed", "link-blocked", "link-failed"]) expect(told).not.toContain(type);
  });

  it("is renewed while references are refreshed, and the rest of them follows", async () => {
    const world = createSignInWorld();
    const { id } = await world.signedIn();
    for (let number = 1; number <= 3; number += 1)
      world.github.as("lena").createIssue("acme/web", { title: `Issue ${number}` });
    for (const number of [1, 2, 3]) {
      const object = { type: "test-case", id: `TC-${number}`, projectId: "web" } as const;
      await world.app.references.add({ object, sourceId: id, issue: `acme/web#${number}`, relation: "relates-to" });
    }
    world.signIn.endAccess();
    const summary = await world.app.issues.refresh({ sourceId: id });
    expect(summary).toMatchObject({ requested: 3, read: 3, failed: 0, problems: [] });
    expect(world.signIn.refreshes).toBe(1);
  });

  it("asks for a sign-in where the consent was taken back, at the first refusal", async () => {
    const world = await aging({}, 3);
    await world.time.advance(60_000);
    await editAll(world, "First");
    await world.settle();
    world.signIn.revoke();
    await editAll(world, "Never");
    await world.settle(world.backref, world.process());
    expect(await world.app.sources.get(world.sourceId)).toMatchObject({ health: { status: "reconnect-required" } });
    expect(await statusesOf(world)).toEqual(["blocked", "blocked", "blocked"]);
    const refreshes = world.signIn.refreshes;
    await world.time.advance(hourMs);
    await world.settle();
    expect(world.signIn.refreshes).toBe(refreshes);
  });

  it("is not renewed for ever at a tracker that refuses whatever it gives", async () => {
    const world = createSignInWorld();
    const { id } = await world.signedIn();
    world.signIn.endAccess();
    expect(await world.app.sources.test(id)).toMatchObject({ ok: true });
    world.signIn.endAccess();
    expect(await world.app.sources.test(id)).toMatchObject({ ok: false, account: null });
    expect(world.signIn.refreshes).toBe(1);
    expect(await world.app.sources.get(id)).toMatchObject({ health: { status: "reconnect-required" } });
    // Some time later it may have been a trouble that is over.
    await world.time.advance(600_000);
    expect(await world.app.sources.test(id)).toMatchObject({ ok: true });
    expect(await world.app.sources.get(id)).toMatchObject({ health: { status: "ok" } });
  });

  it("is renewed where the clocks of two processes differ, and by one of them", async () => {
    const world = await aging();
    const { clock } = world.time;
    const ahead = world.process({ clock: { ...clock, now: () => clock.now() + 200_000 } });
    const behind = world.process({ clock: { ...clock, now: () => clock.now() - 600_000 } });
    expect(await world.moving(ahead.as(admin).sources.test(world.sourceId))).toMatchObject({ ok: true });
    expect(await world.moving(behind.as(admin).sources.test(world.sourceId))).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(1);
    // For one that is behind, it has not ended yet; the tracker knows better.
    await world.time.advance(hourMs + 60_000);
    expect(await world.moving(behind.as(admin).sources.test(world.sourceId))).toMatchObject({ ok: true });
    expect(world.signIn.refreshes).toBe(2);
  });
});
