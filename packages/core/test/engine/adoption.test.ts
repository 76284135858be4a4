import { describe, expect, test } from "vitest";
import { type Meanwhile, withMeanwhile, withoutPolling } from "../support/adapted-provider.ts";
import { addGitHubSource, createGitHubWorld, provider, settle } from "../support/github-world.ts";

describe("a link that has just got its issue", () => {
  test("looks again where somebody wrote to the issue before its create was answered", async () => {
    const meanwhile: Meanwhile = {};
    const world = await createGitHubWorld({ provider: withoutPolling(withMeanwhile(provider, meanwhile)) });
    const { app, github, backref } = world;
    const source = await addGitHubSource(world);
    await app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
    const { endpoint } = await app.sources.webhook(source.id);
    const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", description: "Steps" });
    meanwhile.beforeCreateAnswer = async () => {
      await world.time.advance(2_000);
      // The marker goes with the old text, so nothing but the issue's id tells whose delivery it is.
      github.as("lena").editIssue("acme/web", 1, { title: "Sum is wrong", body: "Described anew" });
      const { url, headers, body } = github.webhooks.drop(github.webhooks.pending.length - 1);
      const answer = await backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
      expect(answer.status).toBe(202);
    };
    await app.defects.push(defect.id);
    await settle(world);
    expect(await app.defects.get(defect.id)).toMatchObject({ title: "Sum is wrong", description: "Described anew" });
  });

  test("leaves the issue that had its key before, in a repository of the same name, to its own defect", async () => {
    const repositories = ["acme/web", "acme/next"];
    const world = await createGitHubWorld({ repositories, provider: withoutPolling(provider) });
    const { app, github } = world;
    await addGitHubSource(world);
    const first = await app.defects.create({ projectId: "web", title: "Old" });
    const oldLink = await app.defects.push(first.id);
    github.changeRepository("acme/web", { name: "acme/archive" });
    github.changeRepository("acme/next", { name: "acme/web" });
    const second = await app.defects.create({ projectId: "web", title: "New" });
    const newLink = await app.defects.push(second.id);
    expect(newLink).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(newLink.issue?.id).not.toBe(oldLink.issue?.id);
    await app.defects.update(first.id, { title: "Old, renamed" });
    await settle(world);
    expect(github.issue("acme/web", 1)?.title).toBe("New");
    expect((await app.defects.link(oldLink.id)).issue?.id).toBe(oldLink.issue?.id);
  });
});
