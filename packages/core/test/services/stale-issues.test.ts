import { describe, expect, test } from "vitest";
import { createStaleRefresh } from "../../src/services/issues/stale-issues.ts";
import { addGitHubSource, createGitHubWorld } from "../support/github-world.ts";

describe("a refresh", () => {
  test("tells of a second change within the same second, and of nothing where nothing changed", async () => {
    const world = await createGitHubWorld();
    const { app, backref, github } = world;
    await addGitHubSource(world);
    const object = { type: "test-run", id: "R-1", projectId: "web" };
    github.as("lena").createIssue("acme/web", { title: "One" });
    await app.references.add({ object, issue: "#1", relation: "relates-to" });
    const told: unknown[] = [];
    backref.on("issue-updated", ({ data }) => void told.push(data));
    expect(await app.issues.refresh({ object })).toMatchObject({ changed: 0 });
    expect(told).toEqual([]);
    github.as("lena").editIssue("acme/web", 1, { title: "Two" });
    expect(await app.issues.refresh({ object })).toMatchObject({ read: 1, changed: 1 });
    expect(told).toHaveLength(1);
    expect(await app.issues.refresh({ object })).toMatchObject({ changed: 0 });
  });
});

describe("what is shown and too old", () => {
  test("is refreshed behind the answer, all of a list with one request, however many look", async () => {
    const { app, backref, github, time, ...world } = await createGitHubWorld();
    const source = await addGitHubSource({ app, backref, github, time, ...world });
    const object = { type: "test-run", id: "R-1", projectId: "web" };
    for (const number of [1, 2, 3]) github.as("lena").createIssue("acme/web", { title: `Issue ${number}` });
    const inputs = [1, 2, 3].map((number) => ({
      object,
      sourceId: source.id,
      issue: `#${number}`,
      relation: "relates-to",
    }));
    await app.references.addMany(inputs);
    await time.advance(300_001);
    github.as("lena").editIssue("acme/web", 2, { title: "Found out" });
    const mark = github.mark();

    const background: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => void background.push(work);
    const [first, second] = await Promise.all([
      app.references.list({ object }, { waitUntil }),
      app.references.list({ object }, { waitUntil }),
    ]);
    for (const { items } of [first, second]) expect(items[1]?.issue.title).toBe("Issue 2");
    expect(background.length).toBeGreaterThan(0);
    await Promise.all(background);
    expect(github.requestsSince(mark)).toHaveLength(1);
    const { items } = await app.references.list({ object });
    expect(items.map(({ issue }) => issue.title)).toEqual(["Issue 1", "Found out", "Issue 3"]);
    const [reference] = items;
    await app.references.get(reference?.id ?? "");
    expect(github.requestsSince(mark)).toHaveLength(1);
  });

  test("is not read twice at the same time, and again once it was read", async () => {
    const asked: (readonly string[])[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const tracked: Promise<unknown>[] = [];
    const onStale = createStaleRefresh({
      refresh: (_tenantId, ids) =>
        new Promise((resolve, reject) => {
          asked.push(ids);
          ends.push((error) => (error === undefined ? resolve(null) : reject(error)));
        }),
      track: (work) => void tracked.push(work.catch(() => {})),
    });
    const waits: Promise<unknown>[] = [];
    const tell = (tenantId: string, ...issueIds: string[]) =>
      onStale({ tenantId, issueIds }, (work) => void waits.push(work));
    tell("acme", "a", "b");
    tell("acme", "b", "c");
    tell("other", "a");
    tell("acme", "a");
    expect(asked).toEqual([["a", "b"], ["c"], ["a"]]);
    ends[0]?.(new Error("The tracker is away."));
    await tracked[0];
    await Promise.resolve();
    tell("acme", "a");
    expect(asked.at(-1)).toEqual(["a"]);
    expect(asked).toHaveLength(4);
    for (const end of ends) end();
    await Promise.all([...waits, ...tracked]);
  });
});
