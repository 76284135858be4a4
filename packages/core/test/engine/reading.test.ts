import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, provider, settle } from "../support/github-world.ts";

describe("an issue that a read does not show", () => {
  test("right after it was made is not taken for gone: the read was older than the issue", async () => {
    const world = await createGitHubWorld();
    const { app, github, time } = world;
    await addGitHubSource(world);
    const defect = await app.defects.create({ projectId: "web", title: "Start" });
    const link = await app.defects.push(defect.id);
    await time.advance(500);
    for (const operation of ["graphql", "/repos/{owner}/{repo}/issues/{issue_number}"]) {
      github.faults.add({ kind: "stale", ms: 600, match: { operation } });
    }
    await app.defects.retry(link.id);
    await settle(world);
    expect(github.faults.pending()).toEqual([]);
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced", issue: { state: "live" } });
    const { items } = await app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "issue-gone")).toEqual([]);
  });
});

/** A tracker that counts each item's versions by itself, so that a new item begins with small numbers. */
function countingPerItem(young: string): typeof provider {
  const { read, changes: _changes, ...others } = provider;
  if (read === undefined) throw new TypeError("GitHub can be read.");
  return {
    ...others,
    read: {
      async issues(call, request) {
        const outcomes = await read.issues(call, request);
        return outcomes.map((outcome) =>
          outcome.kind === "live" && outcome.issue.container === young
            ? { kind: "live", issue: { ...outcome.issue, version: 1 } }
            : outcome,
        );
      },
    },
  };
}

describe("an issue that became another item when it was moved", () => {
  test("is believed at once, although the new item counts its versions anew", async () => {
    const world = await createGitHubWorld({
      repositories: ["acme/web", "acme/api"],
      provider: countingPerItem("acme/api"),
    });
    const { app, github } = world;
    await addGitHubSource(world);
    const defect = await app.defects.create({ projectId: "web", title: "Start" });
    const link = await app.defects.push(defect.id);
    await poll(world);
    const { number } = github.transferIssue("acme/web", 1, "acme/api");
    github.as("lena").editIssue("acme/api", number, { title: "Moved and renamed" });
    await app.defects.retry(link.id);
    await settle(world);
    expect((await app.defects.get(defect.id)).title).toBe("Moved and renamed");
    expect(await app.defects.link(link.id)).toMatchObject({
      status: "synced",
      issue: { key: `acme/api#${number}` },
    });
  });
});
