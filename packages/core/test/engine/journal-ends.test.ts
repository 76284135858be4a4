import { describe, expect, test } from "vitest";
import { ProviderError } from "../../src/index.ts";
import { withCompareAndSet } from "../support/adapted-provider.ts";
import {
  addGitHubSource,
  createGitHubWorld,
  type GitHubWorld,
  type GitHubWorldOptions,
  poll,
  provider,
  settle,
} from "../support/github-world.ts";

const issuePatch = { method: "PATCH", operation: "/repos/{owner}/{repo}/issues/{issue_number}" } as const;

async function synced(options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld(options);
  await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Start" });
  const link = await world.app.defects.push(defect.id);
  await poll(world);
  return { world, defect, link };
}

async function lenaWrites(world: GitHubWorld, title: string): Promise<void> {
  await world.time.advance(1_500);
  world.github.as("lena").editIssue("acme/web", 1, { title });
  await poll(world);
}

/** Well within the time that a write of ours could still arrive in. */
describe("a value that we sent and a person sets again counts as the person's", () => {
  test("where our write was answered", async () => {
    const { world, defect } = await synced();
    await world.app.defects.update(defect.id, { title: "Ours" });
    await settle(world);
    await lenaWrites(world, "Theirs");
    await lenaWrites(world, "Ours");
    expect((await world.app.defects.get(defect.id)).title).toBe("Ours");
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
  });

  test("where a read showed that our unanswered write had arrived", async () => {
    const { world, defect } = await synced();
    world.github.faults.add({ kind: "lost-after", match: issuePatch });
    await world.app.defects.update(defect.id, { title: "Ours" });
    await settle(world);
    await lenaWrites(world, "Theirs");
    await lenaWrites(world, "Ours");
    expect((await world.app.defects.get(defect.id)).title).toBe("Ours");
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
  });

  test("where our unanswered write was for a version that has passed", async () => {
    const { world, defect } = await synced({ provider: withCompareAndSet(provider) });
    world.github.faults.add({ kind: "lost-before", match: issuePatch });
    await world.app.defects.update(defect.id, { title: "Ours" });
    await world.backref.sync.run({ maxMs: 0 });
    await lenaWrites(world, "Theirs");
    expect((await world.app.defects.get(defect.id)).title).toBe("Theirs");
    await lenaWrites(world, "Ours");
    expect((await world.app.defects.get(defect.id)).title).toBe("Ours");
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
  });
});

describe("labels that arrive one by one", () => {
  test("are known as ours where only the removal arrived: nobody is told that a label is missing", async () => {
    let isHalf = true;
    const { update } = provider;
    if (update === undefined) throw new TypeError("GitHub can be written.");
    // A tracker that removes before it adds, and answers neither.
    const halving: typeof provider = {
      ...provider,
      update: {
        async update(call, request) {
          if (!isHalf) return update.update(call, request);
          isHalf = false;
          const remove = request.patch.labels?.remove ?? [];
          await update.update(call, { ...request, patch: { labels: { add: [], remove } } });
          throw new ProviderError({
            failure: "ambiguous",
            providerId: provider.id,
            operation: "issue.update",
            message: "No answer came back.",
          });
        },
      },
    };
    const { world, defect, link } = await synced({ provider: halving });
    isHalf = false;
    await world.app.defects.update(defect.id, { priority: "critical" });
    await poll(world);
    isHalf = true;
    await world.app.defects.update(defect.id, { priority: "blocker" });
    await poll(world);
    expect(world.github.issue("acme/web", 1)?.labels).toEqual(["priority:critical"]);
    expect(await world.app.defects.get(defect.id)).toMatchObject({ priority: "blocker" });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "value-unmapped")).toEqual([]);
  });
});
