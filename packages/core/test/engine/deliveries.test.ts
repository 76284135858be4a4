import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import {
  addGitHubSource,
  createGitHubWorld,
  type GitHubWorld,
  type GitHubWorldOptions,
  settle,
} from "../support/github-world.ts";
import { createTroubledStorage, marksLinks } from "../support/troubled-storage.ts";

const repository = "acme/web";
/** Nothing but deliveries tells what happened. */
const limits = { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 } as const;

async function createHookedWorld(options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld({ limits, ...options });
  const source = await addGitHubSource(world);
  await settle(world);
  await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
  const { endpoint } = await world.app.sources.webhook(source.id);
  /** Sends the oldest pending delivery, again and again until somebody takes it. */
  const deliverNext = async (): Promise<readonly number[]> => {
    const { url, headers, body } = world.github.webhooks.drop();
    const answers: number[] = [];
    do {
      const request = new Request(url, { method: "POST", headers, body });
      answers.push((await world.backref.webhooks.handle(request, { endpoint })).status);
    } while ((answers.at(-1) ?? 0) >= 500 && answers.length < 5);
    return answers;
  };
  const deliver = async () => {
    while (world.github.webhooks.pending.length > 0) await deliverNext();
  };
  await deliver();
  return { ...world, deliver, deliverNext };
}

async function pushed(world: GitHubWorld & { readonly deliver: () => Promise<void> }) {
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  await world.deliver();
  await settle(world);
  await world.time.advance(10_000);
  return { defect, link };
}

/** Reads an issue as a page does that is shown twice: what was known at once, and what a refresh found meanwhile. */
async function showTwice(world: GitHubWorld, id: string) {
  const refreshes: Promise<unknown>[] = [];
  const first = await world.app.issues.get(id, { waitUntil: (task) => void refreshes.push(task) });
  await Promise.all(refreshes);
  return { first, second: await world.app.issues.get(id, { waitUntil: () => {} }), refreshed: refreshes.length };
}

describe("a delivery", () => {
  test.each([
    ["the host's own", null],
    ["a day", 86_400_000],
  ])(
    "about a transfer makes an issue without a link too old, where the limit is %s: the next read follows it",
    async (_limit, issueMaxAgeMs) => {
      const world = await createHookedWorld({ repositories: [repository, "acme/api"] });
      const [source] = (await world.app.sources.list()).items;
      await world.app.sources.update(source?.id ?? "", { issueMaxAgeMs });
      const lena = world.github.as("lena");
      const { number } = lena.createIssue(repository, { title: "Slow" });
      const object = { type: "test-case", id: "TC-7", projectId: "web" };
      const { issue } = await world.app.references.add({ object, issue: `#${number}`, relation: "relates-to" });
      await world.deliver();
      await world.time.advance(10_000);
      expect(await showTwice(world, issue.id)).toMatchObject({ refreshed: 0, second: { key: "acme/web#1" } });
      const moved = world.github.transferIssue(repository, number, "acme/api");
      await world.deliver();
      expect(await showTwice(world, issue.id)).toMatchObject({
        refreshed: 1,
        first: { key: "acme/web#1", title: "Slow", state: "live" },
        second: { key: `acme/api#${moved.number}`, formerKeys: ["acme/web#1"], title: "Slow" },
      });
      expect(await showTwice(world, issue.id)).toMatchObject({ refreshed: 0 });
    },
  );

  test("about a new issue ends the doubt about its creation at once", async () => {
    const world = await createHookedWorld();
    world.github.faults.add({
      kind: "late",
      ms: 200_000,
      match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" },
    });
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    const pushing = world.app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(0);
    const { id } = await pushing;
    while (world.github.issue(repository, 1) === null) {
      await settle(world, 0);
      await world.time.advance(1_000);
    }
    expect((await world.app.defects.link(id)).issue).toBeNull();
    await world.deliver();
    await settle(world);
    expect(await world.app.defects.link(id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(world.time.now() - (world.github.issue(repository, 1)?.createdAt ?? 0)).toBeLessThan(5_000);
  });

  test("about a comment that was deleted takes it away, though its text is known", async () => {
    const world = await createHookedWorld();
    const { defect } = await pushed(world);
    const comments = async () =>
      (await world.app.comments.list({ defectId: defect.id })).items.map((comment) => comment.body);
    const { id } = world.github.as("lena").comment(repository, 1, "Works for me");
    await world.deliver();
    await settle(world);
    expect(await comments()).toEqual(["Works for me"]);
    await world.time.advance(10_000);
    world.github.as("lena").deleteComment(repository, id);
    await world.deliver();
    await settle(world);
    expect(await comments()).toEqual([]);
  });

  test("whose work could not be stored is acted on when it is sent again", async () => {
    const time = createVirtualTime();
    const storage = createTroubledStorage(createMemoryStorage({ clock: time.clock }));
    const world = await createHookedWorld({ time, storage });
    const { defect } = await pushed(world);
    world.github.as("lena").editIssue(repository, 1, { title: "Theirs" });
    storage.failNextCommit(marksLinks);
    expect(await world.deliverNext()).toEqual([503, 202]);
    await settle(world);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ title: "Theirs" });
  });
});
