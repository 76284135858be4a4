import { describe, expect, test } from "vitest";
import type { ActivityEvent, ActivityQuery, SyncMappingInput } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll } from "../support/github-world.ts";

const repository = "acme/web";

async function everything(world: GitHubWorld, query: ActivityQuery): Promise<readonly ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await world.app.activity.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    events.push(...page.items);
    cursor = page.nextCursor;
  }
  return events;
}

const told = (events: readonly ActivityEvent[]) =>
  events.map(({ actorId, type, at }) => [actorId, type, at]).toReversed();

async function conflicted(fields: NonNullable<SyncMappingInput["fields"]>) {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  await world.app.sources.update(source.id, { mapping: { fields } });
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  await world.app.defects.update(defect.id, { title: "Mine" });
  world.github.as("lena").editIssue(repository, 1, { title: "Theirs" });
  await poll(world);
  return { world, defect, link };
}

/** Activity: who did what when, per reference, defect, source; conflicts with the value that lost; paged. */
describe("activity: who did what when", () => {
  test("per reference", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    world.github.as("lena").createIssue(repository, { title: "Known" });
    const max = world.backref.as({ tenantId: "acme", userId: "max", projects: { web: "member" } });
    const object = { type: "test-case", id: "TC-7", projectId: "web" };
    const added = world.time.now();
    const { reference } = await max.references.add({ object, sourceId: source.id, issue: "#1", relation: "defect" });
    await world.time.advance(5_000);
    await world.app.references.remove(reference.id);
    expect(told(await everything(world, { referenceId: reference.id }))).toEqual([
      ["max", "reference-added", added],
      ["u1", "reference-removed", added + 5_000],
    ]);
  });

  test("per source", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const boss = world.backref.as({ tenantId: "acme", userId: "olga", role: "admin" });
    await boss.sources.update(source.id, { enabled: false });
    await boss.sources.update(source.id, { enabled: true, mapping: { comments: "in" } });
    await boss.sources.delete(source.id);
    const events = await everything(world, { sourceId: source.id });
    expect(events.map(({ actorId, type, data }) => [actorId, type, data["changed"]]).toReversed()).toEqual([
      ["u1", "source-created", undefined],
      ["olga", "source-updated", ["enabled"]],
      ["olga", "source-updated", ["enabled", "mapping"]],
      ["olga", "source-deleted", undefined],
    ]);
  });

  test("per defect: people by name, the sync as nobody, and what a field said on both sides when they met", async () => {
    const { world, defect } = await conflicted({ title: { conflict: "remote" } });
    const events = await everything(world, { defectId: defect.id });
    expect(events.map(({ actorId, type }) => [actorId, type]).toReversed()).toEqual([
      ["u1", "defect-created"],
      ["u1", "link-created"],
      [null, "issue-created"],
      ["u1", "defect-updated"],
      [null, "conflict-recorded"],
      [null, "defect-updated"],
    ]);
    // Who wrote the value that lost: the last edit of the field before it.
    const at = events.findIndex(({ type }) => type === "conflict-recorded");
    const field = events[at]?.data["field"];
    const writer = events
      .slice(at)
      .find(({ type, data }) => type === "defect-updated" && `${data["fields"]}`.includes(`${field}`));
    expect(writer?.actorId).toBe("u1");
  });

  test.each([
    ["remote", "Theirs"],
    ["local", "Mine"],
    ["manual", "Mine"],
  ] as const)(
    "a conflict under the rule %s keeps both sides' values, so the one that lost too",
    async (conflict, title) => {
      const { world, defect, link } = await conflicted({ title: { conflict } });
      expect(await world.app.defects.get(defect.id)).toMatchObject({ title });
      const winner = conflict === "manual" ? "none" : conflict;
      const sides = { field: "title", base: "Start", local: "Mine", remote: "Theirs" };
      const types = ["conflict-recorded", "field-resolved"] as const;
      const recorded = await everything(world, { linkId: link.id, types });
      expect(recorded.map(({ data }) => data)).toEqual([{ ...sides, winner, localLinkId: null }]);
      if (conflict !== "manual") return;
      await world.app.defects.resolve(link.id, { field: "title", winner: "remote" });
      const [decided] = await everything(world, { linkId: link.id, types });
      expect(decided).toMatchObject({
        type: "field-resolved",
        actorId: "u1",
        data: { local: "Mine", remote: "Theirs", winner: "remote" },
      });
    },
  );

  test("a value that had come from another tracker says by which link", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    const { app, github } = world;
    const sources = [await addGitHubSource(world, "acme/web"), await addGitHubSource(world, "acme/api")];
    const defect = await app.defects.create({ projectId: "web", title: "Start" });
    const [web, api] = [
      await app.defects.push(defect.id, { sourceId: sources[0]?.id ?? "" }),
      await app.defects.push(defect.id, { sourceId: sources[1]?.id ?? "" }),
    ];
    await poll(world, 2);
    await app.defects.pause(api.id);
    github.as("lena").editIssue("acme/web", 1, { title: "From web" });
    await poll(world);
    github.as("kim").editIssue("acme/api", 1, { title: "From api" });
    await app.defects.resume(api.id);
    await poll(world);
    const conflicts = await everything(world, { defectId: defect.id, types: ["conflict-recorded"] });
    expect(conflicts.map(({ linkId, data }) => [linkId, data])).toEqual([
      [
        api.id,
        { field: "title", base: "Start", local: "From web", remote: "From api", winner: "remote", localLinkId: web.id },
      ],
    ]);
  });

  test("a comment edited on both sides keeps the text that lost, and says whose comment it was", async () => {
    const { world, defect } = await conflicted({});
    const { app, github, time } = world;
    const comment = await app.comments.add({ defectId: defect.id, body: "First" });
    await poll(world, 2);
    const [remote] = github.issue(repository, 1)?.comments ?? [];
    await time.advance(2_000);
    github.as("lena").editComment(repository, remote?.id ?? 0, (remote?.body ?? "").replace("First", "Theirs"));
    await app.comments.update(comment.id, { body: "Mine" });
    await poll(world, 2);
    const [conflict] = await everything(world, { defectId: defect.id, types: ["conflict-recorded"] });
    expect(conflict?.data).toEqual({
      field: "comments",
      commentId: comment.id,
      base: "First",
      local: "Mine",
      remote: "Theirs",
      winner: "remote",
    });
  });

  test("paged: small pages say the same as a large one, of chosen types too", async () => {
    const { world, defect } = await conflicted({});
    const all = await everything(world, { defectId: defect.id });
    expect(all.length).toBeGreaterThan(4);
    expect(await everything(world, { defectId: defect.id, limit: 1 })).toEqual(all);
    const types = ["defect-updated", "issue-created"] as const;
    const some = all.filter(({ type }) => types.some((wanted) => wanted === type));
    expect(await everything(world, { defectId: defect.id, types, limit: 1 })).toEqual(some);
    const { nextCursor } = await world.app.activity.list({ defectId: defect.id, limit: 1 });
    for (const query of [{ types: [] }, { types: ["no-such-type"] as never }, { types, cursor: nextCursor ?? "" }]) {
      expect(await errorOf(world.app.activity.list({ defectId: defect.id, ...query }))).toMatchObject({
        code: "invalid-input",
      });
    }
  });
});
