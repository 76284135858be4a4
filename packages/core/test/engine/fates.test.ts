import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const issuePost = { method: "POST", operation: "/repos/{owner}/{repo}/issues" } as const;

async function push(world: GitHubWorld, projectId = "web", title = `Defect of ${projectId}`) {
  const defect = await world.app.defects.create({ projectId, title });
  const link = await world.app.defects.push(defect.id);
  return { defect, link };
}

/** Two repositories of one source: projects `web` and `api`, each with a pushed defect that has settled. */
async function twoRepositories() {
  const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
  const source = await addGitHubSource(world);
  await world.app.sources.update(source.id, { targets: { upsert: [{ projectId: "api", container: "acme/api" }] } });
  const [web, api] = [await push(world, "web"), await push(world, "api")];
  await poll(world, 3);
  const view = (made: typeof web) => world.app.defects.link(made.link.id);
  return { world, source, web, api, view };
}

const sweep = async (world: GitHubWorld) => {
  await world.time.advance(3_600_000);
  await settle(world);
};

describe("a transferred issue", () => {
  test("takes its link and its references along; the old key leads to the same issue", async () => {
    const { world, web, view } = await twoRepositories();
    const object = { type: "test-case", id: "TC-1", projectId: "web" } as const;
    const add = (issue: string, id: string = object.id) =>
      world.app.references.add({ object: { ...object, id }, issue, relation: "relates-to" });
    const before = await add("acme/web#1");
    const moved = world.github.transferIssue("acme/web", 1, "acme/api");
    world.github.as("lena").editIssue("acme/api", moved.number, { title: "Edited there" });
    await sweep(world);
    expect(await view(web)).toMatchObject({
      status: "synced",
      issue: { key: "acme/api#2", formerKeys: ["acme/web#1"], state: "live" },
    });
    expect((await world.app.defects.get(web.defect.id)).title).toBe("Edited there");
    const [old, young] = [await add("acme/web#1", "TC-2"), await add("acme/api#2", "TC-3")];
    expect([old.issue.id, young.issue.id]).toEqual([before.issue.id, before.issue.id]);
    await world.app.defects.update(web.defect.id, { title: "Edited here" });
    await settle(world);
    expect(world.github.issue("acme/api", 2)?.title).toBe("Edited here");
  });

  test("is found where it is now, although nobody knew of it before it was transferred", async () => {
    const world = await createGitHubWorld({ repositories: ["acme/web", "acme/api"] });
    await addGitHubSource(world);
    await settle(world);
    world.github.faults.add({ kind: "lost-after", match: issuePost });
    // The first look is too early, as lists of GitHub's may be.
    world.github.faults.add({ kind: "stale", ms: 60_000, match: { ...issuePost, method: "GET" } });
    const defect = await world.app.defects.create({ projectId: "web", title: "In doubt" });
    const link = await world.app.defects.push(defect.id, { waitMs: 0 });
    await world.time.advance(100);
    expect((await world.app.defects.link(link.id)).status).toBe("outcome-unknown");
    expect(world.github.issues("acme/web")).toHaveLength(1);
    world.github.transferIssue("acme/web", 1, "acme/api");
    for (let minute = 0; minute < 14; minute += 1) await poll(world);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced", issue: { key: "acme/api#1" } });
    expect(world.github.issues("acme/web")).toEqual([]);
    expect(world.github.issues("acme/api")).toHaveLength(1);
    world.github.as("lena").editIssue("acme/api", 1, { title: "Edited there" });
    await poll(world, 2);
    expect((await world.app.defects.get(defect.id)).title).toBe("Edited there");
  });
});

describe("a renamed repository", () => {
  test("is followed by everything that goes there: keys, target, poll, comments", async () => {
    const { world, source, web, api, view } = await twoRepositories();
    const { github } = world;
    const note = github.as("lena").comment("acme/web", 1, "Seen");
    await poll(world, 2);
    await world.app.sources.update(source.id, { containers: ["acme/web", "acme/api"] });
    github.changeRepository("acme/web", { name: "acme/site" });
    github.as("lena").editComment("acme/site", note.id, "Seen, and again");
    await poll(world, 2);
    expect(await view(web)).toMatchObject({
      status: "synced",
      issue: { key: "acme/site#1", formerKeys: ["acme/web#1"] },
    });
    expect((await world.app.comments.list({ defectId: web.defect.id })).items[0]?.body).toBe("Seen, and again");
    const { targets, containers } = await world.app.sources.get(source.id);
    expect(targets.map(({ container }) => container).sort()).toEqual(["acme/api", "acme/site"]);
    expect(containers).toEqual(["acme/site", "acme/api"]);
    const object = { type: "test-case", id: "TC-1", projectId: "web" } as const;
    const { issue } = await world.app.references.add({ object, issue: "#1", relation: "relates-to" });
    expect(issue.id).toBe((await view(web)).issue?.id);

    // Whoever takes the old name has nothing to do with it.
    github.addRepository("acme/web-2");
    const mark = github.mark();
    const { link } = await push(world, "web", "Another");
    expect(link).toMatchObject({ status: "synced", issue: { key: "acme/site#2" } });
    await poll(world, 2);
    expect(github.requestsSince(mark).filter(({ status }) => status === 301 || status === 307)).toEqual([]);
    expect(await view(api)).toMatchObject({ status: "synced", issue: { key: "acme/api#1" } });
  });

  test("takes a push at once, before anybody polled it", async () => {
    const { world, source } = await twoRepositories();
    world.github.changeRepository("acme/web", { name: "acme/site" });
    const { link, defect } = await push(world, "web", "Right away");
    expect(link).toMatchObject({ status: "synced", issue: { key: "acme/site#2" } });
    await poll(world, 3);
    world.github.as("lena").editIssue("acme/site", 2, { title: "Edited there" });
    await poll(world, 2);
    expect((await world.app.defects.get(defect.id)).title).toBe("Edited there");
    const { targets } = await world.app.sources.get(source.id);
    expect(targets.map(({ container }) => container).sort()).toEqual(["acme/api", "acme/site"]);
    const mark = world.github.mark();
    await poll(world);
    expect(world.github.requestsSince(mark).filter(({ status }) => status !== 200 && status !== 304)).toEqual([]);
  });

  test("a name that is only written otherwise is no other", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world, "ACME/Web");
    await push(world);
    await poll(world, 3);
    expect((await world.app.sources.get(source.id)).targets[0]?.container).toBe("ACME/Web");
  });
});

describe("one lost repository of several", () => {
  test("holds back its own links only, says so, and is back as soon as it answers again", async () => {
    const { world, source, web, api, view } = await twoRepositories();
    const { github, app } = world;
    github.changeToken(github.token, { repositories: { "acme/web": "admin" } });
    await app.defects.update(api.defect.id, { title: "Kept back" });
    await app.defects.update(web.defect.id, { title: "Goes out" });
    await poll(world, 3);
    expect(github.issue("acme/web", 1)?.title).toBe("Goes out");
    github.as("lena").closeIssue("acme/web", 1);
    await poll(world, 2);
    expect((await app.defects.get(web.defect.id)).status).toBe("closed");
    expect(await view(web)).toMatchObject({ status: "synced" });
    expect(await view(api)).toMatchObject({
      status: "no-access",
      issue: { state: "live" },
      message: expect.stringContaining("does not reach acme/api any more"),
    });
    const { health } = await app.sources.get(source.id);
    expect(health).toMatchObject({ status: "degraded", reason: expect.stringContaining("acme/api") });

    await poll(world, 24 * 60);
    expect((await view(api)).status).toBe("no-access");
    github.changeToken(github.token, { access: "admin" });
    await poll(world, 16);
    expect((await view(api)).status).toBe("synced");
    expect(github.issue("acme/api", 1)?.title).toBe("Kept back");
    expect((await app.sources.get(source.id)).health.status).toBe("ok");
  });

  test("with many links costs one probe a look, and no other repository's issues are doubted", async () => {
    const { world, web, api, view } = await twoRepositories();
    const { github } = world;
    const many = [api];
    for (let index = 0; index < 8; index += 1) many.push(await push(world, "api", `Of many ${index}`));
    await poll(world, 2);
    github.changeToken(github.token, { repositories: { "acme/web": "admin" } });
    github.as("acme").deleteIssue("acme/web", 1);
    const mark = github.mark();
    await sweep(world);
    const probes = github.requestsSince(mark).filter(({ path }) => path === "/repos/acme/api");
    expect(probes.length).toBeLessThan(6);
    const statuses = await Promise.all(many.map(view));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(["no-access"]));
    expect((await view(web)).status).toBe("remote-deleted");
  });
});

describe("a repository with issues switched off", () => {
  test("has lost no issue: its links wait, and go on when it is opened again", async () => {
    const { world, web, api, view } = await twoRepositories();
    const { github, app } = world;
    github.changeRepository("acme/web", { hasIssues: false });
    await app.defects.update(web.defect.id, { title: "Kept back" });
    await poll(world, 5);
    expect(await view(web)).toMatchObject({
      status: "no-access",
      issue: { state: "live" },
      message: expect.stringContaining("issues are disabled in acme/web"),
    });
    expect((await view(api)).status).toBe("synced");
    const { link } = await push(world, "web", "Nowhere to go");
    expect(link).toMatchObject({ status: "blocked", message: expect.stringContaining("enable them") });
    github.changeRepository("acme/web", { hasIssues: true });
    await poll(world, 16);
    expect((await view(web)).status).toBe("synced");
    expect(github.issue("acme/web", 1)?.title).toBe("Kept back");
  });
});

describe("an archived repository", () => {
  test("blocks what has to be written, clearly and without end", async () => {
    const { world, web, api, view } = await twoRepositories();
    const { github, app } = world;
    github.changeRepository("acme/web", { archived: true });
    await app.defects.update(web.defect.id, { title: "Kept back" });
    await app.defects.update(api.defect.id, { title: "Goes out" });
    await poll(world, 3);
    expect(await view(web)).toMatchObject({
      status: "blocked",
      blockedBy: "permission",
      retryAt: null,
      message: expect.stringContaining("Unarchive the repository"),
    });
    expect(github.issue("acme/api", 1)?.title).toBe("Goes out");
    const mark = github.mark();
    await poll(world, 180);
    const writes = github
      .requestsSince(mark)
      .filter(({ method, operation }) => method !== "GET" && operation !== "graphql");
    expect(writes.length).toBeLessThanOrEqual(4);
    github.changeRepository("acme/web", { archived: false });
    await app.defects.retry(web.link.id);
    await settle(world);
    expect((await view(web)).status).toBe("synced");
    expect(github.issue("acme/web", 1)?.title).toBe("Kept back");
  });
});

describe("a locked conversation", () => {
  test("keeps comments back and says why; everything else goes on", async () => {
    const world = await createGitHubWorld();
    const { github, app } = world;
    const token = github.createToken({ login: "triager", access: "triage" });
    await addGitHubSource(world, "acme/web", token);
    const { defect, link } = await push(world);
    await poll(world, 2);
    github.as("acme").lockIssue("acme/web", 1);
    await app.comments.add({ defectId: defect.id, body: "Hello" });
    await app.defects.update(defect.id, { status: "closed" });
    await settle(world);
    expect(github.issue("acme/web", 1)).toMatchObject({ state: "closed", comments: [] });
    expect(await app.defects.link(link.id)).toMatchObject({
      status: "blocked",
      blockedBy: "permission",
      message: expect.stringContaining("The conversation is locked"),
    });
    github.as("acme").editIssue("acme/web", 1, { title: "Edited there" });
    await poll(world, 2);
    expect((await app.defects.get(defect.id)).title).toBe("Edited there");
  });
});

describe("a pull request", () => {
  test("is no issue to refer to or to keep in step with, and the error says so", async () => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const { number } = world.github.addPullRequest("acme/web", { title: "Change" });
    const defect = await world.app.defects.create({ projectId: "web", title: "Fixed by it" });
    const object = { type: "test-case", id: "TC-1", projectId: "web" } as const;
    const refused = {
      code: "issue-not-found",
      message: expect.stringContaining(`acme/web#${number} cannot be used: it is a pull request, not an issue.`),
    };
    const adding = world.app.references.add({ object, issue: `#${number}`, relation: "relates-to" });
    await expect(adding).rejects.toMatchObject(refused);
    const issue = `https://github.com/acme/web/pull/${number}`;
    const attaching = world.app.defects.attach(defect.id, { sourceId: source.id, issue });
    await expect(attaching).rejects.toMatchObject(refused);
    await poll(world, 3);
    expect(world.errors).toEqual([]);
  });
});
