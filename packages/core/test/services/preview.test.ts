import { describe, expect, test } from "vitest";
import type { PreviewedLink, Source } from "../../src/index.ts";
import { newLinkState } from "../../src/services/defects/new-link.ts";
import type { LinkRow } from "../../src/storage/rows/link-rows.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll } from "../support/github-world.ts";
import { createHostWorld } from "../support/host-world.ts";

const repository = "acme/web";

/** Links without ceremony: issues that people made, attached as if by hand and never looked at. */
async function attachMany(world: GitHubWorld, source: Source, count: number): Promise<void> {
  const { app, github, storage } = world;
  const issues = Array.from({ length: count }, (_, at) =>
    github.as("lena").createIssue(repository, { title: `Issue ${at}` }),
  );
  const added = await app.references.addMany(
    issues.map(({ number }, at) => ({
      object: { type: "test-case", id: `C-${at}`, projectId: "web" },
      sourceId: source.id,
      issue: `#${number}`,
      relation: "relates-to",
    })),
  );
  const [target] = source.targets;
  for (const [at, outcome] of added.entries()) {
    if (!outcome.ok) throw outcome.error;
    const defect = await app.defects.create({ projectId: "web", title: `Defect ${at}` });
    const row: LinkRow = {
      ...newLinkState,
      tenantId: "acme",
      id: `018f0000-0000-7000-8000-${String(at).padStart(12, "0")}`,
      defectId: defect.id,
      projectId: "web",
      sourceId: source.id,
      targetId: target?.id ?? null,
      issueId: outcome.issue.id,
      token: `br-${at}`,
      generation: 1,
      mappingVersion: 1,
      createdBy: null,
      createdAt: 0,
    };
    await storage.commit({ tenantId: "acme" }, [{ write: [{ type: "insert", table: "link", row }] }]);
  }
}

async function pushed(count: number) {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  const ids: string[] = [];
  for (let at = 1; at <= count; at += 1) {
    const defect = await world.app.defects.create({ projectId: "web", title: `Defect ${at}`, priority: "critical" });
    await world.app.defects.push(defect.id);
    ids.push(defect.id);
  }
  await poll(world);
  return { world, source, ids, lena: world.github.as("lena"), preview: world.app.sources.preview };
}

const fieldsOf = (link: PreviewedLink | undefined) =>
  link?.fields.map(({ field, outcome, defect, issue }) => [field, outcome, defect, issue]);

const swapped = {
  priority: [
    { remote: "sev:1", local: ["blocker", "critical"], primary: "critical" },
    { remote: "sev:2", local: ["major", "minor", "trivial"], primary: "major" },
  ],
};

describe("what a preview costs", () => {
  test("N links need N/100 reads, rounded up, counted at the tracker's socket; the cached copies need none", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await attachMany(world, source, 250);
    const { preview } = world.app.sources;
    const start = world.github.mark();
    const counts: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await preview(source.id, cursor === undefined ? {} : { cursor });
      counts.push(page.links);
      expect(page.requests).toBe(1);
      expect(page.items).toHaveLength(page.links);
      cursor = page.nextCursor;
    }
    expect(counts).toEqual([100, 100, 50]);
    expect(world.github.requestsSince(start)).toHaveLength(3);
    const all = await preview(source.id, { limit: 1_000 });
    expect(all).toMatchObject({ links: 250, requests: 3, nextCursor: null, outcomes: { conflict: 250 } });
    expect(world.github.requestsSince(start)).toHaveLength(6);
    expect(await preview(source.id, { limit: 1_000, fresh: false })).toEqual({ ...all, requests: 0 });
    expect(world.github.requestsSince(start)).toHaveLength(6);
    expect(world.github.requestsSince(start).every(({ operation }) => operation === "graphql")).toBe(true);
  });

  test("ends at the request time limit, and says so", async () => {
    const { world, source, preview } = await pushed(1);
    world.github.faults.add({ kind: "delay", ms: 60_000 });
    const previewing = errorOf(preview(source.id));
    await world.time.advance(20_000);
    expect(await previewing).toMatchObject({ code: "tracker-unavailable", isRetryable: true });
  });

  test("goes by what is cached where the tracker cannot be asked", async () => {
    const { world, source, ids, preview } = await pushed(1);
    await world.app.sources.update(source.id, { enabled: false });
    await world.app.defects.update(ids[0] ?? "", { title: "Renamed" });
    expect(await errorOf(preview(source.id))).toMatchObject({ code: "source-not-runnable" });
    const { items } = await preview(source.id, { fresh: false });
    expect(items).toMatchObject([
      {
        step: "none",
        message: "The source is switched off: nothing travels until it is enabled.",
        fields: [{ field: "title", outcome: "out", issue: { now: "Defect 1", after: "Renamed" } }],
      },
    ]);
  });
});

describe("what would travel under the stored mapping", () => {
  test("out, in and in conflict, with both sides' words, and nothing of links that are in step", async () => {
    const { world, source, ids, lena, preview } = await pushed(3);
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "local" } } } });
    await poll(world);
    await world.app.defects.update(ids[0] ?? "", { priority: "trivial", title: "Mine" });
    lena.editIssue(repository, 1, { title: "Theirs" });
    lena.closeIssue(repository, 2);
    const page = await preview(source.id);
    expect(page).toMatchObject({ links: 3, requests: 1, outcomes: { out: 1, in: 1, conflict: 1 }, unmapped: [] });
    expect(page.items.map(({ defectId, issue, step, status }) => [defectId, issue?.key, step, status])).toEqual([
      [ids[0], "acme/web#1", "merge", "pending"],
      [ids[1], "acme/web#2", "merge", "synced"],
    ]);
    expect(fieldsOf(page.items[0])).toEqual([
      ["title", "conflict", { now: "Mine", after: "Mine" }, { now: "Theirs", after: "Mine" }],
      ["priority", "out", { now: "trivial", after: "trivial" }, { now: ["priority:high"], after: ["priority:low"] }],
    ]);
    expect(page.items[0]?.fields[0]).toMatchObject({
      winner: "local",
      message:
        'Both sides changed the title. The defect\'s goes out (conflict rule "local"); the other is kept in the activity.',
    });
    expect(fieldsOf(page.items[1])).toEqual([
      ["status", "in", { now: "open", after: "closed" }, { now: "Closed", after: "Closed" }],
    ]);
    expect(page.items[1]?.fields[0]?.message).toBe('The issue\'s status comes in: "open" becomes "closed".');
  });

  test("a field that waits for a person says so, and one that the tracker refused says why", async () => {
    const { world, source, ids, lena, preview } = await pushed(2);
    await world.app.sources.update(source.id, { mapping: { fields: { title: { conflict: "manual" } } } });
    await world.app.defects.update(ids[0] ?? "", { title: "Mine" });
    lena.editIssue(repository, 1, { title: "Theirs" });
    world.github.faults.add({ kind: "drop-fields", fields: ["title"], match: { method: "PATCH" } });
    await world.app.defects.update(ids[1] ?? "", { title: "Dropped" });
    await poll(world);
    const { items } = await preview(source.id);
    expect(items.map(({ fields }) => fields.map(({ outcome }) => outcome))).toEqual([["frozen"], ["refused"]]);
    expect(items[1]?.fields[0]?.message).toBe('GitHub kept the title "Defect 2".');
  });

  test("a label that the tracker is known not to make is not foreseen, and the rest is", async () => {
    const { world, source, preview } = await pushed(0);
    world.github.faults.add({ kind: "label-refused", times: 100 });
    for (const priority of ["critical", null] as const) {
      const { id } = await world.app.defects.create({ projectId: "web", title: "Defect", priority });
      await world.app.defects.push(id);
      if (priority === null) await world.app.defects.update(id, { priority: "major", title: "Renamed" });
    }
    const { items } = await preview(source.id);
    expect(items[1]).toMatchObject({ fields: [{ outcome: "out" }, { outcome: "refused", issue: { after: [] } }] });
    expect(items[1]?.fields[1]?.message).toMatch("may not create labels");
  });

  test("comments are counted: those that would go out exactly, those of the tracker by its own count", async () => {
    const { world, source, ids, lena, preview } = await pushed(1);
    await world.app.comments.add({ defectId: ids[0] ?? "", body: "Seen" });
    lena.comment(repository, 1, "Looking");
    lena.comment(repository, 1, "Found it");
    expect((await preview(source.id)).items).toMatchObject([{ comments: { out: 1, uncounted: 2 }, fields: [] }]);
    await poll(world, 2);
    expect((await preview(source.id)).items).toEqual([]);
  });

  test("a copy that is known to be an old one is shown as such", async () => {
    const { world, source, preview } = await pushed(1);
    const [issue] = await world.storage.find(
      { tenantId: "acme" },
      { table: "issue", by: "source", keys: [[source.id]] },
    );
    expect((await preview(source.id)).items).toEqual([]);
    const version = (issue?.version ?? 0) + 60_000;
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "mark", table: "link", by: "source", keys: [[source.id]], afterMs: 0, version }] },
    ]);
    for (const fresh of [true, false]) {
      expect((await preview(source.id, { fresh })).items).toMatchObject([
        { isSure: false, fields: [], message: expect.stringMatching("may be an old one") },
      ]);
    }
  });

  test("links that cannot be merged say what happens instead", async () => {
    const { world, source, ids, preview } = await pushed(4);
    const { app, github } = world;
    const linkOf = async (at: number) => (await app.defects.links(ids[at] ?? ""))[0]?.id ?? "";
    github.as("acme").deleteIssue(repository, 1);
    await app.defects.pause(await linkOf(1));
    await app.defects.update(ids[1] ?? "", { title: "Later" });
    await app.defects.detach(await linkOf(2));
    github.faults.add({ kind: "refuse", match: { operation: "/repos/{owner}/{repo}/issues" } });
    const defect = await app.defects.create({ projectId: "web", title: "New", status: "closed", priority: "major" });
    await app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(100);
    const { items } = await preview(source.id);
    expect(items.map(({ step, message, issue }) => [step, message, issue?.state ?? null])).toEqual([
      ["none", "The issue was deleted at the tracker.", "deleted"],
      ["none", "Paused: nothing travels until defects.resume(linkId).", "live"],
      ["create", null, null],
    ]);
    expect(fieldsOf(items[1])?.map(([field, outcome]) => [field, outcome])).toEqual([["title", "out"]]);
    expect(fieldsOf(items[2])).toEqual([
      ["title", "out", { now: "New", after: "New" }, { now: null, after: "New" }],
      ["status", "out", { now: "closed", after: "closed" }, { now: null, after: "closed" }],
      ["priority", "out", { now: "major", after: "major" }, { now: null, after: ["priority:medium"] }],
    ]);
  });
});

describe("links without both sides", () => {
  test("of a create in doubt the issue is looked for first, and a link without its defect ends", async () => {
    const { world, source, ids, preview } = await pushed(1);
    const { app, github, storage } = world;
    await storage.commit({ tenantId: "acme" }, [{ write: [{ type: "delete", table: "defect", id: ids[0] ?? "" }] }]);
    const operation = "/repos/{owner}/{repo}/issues";
    github.faults.add({ kind: "lost-after", match: { method: "POST", operation } });
    github.faults.add({ kind: "stale", ms: 600_000, match: { method: "GET" }, times: 100 });
    const defect = await app.defects.create({ projectId: "web", title: "Lost" });
    await app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(500);
    const start = github.mark();
    const { items } = await preview(source.id);
    expect(items.map(({ defectId, step, status, fields }) => [defectId, step, status, fields])).toEqual([
      [ids[0], "end", "synced", []],
      [defect.id, "find", "outcome-unknown", []],
    ]);
    expect(github.requestsSince(start)).toEqual([]);
  });
});

describe("a mapping that is tried out", () => {
  test("sends and applies nothing by itself: what it leaves apart stays so until one side changes", async () => {
    const { world, source, ids, preview } = await pushed(12);
    const page = await preview(source.id, { mapping: swapped });
    expect(page.outcomes).toMatchObject({ unmapped: 12, out: 0, in: 0, conflict: 0 });
    expect(page.unmapped).toEqual([{ field: "priority", side: "issue", value: [], links: 12 }]);
    expect(page.items[0]?.fields).toEqual([
      {
        field: "priority",
        outcome: "unmapped",
        winner: null,
        defect: { now: "critical", after: "critical" },
        issue: { now: [], after: [] },
        reading: { stored: "critical", previewed: null },
        message: 'The issue has no label of the mapping. The defect keeps "critical".',
      },
    ]);
    const [first = ""] = ids;
    const closing = { status: [{ category: "closed", local: ["open", "in-progress", "closed"] }] } as const;
    const apart = await preview(source.id, { mapping: closing, limit: 1 });
    expect(apart.outcomes).toMatchObject({ unmapped: 1 });
    expect(apart.unmapped).toEqual([{ field: "status", side: "issue", value: "Open", links: 1 }]);
    const turned = await preview(source.id, {
      limit: 1,
      mapping: {
        priority: [
          { remote: "priority:high", local: ["major"] },
          { remote: "p", local: ["critical"] },
        ],
      },
    });
    expect(turned.items[0]?.fields).toMatchObject([
      {
        outcome: "apart",
        reading: { stored: "critical", previewed: "major" },
        message: "The priority of defect and issue differs and stays so until one of them changes.",
      },
    ]);
    expect((await world.app.sources.get(source.id)).mappingVersion).toBe(1);
    expect(await world.app.defects.get(first)).toMatchObject({ priority: "critical" });
  });

  test("is checked first; one that would be refused is told in words, and no link is looked at", async () => {
    const { world, source, preview } = await pushed(1);
    const start = world.github.mark();
    const page = await preview(source.id, { mapping: { status: [{ category: "open", local: ["nope"] }] } });
    expect(page).toMatchObject({ items: [], nextCursor: null, links: 0, requests: 0 });
    expect(page.mapping[0]).toEqual({
      severity: "error",
      kind: "contradiction",
      field: "status",
      path: ["mapping", "status", 0, "local", 0],
      message: 'status: "nope" is not a value of yours (open, in-progress, closed, achieved).',
    });
    expect(world.github.requestsSince(start)).toEqual([]);
  });

  test("of a target concerns the links of that target alone", async () => {
    const { source, preview } = await pushed(2);
    const upsert = [{ projectId: "web", container: repository, mapping: swapped }];
    expect((await preview(source.id, { targets: { upsert } })).outcomes).toMatchObject({ unmapped: 2 });
    const elsewhere = [{ projectId: "api", container: repository, mapping: swapped }];
    expect((await preview(source.id, { targets: { upsert: elsewhere } })).items).toEqual([]);
  });

  test("a value of yours without a counterpart is named, with the number of links that have it", async () => {
    const { world, source, ids, preview } = await pushed(3);
    for (const id of ids.slice(1)) await world.app.defects.update(id, { priority: "trivial" });
    const mapping = { priority: [{ remote: "priority:high", local: ["critical"] }] };
    const page = await preview(source.id, { mapping });
    expect(page.unmapped).toEqual([{ field: "priority", side: "defect", value: "trivial", links: 2 }]);
    expect(page.mapping.map(({ kind }) => kind)).toEqual(Array(4).fill("unmapped-value"));
  });
});

describe("who may preview", () => {
  test("those who may change the source, of links whose defects they see", async () => {
    const { world, source, preview } = await pushed(1);
    const lead = world.backref.as({ tenantId: "acme", userId: "l", projects: { web: "admin" } });
    expect(await errorOf(lead.sources.preview(source.id))).toMatchObject({ code: "permission-denied" });
    await world.app.sources.update(source.id, { projects: ["web"] });
    expect((await lead.sources.preview(source.id)).links).toBe(1);
    await world.app.sources.update(source.id, { projects: ["api", "web"] });
    const stranger = world.backref.as({ tenantId: "other", userId: "l", role: "owner" });
    expect(await errorOf(stranger.sources.preview(source.id))).toMatchObject({ code: "not-found" });
    expect(await errorOf(lead.sources.preview(source.id))).toMatchObject({ code: "permission-denied" });
    expect((await preview(source.id)).links).toBe(1);
  });

  test("links of projects out of reach are neither shown nor counted nor read", async () => {
    const { world, source, ids } = await pushed(1);
    await world.app.defects.update(ids[0] ?? "", { title: "Secret" });
    await world.app.sources.update(source.id, {
      projects: ["web", "api"],
    });
    // The project left the source; its links are still there.
    const api = world.backref.as({ tenantId: "acme", userId: "l", projects: { api: "admin" } });
    const rows = await world.storage.find({ tenantId: "acme" }, { table: "source", by: "all", keys: [[]] });
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "update", table: "source", id: rows[0]?.id ?? "", set: { projects: ["api"] } }] },
    ]);
    await world.storage.commit({ tenantId: "acme" }, [
      { write: [{ type: "delete", table: "target", id: source.targets[0]?.id ?? "" }] },
    ]);
    const start = world.github.mark();
    expect(await api.sources.preview(source.id)).toMatchObject({ items: [], links: 0, requests: 0, nextCursor: null });
    expect(world.github.requestsSince(start)).toEqual([]);
  });

  test("works over a host's own defects", async () => {
    const { app, github, source, table } = await createHostWorld();
    table.edit("BUG-1", { title: "Renamed" });
    github.as("lena").closeIssue(repository, 1);
    const { items } = await app.sources.preview(source.id);
    expect(items).toMatchObject([
      {
        defectId: "BUG-1",
        fields: [
          { field: "title", outcome: "out" },
          { field: "status", outcome: "in" },
        ],
      },
    ]);
  });

  test("wrong requests are refused, and a page's cursor is good for its own source only", async () => {
    const { source, world, preview } = await pushed(2);
    for (const request of [{ limit: 0 }, { limit: 1_001 }, { mapping: 1 }, { fresh: "no" }, { other: 1 }]) {
      expect(await errorOf(preview(source.id, request as never))).toMatchObject({ code: "invalid-input" });
    }
    const { nextCursor } = await preview(source.id, { limit: 1 });
    const other = await addGitHubSource(world, "acme/web");
    const cursor = nextCursor ?? "";
    expect(await errorOf(preview(other.id, { cursor }))).toMatchObject({ code: "invalid-input" });
    const upsert = [{ projectId: "web", container: "not a repository" }];
    expect(await errorOf(preview(source.id, { targets: { upsert } }))).toMatchObject({ code: "invalid-input" });
  });
});
