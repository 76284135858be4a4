import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import {
  createBackref,
  type DefectApplyOutcome,
  type DefectChange,
  type DefectComment,
  type DefectSnapshot,
  type DefectStore,
} from "../../src/index.ts";

/** A host with a table of its own: revisions are opaque texts, ids and comment ids its own. */
function createHostTable() {
  const bugs = new Map<string, DefectSnapshot>();
  const notes: DefectComment[] = [];
  const keys = new Map<string, string>();
  let refuseStatus: string | null = null;
  let dieAfterApply = false;
  const bump = (bug: DefectSnapshot, set: Partial<DefectSnapshot>) =>
    bugs.set(bug.id, { ...bug, ...set, revision: `r${Number(bug.revision.slice(1)) + 1}` });
  const applyOne = (change: DefectChange): DefectApplyOutcome => {
    const bug = bugs.get(change.defectId);
    if (bug === undefined) return { status: "gone" };
    if (bug.revision !== change.expectedRevision) return { status: "stale" };
    if (refuseStatus !== null && change.set.status === refuseStatus) {
      return { status: "refused", field: "status", reason: "The workflow does not allow it." };
    }
    const commentIds: Record<string, string> = {};
    for (const comment of change.comments) {
      if (comment.kind === "add") {
        const id = keys.get(comment.key) ?? `N${notes.length + 1}`;
        if (!keys.has(comment.key)) {
          keys.set(comment.key, id);
          notes.push({
            id,
            defectId: bug.id,
            body: comment.body,
            visibility: "public",
            authorName: comment.authorName,
            origin: "tracker",
            createdAt: comment.createdAt,
            updatedAt: comment.createdAt,
            deletedAt: null,
          });
        }
        commentIds[comment.key] = id;
      }
    }
    bump(bug, change.set as Partial<DefectSnapshot>);
    return { status: "applied", revision: bugs.get(bug.id)?.revision ?? "", commentIds };
  };
  const store: DefectStore = {
    read: async (_scope, ids) => ids.flatMap((id) => bugs.get(id) ?? []),
    readComments: async (_scope, ids) => notes.filter((note) => ids.includes(note.defectId)),
    async apply(_scope, changes) {
      const outcomes = changes.map(applyOne);
      if (dieAfterApply) {
        dieAfterApply = false;
        throw new Error("The connection to the host's database was lost.");
      }
      return outcomes;
    },
  };
  return {
    store,
    notes,
    add: (id: string, title: string) =>
      bugs.set(id, {
        id,
        projectId: "web",
        revision: "r1",
        title,
        description: "",
        status: "open",
        priority: "critical",
      }),
    get: (id: string) => bugs.get(id),
    edit(id: string, set: Partial<DefectSnapshot>) {
      const bug = bugs.get(id);
      if (bug !== undefined) bump(bug, set);
    },
    remove: (id: string) => bugs.delete(id),
    refuse: (status: string | null) => {
      refuseStatus = status;
    },
    dieAfterNextApply: () => {
      dieAfterApply = true;
    },
  };
}

async function createWorld() {
  const time = createVirtualTime();
  const github = createFakeGitHub({ repositories: ["acme/web"], now: time.now, webhooks: "manual" });
  const table = createHostTable();
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: new Uint8Array(32) }],
    defectStore: table.store,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(5),
    fetch: github.fetch,
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", role: "owner" });
  await app.sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  table.add("BUG-1", "Total is wrong");
  const link = await app.defects.push("BUG-1");
  const quiet = async () => {
    await time.advance(61_000);
    for (let pass = 0; pass < 10; pass += 1) {
      await backref.sync.run({ maxMs: 1_000 });
      await time.advance(2_000);
    }
  };
  await quiet();
  return { time, github, table, backref, app, link, quiet };
}

describe("defects in the host's own tables", () => {
  test("are pushed and follow both sides; create and update are the host's alone", async () => {
    const { app, github, table, link, quiet } = await createWorld();
    expect(link).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect("create" in app.defects).toBe(false);
    expect(app.comments).toBeNull();
    table.edit("BUG-1", { title: "Total is off by one" });
    await app.defects.changed(["BUG-1"]);
    await quiet();
    expect(github.issue("acme/web", 1)?.title).toBe("Total is off by one");
    github.as("lena").closeIssue("acme/web", 1);
    github.as("lena").comment("acme/web", 1, "Fixed");
    await quiet();
    expect(table.get("BUG-1")).toMatchObject({ status: "closed" });
    expect(table.notes.map((note) => note.body)).toEqual(["Fixed"]);
    await quiet();
    expect(table.notes).toHaveLength(1);
  });

  test("a crash between the host's commit and ours is no edit of a person", async () => {
    const { app, github, table, link, quiet } = await createWorld();
    table.dieAfterNextApply();
    github.as("lena").editIssue("acme/web", 1, { title: "Theirs" });
    await quiet();
    expect(table.get("BUG-1")).toMatchObject({ title: "Theirs" });
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
    const { items } = await app.activity.list({ linkId: link.id });
    expect(items.filter((item) => item.type === "conflict-recorded")).toEqual([]);
    const mark = github.mark();
    await quiet();
    expect(github.requestsSince(mark).every((request) => request.method === "GET")).toBe(true);
  });

  test("a value the host refuses is told and not forced in; another one is", async () => {
    const { app, github, table, link, quiet } = await createWorld();
    table.refuse("closed");
    github.as("lena").closeIssue("acme/web", 1);
    await quiet();
    expect(table.get("BUG-1")?.status).toBe("open");
    expect(await app.defects.link(link.id)).toMatchObject({
      status: "partial",
      refused: [{ field: "status", reason: "The workflow does not allow it." }],
    });
    table.refuse(null);
    await app.defects.retry(link.id);
    await quiet();
    expect(table.get("BUG-1")?.status).toBe("closed");
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("a defect that is gone ends its link and keeps the issue", async () => {
    const { app, github, table, link, quiet } = await createWorld();
    table.remove("BUG-1");
    github.as("lena").editIssue("acme/web", 1, { title: "Still here" });
    await quiet();
    expect(await app.defects.link(link.id)).toMatchObject({ status: "detached" });
    expect(github.issues("acme/web")).toHaveLength(1);
  });
});
