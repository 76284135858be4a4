import { describe, expect, test } from "vitest";
import { createHostWorld } from "../support/host-world.ts";

describe("defects in the host's own tables", () => {
  test("are pushed and follow both sides; create and update are the host's alone", async () => {
    const { app, github, table, link, quiet } = await createHostWorld();
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
    const { app, github, table, link, quiet } = await createHostWorld();
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
    const { app, github, table, link, quiet } = await createHostWorld();
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

  test("a status that stands for nothing at the tracker is told, and the other fields arrive", async () => {
    const { app, github, table, link, quiet } = await createHostWorld();
    table.edit("BUG-1", { status: "in-triage", title: "Total is off by one" });
    await app.defects.changed(["BUG-1"]);
    await quiet();
    expect(github.issue("acme/web", 1)).toMatchObject({ title: "Total is off by one", state: "open" });
    const view = await app.defects.link(link.id);
    expect(view).toMatchObject({ status: "blocked", blockedBy: "mapping", field: "status" });
    expect(view.message).toContain("in-triage");
    table.edit("BUG-1", { status: "closed" });
    await app.defects.changed(["BUG-1"]);
    await quiet();
    expect(github.issue("acme/web", 1)?.state).toBe("closed");
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("a defect that is gone ends its link and keeps the issue", async () => {
    const { app, github, table, link, quiet } = await createHostWorld();
    table.remove("BUG-1");
    github.as("lena").editIssue("acme/web", 1, { title: "Still here" });
    await quiet();
    expect(await app.defects.link(link.id)).toMatchObject({ status: "detached" });
    expect(github.issues("acme/web")).toHaveLength(1);
  });
});
