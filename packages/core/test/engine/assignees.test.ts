import { describe, expect, test } from "vitest";
import type { FieldDirection } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";

interface Setting {
  readonly direction?: FieldDirection;
  readonly assignee?: string | null;
}

/** Ada and Ben have accounts that are known; Zoe has none, and nobody has said whose `stranger` is. */
async function linked({ direction = "two-way", assignee = null }: Setting = {}) {
  const world = await createGitHubWorld();
  const { github, app } = world;
  const [ada, ben, stranger] = [github.addUser("ada-gh"), github.addUser("ben-gh"), github.addUser("stranger")];
  const source = await addGitHubSource(world);
  await app.sources.update(source.id, { mapping: { fields: { assignee: { direction } } } });
  await app.people.setMany({
    sourceId: source.id,
    people: [
      { remoteId: String(ada), userId: "ada", displayName: "Ada of GitHub" },
      { remoteId: String(ben), userId: "ben" },
    ],
  });
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", assignee });
  const link = await app.defects.push(defect.id);
  await poll(world);
  const assignees = () => github.issue(repository, 1)?.assignees ?? [];
  const local = async () => (await app.defects.get(defect.id)).assignee;
  const assign = async (userId: string | null) => {
    await app.defects.update(defect.id, { assignee: userId });
    await poll(world);
  };
  const status = async () => await app.defects.link(link.id);
  return { world, github, app, source, defect, link, ids: { ada, ben, stranger }, assignees, local, assign, status };
}

const assigneeWrites = (world: GitHubWorld, mark: number) =>
  world.github.requestsSince(mark).filter(({ method, path }) => method !== "GET" && path.endsWith("/assignees"));

describe("the assignee of a defect", () => {
  test("goes out with the new issue, and with every change", async () => {
    const { assignees, assign, status } = await linked({ assignee: "ada" });
    expect(assignees()).toEqual(["ada-gh"]);
    await assign("ben");
    expect(assignees()).toEqual(["ben-gh"]);
    await assign(null);
    expect(assignees()).toEqual([]);
    expect(await status()).toMatchObject({ status: "synced", refused: [] });
  });

  test("comes in, and one more pass sends nothing", async () => {
    const { world, github, local } = await linked();
    github.as("lena").assign(repository, 1, "ben-gh");
    await poll(world);
    expect(await local()).toBe("ben");
    const mark = github.mark();
    await poll(world);
    expect(assigneeWrites(world, mark)).toEqual([]);
    github.as("lena").unassign(repository, 1, "ben-gh");
    await poll(world);
    expect(await local()).toBeNull();
  });

  test("leaves everybody else of the issue alone", async () => {
    const { world, github, assignees, assign, local } = await linked({ assignee: "ada" });
    github.as("lena").assign(repository, 1, "stranger");
    await poll(world);
    expect(await local()).toBe("ada");
    await assign("ben");
    expect([...assignees()].sort()).toEqual(["ben-gh", "stranger"]);
    await assign(null);
    expect(assignees()).toEqual(["stranger"]);
    await poll(world, 2);
    expect(await local()).toBeNull();
  });

  test("gives way to nobody where a person chooses that, although the one here has no account there", async () => {
    const { world, github, app, source, link, local, assign } = await linked({ assignee: "ada" });
    const fields = { assignee: { direction: "two-way", conflict: "manual" } } as const;
    await app.sources.update(source.id, { mapping: { fields } });
    github.as("lena").assign(repository, 1, "ben-gh");
    github.as("lena").unassign(repository, 1, "ada-gh");
    await assign("cem");
    github.as("lena").unassign(repository, 1, "ben-gh");
    await assign("zoe");
    expect(await local()).toBe("zoe");
    await app.defects.resolve(link.id, { field: "assignee", winner: "remote" });
    await poll(world);
    expect(await local()).toBeNull();
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("gives way to the one there where a person chooses that, although an account is named in between", async () => {
    const { world, github, app, source, link, local, assign } = await linked({ assignee: "ada" });
    const fields = { assignee: { direction: "two-way", conflict: "manual" } } as const;
    await app.sources.update(source.id, { mapping: { fields } });
    await poll(world);
    github.as("lena").assign(repository, 1, "ben-gh");
    github.as("lena").unassign(repository, 1, "ada-gh");
    await assign("cem");
    expect(await app.defects.link(link.id)).toMatchObject({ status: "conflict", frozenFields: ["assignee"] });
    await app.defects.resolve(link.id, { field: "assignee", winner: "remote" });
    await app.people.set({ sourceId: source.id, remoteId: String(github.addUser("cem-gh")), userId: "cem" });
    await poll(world);
    expect(await local()).toBe("ben");
    expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("goes out to an issue that was attached and paused while the mapping was changed", async () => {
    const { world, github, app, source, assignees } = await linked();
    github.as("lena").createIssue(repository, { title: "Found" });
    const defect = await app.defects.create({ projectId: "web", title: "Found", assignee: "ada" });
    const { id } = await app.defects.attach(defect.id, { sourceId: source.id, issue: `${repository}#2`, waitMs: 0 });
    await app.defects.pause(id);
    await app.sources.update(source.id, { mapping: { fields: { title: { direction: "two-way" } } } });
    await app.defects.resume(id);
    await poll(world, 2);
    expect(assignees()).toEqual([]);
    expect(github.issue(repository, 2)?.assignees).toEqual(["ada-gh"]);
  });

  test("does not travel unless the mapping says so", async () => {
    const { world, github, assignees, local, assign } = await linked({ direction: "never", assignee: "ada" });
    expect(assignees()).toEqual([]);
    github.as("lena").assign(repository, 1, "ben-gh");
    await poll(world);
    await assign("ada");
    expect([await local(), assignees()]).toEqual(["ada", ["ben-gh"]]);
  });

  test("travels one way where the mapping says one", async () => {
    const out = await linked({ direction: "out" });
    out.github.as("lena").assign(repository, 1, "ben-gh");
    await poll(out.world);
    expect(await out.local()).toBeNull();
    await out.assign("ada");
    expect(out.assignees()).toEqual(["ada-gh"]);
    const into = await linked({ direction: "in", assignee: "ada" });
    expect(into.assignees()).toEqual([]);
    into.github.as("lena").assign(repository, 1, "ben-gh");
    await poll(into.world);
    expect(await into.local()).toBe("ben");
  });
});

describe("people whom the other side does not know", () => {
  test("an account of nobody changes nothing here, is told once, and stays assigned", async () => {
    const { world, github, app, assignees, local, status, link } = await linked({ assignee: "ada" });
    github.as("lena").editIssue(repository, 1, { assignees: ["stranger"] });
    await poll(world, 3);
    expect([await local(), assignees()]).toEqual(["ada", ["stranger"]]);
    const { items } = await app.activity.list({ linkId: link.id });
    const told = items.filter(({ type }) => type === "value-unmapped");
    expect(told.map(({ data }) => data)).toMatchObject([{ field: "assignee", people: ["stranger"] }]);
    expect((await status()).issue?.assignees).toMatchObject([{ displayName: "stranger" }]);
  });

  test("a user without an account leaves the issue's assignee alone, and the link says why", async () => {
    const { assignees, assign, status, local } = await linked({ assignee: "ada" });
    await assign("zoe");
    expect([await local(), assignees()]).toEqual(["zoe", ["ada-gh"]]);
    expect(await status()).toMatchObject({ status: "partial", refused: [{ field: "assignee" }] });
    expect((await status()).message).toContain('"zoe"');
    await assign("ada");
    expect(await status()).toMatchObject({ status: "synced", refused: [] });
  });

  test("goes out as soon as somebody says whose account it is", async () => {
    const { world, app, source, ids, assignees, assign, status } = await linked({ assignee: "ada" });
    await assign("zoe");
    await app.people.set({ sourceId: source.id, remoteId: String(ids.stranger), userId: "zoe" });
    await settle(world);
    expect(assignees()).toEqual(["stranger"]);
    expect(await status()).toMatchObject({ status: "synced", refused: [] });
  });

  test("a new issue of theirs is made, with nobody assigned", async () => {
    const { assignees, status } = await linked({ assignee: "zoe" });
    expect(assignees()).toEqual([]);
    expect(await status()).toMatchObject({ status: "partial", refused: [{ field: "assignee" }] });
  });
});

describe("changes of who is who", () => {
  test("send and apply nothing by themselves", async () => {
    const { world, github, app, source, ids, assignees, local } = await linked({ assignee: "ada" });
    const mark = github.mark();
    await app.people.set({ sourceId: source.id, remoteId: String(ids.ada), userId: "ben" });
    await poll(world, 2);
    github.as("lena").comment(repository, 1, "Stirred");
    await poll(world);
    expect(assigneeWrites(world, mark)).toEqual([]);
    expect([await local(), assignees()]).toEqual(["ada", ["ada-gh"]]);
  });

  test("nor does switching it on; the next change does", async () => {
    const { world, github, app, source, assignees, assign, local } = await linked({ direction: "never" });
    github.as("lena").assign(repository, 1, "ben-gh");
    await poll(world);
    await app.sources.update(source.id, { mapping: { fields: { assignee: { direction: "two-way" } } } });
    github.as("lena").comment(repository, 1, "Stirred");
    await poll(world);
    expect([await local(), assignees()]).toEqual([null, ["ben-gh"]]);
    await assign("ada");
    expect(assignees()).toContain("ada-gh");
  });
});

describe("a tracker that drops assignees", () => {
  test("has refused them, which is never agreed on and not sent again", async () => {
    const { world, github, assign, assignees, status, local } = await linked();
    const drop = { kind: "drop-fields", fields: ["assignees"], times: 1_000 } as const;
    const admit = github.faults.add({
      ...drop,
      match: { method: "POST", operation: "/repos/{owner}/{repo}/issues/{issue_number}/assignees" },
    });
    await assign("ada");
    expect([await local(), assignees()]).toEqual(["ada", []]);
    expect(await status()).toMatchObject({ status: "partial", field: "assignee" });
    const mark = github.mark();
    await poll(world, 3);
    expect(assigneeWrites(world, mark)).toEqual([]);
    admit();
    await assign("ben");
    expect(assignees()).toEqual(["ben-gh"]);
    expect(await status()).toMatchObject({ status: "synced" });
  });

  test("half of a change is agreed on as far as it was done, and the rest is still wanted", async () => {
    const { world, github, assign, assignees, status, local } = await linked({ assignee: "ada" });
    const admit = github.faults.add({
      kind: "drop-fields",
      fields: ["assignees"],
      times: 1_000,
      match: { method: "POST", operation: "/repos/{owner}/{repo}/issues/{issue_number}/assignees" },
    });
    await assign("ben");
    expect([await local(), assignees()]).toEqual(["ben", []]);
    expect(await status()).toMatchObject({ status: "partial", field: "assignee" });
    await poll(world, 2);
    expect(await local()).toBe("ben");
    admit();
    await assign("ada");
    expect(assignees()).toEqual(["ada-gh"]);
    expect(await status()).toMatchObject({ status: "synced", refused: [] });
  });

  test("an account that is gone holds up nothing else", async () => {
    const { world, app, source, defect, github, status } = await linked();
    await app.people.set({ sourceId: source.id, remoteId: "999999", userId: "zoe" });
    await app.defects.update(defect.id, { assignee: "zoe", title: "Another title" });
    await poll(world);
    expect(github.issue(repository, 1)?.title).toBe("Another title");
    expect(await status()).toMatchObject({ status: "partial", refused: [{ field: "assignee" }] });
  });
});

test("comments carry their author as a user where the account is known, and go out under the account's name", async () => {
  const { world, github, app, defect, source, ids } = await linked();
  await app.people.set({
    sourceId: source.id,
    remoteId: String(ids.stranger),
    userId: "u1",
    displayName: "Ann of GitHub",
  });
  github.as("ada-gh").comment(repository, 1, "Seen");
  github.as("lena").comment(repository, 1, "Seen too");
  await app.comments.add({ defectId: defect.id, body: "Thanks" });
  await poll(world);
  const { items } = await app.comments.list({ defectId: defect.id });
  expect(items.map(({ author }) => author)).toEqual(
    expect.arrayContaining([
      { id: "ada", name: "ada-gh" },
      { id: null, name: "lena" },
    ]),
  );
  expect(
    github
      .issue(repository, 1)
      ?.comments.map(({ body }) => body)
      .join("\n"),
  ).toContain("Ann of GitHub");
});
