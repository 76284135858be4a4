import { describe, expect, test } from "vitest";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, settle } from "../support/github-world.ts";

async function push(
  world: GitHubWorld,
  fields: { readonly title?: string; readonly description?: string; readonly priority?: "critical" } = {},
) {
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", ...fields });
  const link = await world.app.defects.push(defect.id);
  return { defect, link };
}

describe("trouble ends in words that say what to do, and leaves nothing half done", () => {
  test("wrong token: the source asks for new credentials, and goes on when it has them", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world, "acme/web", "ghp_wrongwrongwrongwrongwrongwrongwrong00");
    const { defect, link } = await push(world);
    expect(link).toMatchObject({ status: "blocked", blockedBy: "auth", issue: null });
    expect(link.message).toMatch(/token|credential/i);
    expect(link.message).not.toContain("ghp_wrong");
    expect((await world.app.sources.get(source.id)).health).toMatchObject({ status: "reconnect-required" });
    const mark = world.github.mark();
    await settle(world);
    expect(world.github.requestsSince(mark)).toEqual([]);
    await world.app.sources.update(source.id, { auth: { type: "token", token: world.github.token } });
    await settle(world);
    expect((await world.app.defects.links(defect.id))[0]).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect((await world.app.sources.get(source.id)).health.status).toBe("ok");
  });

  test("a token that was revoked later stops the source, and edits wait", async () => {
    const world = await createGitHubWorld();
    const token = world.github.createToken({ login: "temp", repositories: { "acme/web": "write" } });
    const source = await addGitHubSource(world, "acme/web", token);
    const { defect } = await push(world);
    await world.time.advance(5_000);
    world.github.revokeToken(token);
    await world.app.defects.update(defect.id, { title: "Waits" });
    await settle(world);
    expect((await world.app.defects.links(defect.id))[0]).toMatchObject({ status: "blocked", blockedBy: "auth" });
    await world.app.sources.update(source.id, { auth: { type: "token", token: world.github.token } });
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Waits");
  });

  test("token without write access: the issue is made, what was dropped is told", async () => {
    const world = await createGitHubWorld({ repositories: [{ name: "acme/web", private: false }] });
    const token = world.github.createToken({ login: "reader", repositories: { "acme/web": "read" } });
    await addGitHubSource(world, "acme/web", token);
    const { link } = await push(world, { priority: "critical" });
    expect(link).toMatchObject({ status: "partial", badge: { text: "#1" } });
    expect(link.refused).toMatchObject([{ field: "priority" }]);
    expect(link.message).toMatch(/may not create labels in acme\/web: give its account the role Write/);
    expect(world.github.issue("acme/web", 1)?.labels).toEqual([]);
  });

  test("token whose permissions do not cover issues: blocked, with the permission named", async () => {
    const world = await createGitHubWorld();
    const token = world.github.createToken({
      login: "narrow",
      repositories: { "acme/web": "write" },
      permissions: { metadata: "read", issues: "read" },
    });
    await addGitHubSource(world, "acme/web", token);
    const { link } = await push(world);
    expect(link).toMatchObject({ status: "blocked", blockedBy: "permission", issue: null });
    expect(link.message).toMatch(/issues/i);
    expect(world.github.issues("acme/web")).toEqual([]);
  });

  test("unknown repository: blocked, retried by one call once it is there", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world, "acme/unknown");
    const { link } = await push(world);
    expect(link).toMatchObject({ status: "blocked", issue: null });
    expect(link.message).toContain("acme/unknown");
    world.github.addRepository("acme/unknown");
    await world.app.defects.retry(link.id);
    await settle(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
  });

  test("issues disabled: blocked, and the setting is named", async () => {
    const world = await createGitHubWorld();
    world.github.changeRepository("acme/web", { hasIssues: false });
    await addGitHubSource(world);
    const { link } = await push(world);
    expect(link).toMatchObject({ status: "blocked", issue: null });
    expect(link.message).toMatch(/issues are (disabled|turned off|switched off)/i);
  });

  test("label creation refused: the push succeeds, the link is partial and says why, retry mends it", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    world.github.faults.add({ kind: "label-refused", times: 10 });
    const { link } = await push(world, { priority: "critical" });
    expect(link).toMatchObject({ status: "partial", badge: { text: "#1" }, refused: [{ field: "priority" }] });
    expect(link.message).toMatch(/label/i);
    world.github.faults.clear();
    await settle(world);
    expect(world.github.issue("acme/web", 1)?.labels).toEqual([]);
    await world.app.defects.retry(link.id);
    await settle(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", refused: [] });
    expect(world.github.issue("acme/web", 1)?.labels).toEqual(["priority:high"]);
  });

  test("a body of 70,000 characters: blocked before anything is sent, and mended by an edit", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const { defect, link } = await push(world, { description: "x".repeat(70_000) });
    expect(link).toMatchObject({ status: "blocked", blockedBy: "validation", field: "description" });
    expect(link.message).toMatch(/70\d{3} characters.*65536/);
    expect(world.github.requestsSince(0).filter((request) => request.method === "POST")).toEqual([]);
    await world.app.defects.update(defect.id, { description: "Short" });
    await settle(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    await world.time.advance(5_000);
    await world.app.defects.update(defect.id, { description: "y".repeat(70_000), title: "Still travels" });
    await settle(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "blocked", field: "description" });
    expect(world.github.issue("acme/web", 1)).toMatchObject({ title: "Still travels" });
    expect(world.github.issue("acme/web", 1)?.body).toContain("Short");
  });

  test("a key of another repository, of another host, or of nothing", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "other/repo"] });
    const source = await addGitHubSource(world);
    await world.app.sources.update(source.id, { containers: ["acme/web"] });
    const add = (issue: string) =>
      world.app.references.add({
        object: { type: "test-case", id: "TC-1", projectId: "web" },
        sourceId: source.id,
        issue,
        relation: "relates-to",
      });
    expect((await errorOf(add("other/repo#1"))).code).toBe("container-not-allowed");
    expect((await errorOf(add("https://gitlab.example.com/a/b/-/issues/1"))).code).toBe("issue-not-recognised");
    expect((await errorOf(add("#99"))).code).toBe("issue-not-found");
    expect((await world.app.references.list({ projectId: "web" })).items).toEqual([]);
  });

  test("a webhook with a bad signature, a wrong endpoint or a torn body changes nothing", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await push(world);
    const { endpoint } = await world.app.sources.webhook(source.id);
    await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    world.github.as("lena").closeIssue("acme/web", 1);
    const delivery = world.github.webhooks.pending.at(-1);
    if (delivery === undefined) throw new TypeError("no delivery");
    const send = (headers: Readonly<Record<string, string>>, body: string, to = endpoint) =>
      world.backref.webhooks.handle(new Request("https://host.example.com/hook", { method: "POST", headers, body }), {
        endpoint: to,
      });
    await settle(world);
    const mark = world.github.mark();
    const forged = { ...delivery.headers, "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    expect((await send(forged, delivery.body)).status).toBe(401);
    expect((await send(delivery.headers, delivery.body, "nobody")).status).toBe(401);
    expect((await send(delivery.headers, delivery.body.slice(0, 40))).status).toBe(401);
    expect((await send(delivery.headers, "x".repeat(6_000_000))).status).toBe(413);
    await settle(world);
    expect(world.github.requestsSince(mark)).toEqual([]);
    expect((await send(delivery.headers, delivery.body)).status).toBe(202);
    expect((await send(delivery.headers, delivery.body)).status).toBe(200);
  });

  test("primary and secondary rate limits: the source waits until the tracker's reset, then goes on", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await push(world);
    for (const fault of [
      { kind: "rate-limit-secondary", retryAfterSeconds: 90 } as const,
      { kind: "rate-limit-primary", resetSeconds: 300 } as const,
    ]) {
      await world.time.advance(5_000);
      world.github.faults.add({ ...fault, match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" } });
      const { link } = await push(world);
      expect(link.status).toBe("rate-limited");
      expect(link.retryAt).toBeGreaterThan(world.time.now() + 60_000);
      expect((await world.app.sources.get(source.id)).health.status).toBe("rate-limited");
      const mark = world.github.mark();
      await world.time.advance(60_000);
      await settle(world);
      expect(world.github.requestsSince(mark)).toEqual([]);
      await world.time.advance(300_000);
      await settle(world);
      expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    }
    expect(world.github.issues("acme/web")).toHaveLength(3);
  });

  test("pushing after a detach asks; nothing is chosen silently", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const { defect, link } = await push(world);
    expect(await world.app.defects.detach(link.id)).toMatchObject({ status: "detached", badge: { text: "#1" } });
    expect((await errorOf(world.app.defects.push(defect.id))).code).toBe("link-detached");
    await world.time.advance(5_000);
    expect(await world.app.defects.push(defect.id, { afterDetach: "reattach" })).toMatchObject({
      id: link.id,
      status: "synced",
      badge: { text: "#1" },
    });
    await world.app.defects.detach(link.id);
    expect(await world.app.defects.push(defect.id, { afterDetach: "new" })).toMatchObject({ badge: { text: "#2" } });
  });

  test("a second defect on a linked issue gets a reference and is told so", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    await push(world);
    const other = await world.app.defects.create({ projectId: "web", title: "Other" });
    const error = await errorOf(world.app.defects.attach(other.id, { sourceId: source.id, issue: "#1" }));
    expect(error.code).toBe("issue-already-linked");
    const references = await world.app.references.list({ object: { type: "defect", id: other.id } });
    expect(references.items).toHaveLength(1);
  });

  test("attaching to an issue that exists takes its values and keeps what lost", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    world.github.as("lena").createIssue("acme/web", { title: "Known already", body: "By hand" });
    await world.time.advance(5_000);
    const defect = await world.app.defects.create({ projectId: "web", title: "Mine" });
    const link = await world.app.defects.attach(defect.id, {
      sourceId: source.id,
      issue: "https://github.com/acme/web/issues/1",
    });
    expect(link).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Known already", description: "By hand" });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter((item) => item.type === "conflict-recorded").map((item) => item.data["local"])).toContain(
      "Mine",
    );
    expect(world.github.issue("acme/web", 1)?.body).toBe("By hand");
  });

  test("an issue deleted at the tracker ends the sync with a clear status, never with a new issue", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const { defect, link } = await push(world);
    await world.time.advance(5_000);
    world.github.as("acme").deleteIssue("acme/web", 1);
    await world.app.defects.update(defect.id, { title: "Too late" });
    await settle(world);
    expect((await world.app.defects.link(link.id)).status).toMatch(/remote-deleted|no-access/);
    expect(world.github.issues("acme/web")).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("pause keeps everything, resume catches up; deleting the defect keeps the issue", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const { defect, link } = await push(world);
    await world.time.advance(5_000);
    await world.app.defects.pause(link.id);
    await world.app.defects.update(defect.id, { title: "Later" });
    world.github.as("lena").closeIssue("acme/web", 1);
    await world.time.advance(61_000);
    await settle(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "paused" });
    expect(world.github.issue("acme/web", 1)?.title).toBe("Total is wrong");
    await world.app.defects.resume(link.id);
    await settle(world);
    expect(world.github.issue("acme/web", 1)).toMatchObject({ title: "Later", state: "closed" });
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Later", status: "closed" });
    await world.app.defects.delete(defect.id);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "detached" });
    expect(world.github.issues("acme/web")).toHaveLength(1);
  });
});
