import { missingRedmine } from "backref-redmine-server";
import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

const missing = missingRedmine();

describe("the main job on a real Redmine", () => {
  if (missing !== null) {
    test("all of it", ({ skip }) => skip(missing));
    return;
  }

  test("pushes a defect, and both sides follow each other", async () => {
    const world = await createWorld();
    const { app, act, look } = world;
    expect(await app.sources.test(world.source.id)).toMatchObject({ ok: true, problems: [] });
    const description = "Steps:\n\n1. Open the **cart**\n2. See `total`\n\n```\nexpected 3\n```";
    const defect = await app.defects.create({ projectId: "web", title: "Total", description, priority: "critical" });
    const link = await app.defects.push(defect.id);
    expect(world.errors).toEqual([]);
    const key = link.issue?.key;
    expect(link).toMatchObject({ status: "synced", issue: { url: `${world.baseUrl}/issues/${key?.slice(1)}` } });
    const item = Number(key?.slice(1));
    expect(await look(key)).toMatchObject({ title: "Total", priority: 4, status: "New", tracker: "Bug" });
    expect(String((await look(key))["body"]).replaceAll("\r\n", "\n")).toContain(
      "# Open the *cart*\n# See @total@\n\n<pre>\nexpected 3\n</pre>",
    );

    await app.defects.update(defect.id, { status: "closed", priority: "blocker" });
    await world.settle();
    expect(await look(key)).toMatchObject({ status: "Closed", priority: 5 });

    await act("edit_issue", { item, subject: "Total with a voucher", status_id: 2 });
    await act("comment", { item, body: "Not to be *fixed*" });
    await act("comment", { item, body: "They must not read this", is_private: true });
    await world.poll();
    expect(await app.defects.get(defect.id)).toMatchObject({
      title: "Total with a voucher",
      status: "open",
      description,
    });
    expect((await app.comments.list({ defectId: defect.id })).items).toMatchObject([
      { body: "Not to be **fixed**", origin: "tracker" },
    ]);

    await app.comments.add({ defectId: defect.id, body: "Agreed, see `log`" });
    await world.settle();
    expect((await look(key))["notes"]).toHaveLength(3);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
    const quiet = world.requests.length;
    await world.settle();
    expect(world.requestsSince(quiet)).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("an answer that is lost makes no second issue", async () => {
    const world = await createWorld();
    const { app } = world;
    world.lose(/^POST \/issues/);
    world.lose(/^GET \/issues/);
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id, { waitMs: 0 });
    await world.settle();
    await world.poll();
    expect(await world.act("list_issues", { project: world.project })).toHaveLength(1);
    expect((await app.defects.links(defect.id)).map(({ status }) => status)).toEqual(["synced"]);
    expect(world.requests.filter((request) => request.startsWith("POST /issues"))).toHaveLength(1);
  });

  test("follows an issue to another project, and tells one that turned private", async () => {
    const world = await createWorld();
    const { app, act } = world;
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    const link = await app.defects.push(defect.id);
    const item = Number(link.issue?.key.slice(1));
    await act("move_issue", { item, project: world.other });
    await app.defects.update(defect.id, { title: "Total, moved" });
    await world.poll();
    expect(await world.look(link.issue?.key)).toMatchObject({ title: "Total, moved", project: world.other });
    await act("edit_issue", { item, is_private: true, subject: "Secret" });
    await world.poll();
    await world.poll();
    const [now] = await app.defects.links(defect.id);
    expect([now?.status, (await app.defects.get(defect.id))?.title]).toEqual(["no-access", "Total, moved"]);
  });

  test("a reference by address needs no project, and a status outside the workflow is told", async () => {
    const world = await createWorld();
    const { app, act } = world;
    const elsewhere = await act("create_issue", { project: world.other, title: "Over there" });
    // A project without a target: nothing says where its keys are.
    const object = { type: "test-case", id: "TC-1", projectId: "mobile" } as const;
    const issue = `${world.baseUrl}/issues/${elsewhere}`;
    const reference = await app.references.add({ object, sourceId: world.source.id, issue, relation: "defect" });
    expect(reference.issue).toMatchObject({ key: `#${elsewhere}` });
    expect(await app.issues.refresh({ sourceId: world.source.id })).toMatchObject({ problems: [] });
    const [listed] = (await app.references.list({ object })).items;
    expect(listed?.issue).toMatchObject({ title: "Over there", container: world.other });

    await app.sources.update(world.source.id, {
      mapping: {
        status: [
          { category: "open", local: ["open", "in-progress"] },
          { category: "closed", state: "Archived", local: ["closed", "achieved"] },
        ],
      },
    });
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
    await app.defects.push(defect.id);
    await app.defects.update(defect.id, { status: "closed" });
    await world.settle();
    const [link] = await app.defects.links(defect.id);
    expect(link?.status).toBe("partial");
    expect(JSON.stringify(link)).toContain("can be reached from");
  });

  test("what it costs: a push is one request, a change two and a look before, an idle poll one", async () => {
    const world = await createWorld({ source: { priorities: "id", textFormat: "markdown" } });
    const { app } = world;
    await app.defects.push((await app.defects.create({ projectId: "web", title: "First" })).id);
    const { id } = await app.defects.create({ projectId: "web", title: "Second" });
    const pushed = world.requests.length;
    await app.defects.push(id);
    expect(world.requestsSince(pushed)).toEqual(["POST /issues.json"]);
    await world.poll();
    const changed = world.requests.length;
    world.time.advance(10_000);
    await app.defects.update(id, { title: "Second, changed", description: "Now with a text" });
    await world.settle();
    const list = "GET /issues.json";
    expect(world.requestsSince(changed)).toEqual([list, "PUT /issues/{id}.json", list]);
    await world.poll();
    await world.poll();
    const idle = world.requests.length;
    await world.poll();
    expect(world.requestsSince(idle)).toEqual([list]);
  });
});
