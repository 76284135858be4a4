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
    const { azure, app, poll, report, writesSince } = await setUp(deployment);
    const defect = await report({ details, priority: "critical" });
    const link = await app.defects.push(defect.id);
    expect(link).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(azure.issue("1")).toMatchObject({ type: "Bug", title: "Total is wrong", priority: 2, state: "New" });
    expect(azure.issue("1")?.relations).toMatchObject([
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
    // Server has HTML alone, and no place for how a text was written: it comes back in the one form that is written here.
    const expected = deployment === "services" ? untidy : "- one\n- two\n\n**bold** \\<!-- hidden -->";
    expect((await app.defects.get(defect.id)).description).toBe(expected);
    expect(writesSince(mark)).toEqual(["PATCH /" + (deployment === "services" ? "acme" : "tfs/DefaultCollection") + "/_apis/wit/workitems/1"]);

    const lena = azure.as("Lena");
    lena.moveTo("1", "Closed");
    lena.editIssue("1", { title: "Total is wrong with a voucher", priority: 1 });
    await poll();
    const changed = await app.defects.get(defect.id);
    expect(changed).toMatchObject({ status: "closed", title: "Total is wrong with a voucher", priority: "blocker" });

    await app.defects.update(defect.id, { status: "in-progress" });
    await poll();
    expect(azure.issue("1")).toMatchObject({ state: "Active" });
    await app.defects.update(defect.id, { status: "closed", priority: "trivial" });
    await poll();
    expect(azure.issue("1")).toMatchObject({ state: "Closed", priority: 4 });

    const quiet = azure.mark();
    await poll();
    await poll();
    expect(writesSince(quiet)).toEqual([]);
    expect((await app.defects.get(defect.id)).priority).toBe("trivial");
    const [row] = await app.defects.links(defect.id);
    expect(row?.status).toBe("synced");
    expect(azure.violations).toEqual([]);
  });

  test("comments travel both ways, with edits and deletions", async () => {
    const { azure, app, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    const format = deployment === "services" ? "markdown" : "html";
    const lena = azure.as("Lena");
    const { id } = lena.comment("1", "Fixed in 1.4", format);
    const own = await app.comments.add({ defectId: defect.id, body: "Still *wrong* in 1.5" });
    await poll();
    await poll();
    const bodies = async () => (await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body).sort();
    expect(await bodies()).toEqual(["Fixed in 1.4", "Still *wrong* in 1.5"]);
    expect(azure.issue("1")?.comments).toHaveLength(2);
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
    const { azure, app, settle, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    await app.defects.update(defect.id, { title: "Ours" });
    // Between the look at the item and the write.
    let hasRaced = false;
    azure.faults.add({ kind: "delay", ms: 1, match: { method: "PATCH" } });
    const pending = settle();
    while (!hasRaced && azure.requests.every(({ method }) => method !== "PATCH")) {
      await Promise.resolve();
      if (azure.requests.some(({ operation }) => operation.includes("workitemsbatch")) && !hasRaced) {
        azure.as("Lena").editIssue("1", { priority: 1 });
        hasRaced = true;
      }
    }
    await pending;
    await poll();
    expect(azure.issue("1")).toMatchObject({ title: "Ours", priority: 1 });
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Ours", priority: "blocker" });
  });

  test("a webhook brings a change at once, and one that changes nothing costs no request", async () => {
    const { azure, owner, source, app, settle, poll, report } = await setUp(deployment);
    const defect = await report();
    await app.defects.push(defect.id);
    await poll();
    const { endpoint } = await owner.sources.webhook(source.id);
    expect(endpoint).not.toBe("");
    await owner.sources.registerWebhooks(source.id, { urlFor: () => "https://host.example/hooks" }).catch(() => {});
    azure.as("Lena").editIssue("1", { title: "Told at once" });
    await azure.webhooks.flush();
    await settle();
    expect(azure.hooks.length).toBeGreaterThan(0);
    expect((await app.defects.get(defect.id)).title).toBe("Told at once");
  });
});
