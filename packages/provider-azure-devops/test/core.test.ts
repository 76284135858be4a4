import { afterEach, describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const backref of open.splice(0)) await backref.close();
});

async function setUp(deployment: "services" | "server") {
  const world = await createWorld(deployment);
  open.push(world.backref);
  return world;
}

const details = "expected 30, got **29**\nat `cart.ts:12`\n\n* one\n* two";

describe.each(["services", "server"] as const)("%s", (deployment) => {
  test("a connection test finds nothing amiss", async () => {
    const { owner, source, azure } = await setUp(deployment);
    expect((await owner.sources.test(source.id)).problems).toEqual([]);
    expect(azure.issues("Web Shop")).toEqual([]);
  });

  test("a defect travels there and back, and once both sides agree nothing is sent any more", async () => {
    const { azure, item, app, poll, report, writesSince } = await setUp(deployment);
    const defect = await report({ details, priority: "critical" });
    const link = await app.defects.push(defect.id);
    expect(link).toMatchObject({ status: "synced", badge: { text: `#${item().id}` } });
    expect(item()).toMatchObject({ type: "Bug", title: "Total is wrong", priority: 2, state: "New" });
    expect(item().relations).toMatchObject([
      { rel: "Hyperlink", url: `https://tests.example.com/defects/${defect.id}` },
    ]);

    const mark = azure.mark();
    await poll();
    await poll();
    expect(writesSince(mark)).toEqual([]);

    const untidy = "* one\n* two\n\n__bold__ <!-- hidden -->";
    await app.defects.update(defect.id, { description: untidy });
    await poll();
    await poll();
    // Server has HTML alone, and no place for how a text was written: it keeps it in one form, and the defect keeps its own.
    expect((await app.defects.get(defect.id)).description).toBe(untidy);
    const path = `${new URL(azure.url).pathname}/_apis/wit/workitems/${item().id}`;
    expect(writesSince(mark)).toEqual([`PATCH ${path}`]);

    const lena = azure.as("Lena");
    lena.moveTo(item().id, "Closed");
    lena.editIssue(item().id, { title: "Total is wrong with a voucher", priority: 1 });
    await poll();
    const changed = await app.defects.get(defect.id);
    expect(changed).toMatchObject({ status: "closed", title: "Total is wrong with a voucher", priority: "blocker" });

    await app.defects.update(defect.id, { status: "in-progress" });
    await poll();
    expect(item()).toMatchObject({ state: "Active" });
    await app.defects.update(defect.id, { status: "closed", priority: "trivial" });
    await poll();
    expect(item()).toMatchObject({ state: "Closed", priority: 4 });

    const quiet = azure.mark();
    await poll();
    await poll();
    expect(writesSince(quiet)).toEqual([]);
    expect((await app.defects.get(defect.id)).priority).toBe("trivial");
    const [row] = await app.defects.links(defect.id);
    expect(row?.status).toBe("synced");
    expect(azure.violations).toEqual([]);
  });

  test("a push in any Markdown rests in step, and what the tracker gives by itself comes in", async () => {
    const { azure, app, poll, writesSince } = await setUp(deployment);
    const description = "* one\n* __two__\n\n```\nat cart.ts:12\n\n```\n\n| a |\n|---|\n| <b>1</b> |";
    const defect = await app.defects.create({ projectId: "web", title: "One", description });
    expect(await app.defects.push(defect.id)).toMatchObject({ status: "synced" });
    expect(await app.defects.get(defect.id)).toMatchObject({ description, priority: "critical" });
    const mark = azure.mark();
    await poll();
    await poll();
    expect(writesSince(mark)).toEqual([]);
  });

  test("whoever edits all the time is waited for, and loses nothing", async () => {
    const { azure, app, backref, item, meanwhile, poll, report, time } = await setUp(deployment);
    const { id } = await report();
    await app.defects.push(id);
    await poll();
    let isBusy = true;
    let edits = 0;
    meanwhile.beforeRequest = async (method) => {
      if (!isBusy || edits > 60 || method !== "PATCH") return;
      edits += 1;
      azure.as("Lena").editIssue(item().id, { priority: ((edits + 1) % 4) + 1 });
    };
    await app.defects.update(id, { title: "Ours" });
    const mark = azure.mark();
    for (let pass = 0; pass < 10; pass += 1) {
      await backref.sync.run({ maxMs: 1_000 });
      await time.advance(1_000);
    }
    // Without a pause there would be hundreds.
    expect(azure.mark() - mark).toBeLessThan(30);
    const [link] = await app.defects.links(id);
    expect(link).toMatchObject({ status: "retrying" });
    isBusy = false;
    await poll();
    expect(item()).toMatchObject({ title: "Ours", priority: ((edits + 1) % 4) + 1 });
    const [settled] = await app.defects.links(id);
    expect(settled?.status).toBe("synced");
  });

  test("a change of the type empties no description, and the next one goes where the new type shows it", async () => {
    const { azure, app, item, poll } = await setUp(deployment);
    const defect = await app.defects.create({ projectId: "web", title: "One", description: "first" });
    await app.defects.push(defect.id);
    const lena = azure.as("Lena");
    lena.changeType(item().id, "Task");
    const mark = azure.mark();
    await poll();
    const description = async () => (await app.defects.get(defect.id)).description;
    expect(await description()).toBe("first");
    expect(azure.requestsSince(mark).filter(({ method }) => method === "PATCH")).toEqual([]);
    await app.defects.update(defect.id, { description: "second" });
    await poll();
    expect(item().fields["System.Description"]).toContain("second");
    expect(await description()).toBe("second");
    // Once there is a text again, the old one counts no more.
    const format = deployment === "services" ? "markdown" : "html";
    lena.editIssue(item().id, { fields: { "System.Description": format === "html" ? "<p>third</p>" : "third" } });
    await poll();
    expect(await description()).toBe("third");
  });

  test("comments travel both ways, with edits and deletions", async () => {
    const { azure, item, app, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    const format = deployment === "services" ? "markdown" : "html";
    const lena = azure.as("Lena");
    const { id } = lena.comment(item().id, "Fixed in 1.4", format);
    const own = await app.comments.add({ defectId: defect.id, body: "Still *wrong* in 1.5" });
    await poll();
    await poll();
    const bodies = async () => (await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body).sort();
    expect(await bodies()).toEqual(["Fixed in 1.4", "Still *wrong* in 1.5"]);
    expect(item().comments).toHaveLength(2);
    lena.editComment(id, "Fixed in 1.5");
    await app.comments.update(own.id, { body: "All is well" });
    await poll();
    await poll();
    expect(await bodies()).toEqual(["All is well", "Fixed in 1.5"]);
    lena.deleteComment(id);
    await poll();
    await poll();
    expect(await bodies()).toEqual(["All is well"]);
  });

  test("a change that somebody else was faster with is merged: both are kept", async () => {
    const { azure, item, meanwhile, app, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    await app.defects.update(defect.id, { title: "Ours" });
    const statuses: number[] = [];
    meanwhile.beforeRequest = async (method) => {
      if (method !== "PATCH" || statuses.length > 0) return;
      statuses.push(azure.mark());
      azure.as("Lena").editIssue(item().id, { priority: 1 });
    };
    await poll();
    await poll();
    const patches = azure.requests.filter(({ method }) => method === "PATCH").map(({ status }) => status);
    expect(patches).toEqual([412, 200]);
    expect(item()).toMatchObject({ title: "Ours", priority: 1 });
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Ours", priority: "blocker" });
  });

  test("a poll tells of what was deleted, at once", async () => {
    const { azure, item, app, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    const lena = azure.as("Lena");
    const { id } = item();
    lena.deleteIssue(id);
    await poll();
    expect((await app.defects.links(defect.id))[0]?.status).toBe("remote-deleted");
  });

  test("a webhook brings a change at once, and one that changes nothing costs no request", async () => {
    const { azure, item, endpoint, owner, source, app, settle, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    const url = `https://host.example/hooks/${endpoint}`;
    await owner.sources.registerWebhooks(source.id, { url });
    expect(azure.hooks.map(({ eventType }) => eventType.replace("workitem.", ""))).toEqual(
      expect.arrayContaining(["created", "updated", "commented", "deleted", "restored"]),
    );
    const lena = azure.as("Lena");
    lena.editIssue(item().id, { title: "Told at once" });
    await azure.webhooks.flush();
    expect(azure.webhooks.deliveries.at(-1)?.attempts).toEqual([202]);
    await settle();
    expect((await app.defects.get(defect.id)).title).toBe("Told at once");
    const deliveryId = azure.webhooks.deliveries.at(-1)?.id ?? "";
    const mark = azure.mark();
    await azure.webhooks.redeliver(deliveryId);
    await settle();
    expect(azure.requestsSince(mark)).toEqual([]);
    expect(await owner.sources.unregisterWebhooks(source.id)).toBe(1);
    expect(azure.hooks).toEqual([]);
  });
});
