import { describe, expect, test } from "vitest";
import { type GitHubWorld, poll, settle } from "../support/github-world.ts";
import { createLinks } from "../support/restored-tracker.ts";

const hours = async (world: GitHubWorld, count: number) => {
  for (let turn = 0; turn < count * 6; turn += 1) {
    await world.time.advance(600_000);
    await settle(world);
  }
};

describe("a tracker that says something else of very many issues at once", () => {
  test("changes as many defects as may without a yes; the others wait for it, however long, and are told of", async () => {
    const { world, source, restore, old, held, statuses, told } = await createLinks(12, { bulkGuardChanges: 5 });
    expect(await held()).toBeNull();
    restore();
    await poll(world, 3);
    expect(await old()).toBe(5);
    expect(await held()).toMatchObject({ links: 7, reason: expect.stringMatching(/More than 5 changes/) });
    expect((await statuses()).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => "held"),
      ...Array.from({ length: 5 }, () => "synced"),
    ]);
    await hours(world, 3);
    expect(await old()).toBe(5);
    expect(await told("source-held")).toMatchObject([{ data: { limit: 5, windowMs: 600_000 } }]);
    const { reasons, heldSources } = await world.backref.health();
    expect(heldSources).toBe(1);
    expect(reasons).toContainEqual(expect.objectContaining({ code: "sources-held", status: "degraded" }));
    const preview = await world.app.sources.preview(source.id);
    expect(preview.outcomes).toMatchObject({ in: 7 });
  });

  test("comes in whole after a yes, however much of it is above the limit", async () => {
    const { world, source, restore, old, held, statuses, told } = await createLinks(12, { bulkGuardChanges: 2 });
    restore();
    await poll(world, 2);
    expect(await old()).toBe(2);
    const answered = await world.app.sources.confirmChanges(source.id);
    expect(answered.held).toBeNull();
    await settle(world);
    expect(await old()).toBe(12);
    expect(await held()).toBeNull();
    expect(new Set(await statuses())).toEqual(new Set(["synced"]));
    expect(await told("source-released")).toMatchObject([{ actorId: "u1", data: { answer: "confirmed" } }]);
    // Once answered, nothing is left to answer.
    await world.app.sources.confirmChanges(source.id);
    expect(await told("source-released")).toHaveLength(1);
  });

  test("is put right by the defects after a no, and what it said is kept as the losers of conflicts", async () => {
    const { world, source, linkIds, restore, old, titles, issueTitles, held, statuses } = await createLinks(8, {
      bulkGuardChanges: 3,
    });
    restore();
    await poll(world, 2);
    const before = await titles();
    await world.app.sources.declineChanges(source.id, { keep: "defects" });
    await poll(world, 2);
    expect(await titles()).toEqual(before);
    expect(await old()).toBe(3);
    expect(issueTitles().toSorted()).toEqual(before.toSorted());
    expect(await held()).toBeNull();
    expect(new Set(await statuses())).toEqual(new Set(["synced"]));
    const rows = await world.storage.find(
      { tenantId: "acme" },
      { table: "conflict", by: "link", keys: linkIds.map((id) => [id]) },
    );
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toMatchObject({ winner: "local", remote: expect.stringMatching(/^Old/) });
  });

  test("and the defects stay apart after the other no, until somebody edits one of them", async () => {
    const { world, source, defectIds, restore, titles, issueTitles, held } = await createLinks(6, {
      bulkGuardChanges: 2,
    });
    restore();
    await poll(world, 2);
    const before = await titles();
    await world.app.sources.declineChanges(source.id, { keep: "apart" });
    await hours(world, 2);
    expect(await titles()).toEqual(before);
    expect(issueTitles().every((title) => title.startsWith("Old"))).toBe(true);
    expect(await held()).toBeNull();
    const apart = before.findIndex((title) => title.startsWith("Defect"));
    await world.app.defects.update(defectIds[apart] ?? "", { title: "Mine" });
    world.github.as("lena").editIssue("acme/web", 6, { title: "Hers" });
    await poll(world, 2);
    expect(await titles()).toContain("Hers");
    expect(issueTitles()).toContain("Mine");
  });

  test("of a thousand issues at most the limit, none more after a no, and all after a yes", {
    timeout: 120_000,
  }, async () => {
    const { world, source, restore, old, held } = await createLinks(1_000);
    restore();
    await poll(world, 3);
    expect(await old()).toBe(200);
    expect(await held()).toMatchObject({ links: 800 });
    await world.app.sources.declineChanges(source.id, { keep: "apart" });
    await poll(world, 12);
    expect(await old()).toBe(200);
    restore((number) => `Older ${number}`);
    await poll(world, 3);
    expect(await held()).not.toBeNull();
    await world.app.sources.confirmChanges(source.id);
    await poll(world, 3);
    expect(await old()).toBe(1_000);
    expect(await held()).toBeNull();
  });
});

describe("while changes wait for a yes", () => {
  test("people's own edits travel, also on a link whose changes wait", async () => {
    const { world, defectIds, restore, titles, statuses } = await createLinks(4, { bulkGuardChanges: 1 });
    restore();
    await poll(world, 2);
    const place = (await statuses()).indexOf("held");
    await world.app.defects.update(defectIds[place] ?? "", { description: "Seen on Friday" });
    await settle(world);
    const [issue] = world.github.issues("acme/web").filter(({ title }) => title === `Old ${place + 1}`);
    expect(issue?.body).toContain("Seen on Friday");
    expect((await titles())[place]).toBe(`Defect ${place + 1}`);
    expect((await statuses())[place]).toBe("held");
  });

  test("what the tracker takes back by itself waits no more", async () => {
    const { world, restore, held, statuses, titles } = await createLinks(4, { bulkGuardChanges: 1 });
    restore();
    await poll(world, 2);
    restore((number) => `Defect ${number}`);
    await poll(world, 2);
    expect(await held()).toMatchObject({ links: 1 });
    expect((await statuses()).filter((status) => status === "held")).toHaveLength(1);
    expect((await titles()).filter((title) => title.startsWith("Old"))).toHaveLength(1);
  });

  test("nothing spins: a link is read when something happened to it, and not otherwise", async () => {
    const { world, restore } = await createLinks(4, { bulkGuardChanges: 1 });
    restore();
    await poll(world, 3);
    const due = await world.backref.sync.run({ maxMs: 0 });
    expect(due.more).toBe(false);
    const before = world.github.requests.length;
    await poll(world, 5);
    expect(world.github.requests.length - before).toBeLessThanOrEqual(2 * 5);
  });
});

describe("the count", () => {
  test("is over ten minutes: what comes in little by little never waits", async () => {
    const { world, old, held } = await createLinks(6, { bulkGuardChanges: 2 });
    for (let number = 1; number <= 6; number += 1) {
      world.github.as("lena").editIssue("acme/web", number, { title: `Old ${number}` });
      await poll(world, 6);
    }
    expect(await old()).toBe(6);
    expect(await held()).toBeNull();
  });

  test("is off with null, and a source may have a number of its own", async () => {
    const free = await createLinks(4, { bulkGuardChanges: null });
    free.restore();
    await poll(free.world, 2);
    expect(await free.old()).toBe(4);
    await free.world.app.sources.update(free.source.id, { bulkGuardChanges: 1 });
    free.restore((number) => `Older ${number}`);
    await poll(free.world, 2);
    expect((await free.titles()).filter((title) => title.startsWith("Older"))).toHaveLength(1);
    expect(await free.held()).toMatchObject({ links: 3 });
  });
});
