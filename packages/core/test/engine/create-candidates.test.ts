import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const issuePost = { method: "POST", operation: "/repos/{owner}/{repo}/issues" } as const;
const issueList = { method: "GET", operation: "/repos/{owner}/{repo}/issues" } as const;

/** The account of the source's token, which a person may use as well. */
const ourAccount = "backref-bot";

/** Its issue is made, but neither the answer nor the first look arrives. */
async function pushUnanswered(world: GitHubWorld) {
  const source = await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", description: "Steps" });
  world.github.faults.add({ kind: "lost-after", match: issuePost });
  world.github.faults.add({ kind: "lost-before", match: issueList, times: 100 });
  const link = await world.app.defects.push(defect.id, { waitMs: 0 });
  await world.time.advance(500);
  const body = world.github.issues("acme/web").at(-1)?.body ?? "";
  expect(body).toContain("<!-- backref:br-");
  return { source, defect, link, body };
}

const creates = (world: GitHubWorld) =>
  world.github
    .requestsSince(0)
    .filter(({ method, operation }) => method === issuePost.method && operation === issuePost.operation);

describe("while nobody knows whether an issue was made", () => {
  test("the link says so also where the look for it fails", async () => {
    const world = await createGitHubWorld();
    const { link } = await pushUnanswered(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "outcome-unknown", issue: null });
  });

  test("the link says so, and synced once it is found", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    world.github.faults.add({ kind: "late", ms: 5_000, match: issuePost });
    const link = await world.app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(500);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "outcome-unknown", issue: null });
    await settle(world, 30_000);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
    expect(creates(world)).toHaveLength(1);
  });

  test("the cautious never send it twice: a person looks, and detaches", async () => {
    const world = await createGitHubWorld({ limits: { createInDoubt: "wait" } });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Perhaps" });
    world.github.faults.add({ kind: "lost-before", match: issuePost });
    const link = await world.app.defects.push(defect.id, { waitMs: 0 });
    await poll(world, 15);
    await world.app.defects.retry(link.id);
    await poll(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "outcome-unknown" });
    expect(creates(world)).toHaveLength(1);
    await world.app.defects.detach(link.id);
    expect(await world.app.defects.push(defect.id, { afterDetach: "new" })).toMatchObject({ status: "synced" });
    expect(world.github.issues("acme/web")).toHaveLength(1);
  });
});

describe("an issue that carries our token", () => {
  test("is not taken for ours where somebody else made it, even if ours is gone", async () => {
    const world = await createGitHubWorld();
    const { defect, body } = await pushUnanswered(world);
    world.github.as("lena").createIssue("acme/web", { title: "A copy", body });
    world.github.as("acme").deleteIssue("acme/web", 1);
    world.github.faults.clear();
    await poll(world, 15);
    expect((await world.app.defects.links(defect.id))[0]).toMatchObject({ status: "synced", badge: { text: "#3" } });
    expect((await world.app.defects.get(defect.id)).title).toBe("Total is wrong");
    expect(world.github.issue("acme/web", 2)?.title).toBe("A copy");
  });

  test("is not taken for ours where it is older than the attempt", async () => {
    const world = await createGitHubWorld();
    world.github.as(ourAccount).createIssue("acme/web", { title: "Notes of last week" });
    await world.time.advance(7 * 24 * 3_600_000);
    const { link, body } = await pushUnanswered(world);
    world.github.as(ourAccount).editIssue("acme/web", 1, { body: `To be looked at:\n\n${body}` });
    world.github.faults.clear();
    await poll(world, 2);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#2" } });
    expect(world.github.issue("acme/web", 1)?.title).toBe("Notes of last week");
  });

  test("is ours where it is the oldest of several by our account, and the others are told of", async () => {
    const world = await createGitHubWorld();
    const { link, body } = await pushUnanswered(world);
    await world.time.advance(1_500);
    world.github.as(ourAccount).createIssue("acme/web", { title: "A copy", body });
    world.github.faults.clear();
    await poll(world, 2);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", badge: { text: "#1" } });
    const { items } = await world.app.activity.list({ linkId: link.id });
    expect(items.filter(({ type }) => type === "link-in-doubt").flatMap(({ data }) => data["copies"] ?? [])).toEqual([
      "2",
    ]);
  });
});
