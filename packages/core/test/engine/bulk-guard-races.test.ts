import type { CommitUnit, Storage } from "@backref/core/storage";
import { describe, expect, test } from "vitest";
import { createGitHubWorld, poll, settle } from "../support/github-world.ts";
import { createLinks } from "../support/restored-tracker.ts";
import { createTroubledStorage, type TroubledStorage } from "../support/troubled-storage.ts";

const holds = ({ write }: CommitUnit) =>
  write.some((one) => one.type === "update" && one.table === "source" && "heldSince" in one.set);

describe("very much that changes at once, while", () => {
  test("two workers are at the limit: together they let in as much as one of them", async () => {
    const { world, restore, old, held } = await createLinks(30, { bulkGuardChanges: 10, claimBatch: 5 });
    const { time, storage, github } = world;
    const limits = { bulkGuardChanges: 10, claimBatch: 5 };
    const other = await createGitHubWorld({ time, storage, github, seed: 9, limits });
    restore();
    await time.advance(61_000);
    for (let turn = 0; turn < 4; turn += 1) {
      await Promise.all([world.backref.sync.run({ maxMs: 1_000 }), other.backref.sync.run({ maxMs: 1_000 })]);
      await time.advance(1_000);
    }
    await poll(world, 2);
    expect(await old()).toBe(10);
    expect(await held()).toMatchObject({ links: 20 });
  });

  test("a worker dies after it was refused and before it holds: the next one is refused as well", async () => {
    let isDead = false;
    const dying = (inner: Storage): Storage => ({
      ...inner,
      commit: (scope, units) => {
        if (isDead || units.some(holds)) {
          isDead = true;
          return new Promise(() => {});
        }
        return inner.commit(scope, units);
      },
    });
    const limits = { bulkGuardChanges: 3 };
    let inner: Storage | null = null;
    const { world, source, restore } = await createLinks(10, limits, (storage) => {
      inner = storage;
      return dying(storage);
    });
    if (inner === null) throw new TypeError("The world has a storage.");
    const { time, github } = world;
    restore();
    await time.advance(61_000);
    void world.backref.sync.run({ maxMs: 1_000 });
    for (let turn = 0; turn < 20; turn += 1) await time.advance(100);
    expect(isDead).toBe(true);
    const survivor = await createGitHubWorld({ time, storage: inner, github, seed: 9, limits });
    await poll(survivor, 3);
    const { items } = await survivor.app.defects.list({ projectId: "web", limit: 100 });
    const old = items.filter(({ title }) => title.startsWith("Old")).length;
    expect(old).toBeLessThanOrEqual(3);
    expect((await survivor.app.sources.get(source.id)).held).toMatchObject({ links: 10 - old });
    await survivor.app.sources.confirmChanges(source.id);
    await poll(survivor, 2);
    const after = await survivor.app.defects.list({ projectId: "web", limit: 100 });
    expect(after.items.every(({ title }) => title.startsWith("Old"))).toBe(true);
  });

  test("a pass that still knows the source as held meets a yes: what it would hold comes in", async () => {
    let storage: TroubledStorage | null = null;
    const { world, source, linkIds, defectIds, restore, statuses, held } = await createLinks(
      4,
      { bulkGuardChanges: 1 },
      (inner) => {
        storage = createTroubledStorage(inner);
        return storage;
      },
    );
    const troubled = storage as TroubledStorage | null;
    restore();
    await poll(world, 2);
    const place = (await statuses()).indexOf("synced");
    await world.time.advance(5_000);
    world.github.as("lena").editIssue("acme/web", place + 1, { title: "New" });
    await world.app.defects.retry(linkIds[place] ?? "");
    troubled?.beforeNextAnswer("source", () => world.app.sources.confirmChanges(source.id));
    await settle(world);
    expect(await held()).toBeNull();
    expect((await world.app.defects.get(defectIds[place] ?? "")).title).toBe("New");
    expect(new Set(await statuses())).toEqual(new Set(["synced"]));
  });

  test("deliveries storm in, each twice: no more comes in, and each link is held once", async () => {
    const limits = { bulkGuardChanges: 3, pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 };
    const { world, source, restore, old, held, told } = await createLinks(10, limits);
    await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await world.app.sources.webhook(source.id);
    const { pending } = world.github.webhooks;
    while (pending.length > 0) world.github.webhooks.drop();
    for (const word of ["Old", "Older", "Oldest"]) restore((number) => `${word} ${number}`);
    while (world.github.webhooks.pending.length > 0) {
      const { url, headers, body } = world.github.webhooks.drop();
      for (let copy = 0; copy < 2; copy += 1) {
        await world.backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
      }
    }
    await settle(world);
    expect(await old()).toBe(3);
    expect(await held()).toMatchObject({ links: 7 });
    expect(await told("source-held")).toHaveLength(1);
    await world.app.sources.confirmChanges(source.id);
    await settle(world);
    expect(await old()).toBe(10);
  });
});
