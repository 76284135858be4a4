import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, provider, settle } from "../support/github-world.ts";

async function world() {
  const made = await createGitHubWorld();
  const source = await addGitHubSource(made);
  const { people } = made.app;
  const sourceId = source.id;
  return { ...made, made, sourceId, people, all: async () => (await people.list({ sourceId })).items };
}

const account = (remoteId: string, userId: string, isPrimary?: boolean) => ({
  remoteId,
  userId,
  ...(isPrimary === undefined ? {} : { isPrimary }),
});

describe("whose account is whose", () => {
  test("is kept with what the tracker called it, and known by the id when that changes", async () => {
    const { people, sourceId, all } = await world();
    const ada = { remoteId: "1", userId: "ada", login: "ada-gh", displayName: "Ada", avatarUrl: "https://x.example/1" };
    expect(await people.set({ sourceId, ...ada })).toEqual({ ...ada, isPrimary: true });
    await people.set({ sourceId, remoteId: "1", userId: "ada", login: "ada-lovelace" });
    expect(await all()).toEqual([{ ...ada, login: "ada-lovelace", isPrimary: true }]);
  });

  test("a user with several accounts has one that is primary, whatever changes", async () => {
    const { people, sourceId, all } = await world();
    await people.setMany({ sourceId, people: [account("1", "ada"), account("2", "ada"), account("3", "ben")] });
    const primaries = async () => (await all()).filter((one) => one.isPrimary).map((one) => one.remoteId);
    expect(await primaries()).toEqual(["1", "3"]);
    await people.set({ sourceId, ...account("2", "ada", true) });
    expect(await primaries()).toEqual(["2", "3"]);
    await people.set({ sourceId, ...account("2", "ada", false) });
    expect(await primaries()).toEqual(["1", "3"]);
    await people.remove({ sourceId, remoteId: "1" });
    expect(await primaries()).toEqual(["2", "3"]);
    await people.set({ sourceId, ...account("2", "ben") });
    expect(await all()).toMatchObject([
      { remoteId: "2", userId: "ben", isPrimary: false },
      { remoteId: "3", userId: "ben", isPrimary: true },
    ]);
    expect(await people.remove({ sourceId, userId: "ben" })).toEqual({ removed: 2 });
    expect(await all()).toEqual([]);
  });

  test("two accounts of two users can be exchanged at once", async () => {
    const { people, sourceId, all } = await world();
    await people.setMany({ sourceId, people: [account("1", "ada"), account("2", "ben")] });
    await people.setMany({ sourceId, people: [account("1", "ben"), account("2", "ada")] });
    expect(await all()).toMatchObject([
      { remoteId: "1", userId: "ben", isPrimary: true },
      { remoteId: "2", userId: "ada", isPrimary: true },
    ]);
  });

  test("a list that contradicts itself is refused as a whole, with the place", async () => {
    const { people, sourceId, all } = await world();
    const double = people.setMany({ sourceId, people: [account("1", "ada"), account("1", "ben")] });
    await expect(double).rejects.toMatchObject({
      code: "invalid-input",
      issues: [{ path: ["people", 1, "remoteId"] }],
    });
    const two = people.setMany({ sourceId, people: [account("1", "ada", true), account("2", "ada", true)] });
    await expect(two).rejects.toMatchObject({ code: "invalid-input", issues: [{ path: ["people", 1, "isPrimary"] }] });
    for (const wrong of [{ remoteId: "" }, { userId: "" }, { avatarUrl: "javascript:alert(1)" }, { other: 1 }]) {
      const set = people.set({ sourceId, remoteId: "1", userId: "ada", ...wrong } as never);
      await expect(set).rejects.toMatchObject({ code: "invalid-input" });
    }
    expect(await all()).toEqual([]);
  });

  test("a change that changes nothing is none, and every other one is told", async () => {
    const { app, people, sourceId } = await world();
    const told = async () =>
      (await app.activity.list({ sourceId })).items.filter(({ type }) => type === "source-updated").length;
    await people.set({ sourceId, ...account("1", "ada") });
    await people.set({ sourceId, ...account("1", "ada") });
    expect(await people.remove({ sourceId, remoteId: "9" })).toEqual({ removed: 0 });
    expect(await told()).toBe(1);
  });

  test("is listed in pages, of a source or of one user of it", async () => {
    const { people, sourceId } = await world();
    const many = Array.from({ length: 5 }, (_, index) => account(String(index), index === 4 ? "ada" : `u${index}`));
    await people.setMany({ sourceId, people: many });
    const first = await people.list({ sourceId, limit: 3 });
    const rest = await people.list({ sourceId, limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...rest.items].map(({ remoteId }) => remoteId)).toEqual(["0", "1", "2", "3", "4"]);
    expect(rest.nextCursor).toBeNull();
    expect((await people.list({ sourceId, userId: "ada" })).items).toMatchObject([{ remoteId: "4" }]);
  });

  test("is for those who may configure the source, and does not exist for others", async () => {
    const { backref, sourceId } = await world();
    const member = backref.as({ tenantId: "acme", userId: "m", projects: { web: "member" } });
    const set = () => member.people.set({ sourceId, ...account("1", "ada") });
    await expect(set()).rejects.toMatchObject({ code: "permission-denied" });
    await expect(member.people.list({ sourceId })).rejects.toMatchObject({ code: "permission-denied" });
    const stranger = backref.as({ tenantId: "other", userId: "m", role: "owner" });
    await expect(stranger.people.list({ sourceId })).rejects.toMatchObject({ code: "not-found" });
  });

  test("goes with its source", async () => {
    const { app, people, sourceId } = await world();
    await people.set({ sourceId, ...account("1", "ada") });
    await app.sources.delete(sourceId);
    await expect(people.list({ sourceId })).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("the picker", () => {
  test("finds who can be assigned, each with their user", async () => {
    const { github, people, sourceId, backref } = await world();
    const id = String(github.addUser("ada-gh"));
    github.addUser("ben-gh");
    await people.set({ sourceId, ...account(id, "ada") });
    const member = backref.as({ tenantId: "acme", userId: "m", projects: { web: "member" } });
    const found = await member.people.search({ sourceId, projectId: "web", text: "-GH" });
    expect(found).toMatchObject([
      { remoteId: id, login: "ada-gh", userId: "ada", avatarUrl: expect.stringMatching(/^https:/) },
      { login: "ben-gh", userId: null },
    ]);
    expect(await member.people.search({ sourceId, projectId: "web", limit: 1 })).toHaveLength(1);
  });

  test("is for members of the project", async () => {
    const { people, sourceId, backref } = await world();
    const viewer = backref.as({ tenantId: "acme", userId: "v", projects: { web: "viewer" } });
    const search = viewer.people.search({ sourceId, projectId: "web" });
    await expect(search).rejects.toMatchObject({ code: "permission-denied" });
    const elsewhere = backref.as({ tenantId: "acme", userId: "e", projects: { app: "member" } });
    const foreign = elsewhere.people.search({ sourceId, projectId: "web" });
    await expect(foreign).rejects.toMatchObject({ code: "not-found" });
    await expect(people.search({ sourceId, projectId: "app" })).rejects.toMatchObject({ code: "target-missing" });
  });

  test("says what is in its way", async () => {
    const { app, people, sourceId } = await world();
    await app.sources.disable(sourceId);
    const search = people.search({ sourceId, projectId: "web" });
    await expect(search).rejects.toMatchObject({ code: "source-not-runnable" });
  });
});

describe("suggestions", () => {
  const emails: Readonly<Record<string, string>> = { "ada-gh": "ada@acme.example", "ben-gh": "Ben@acme.example" };

  /** GitHub shows no addresses; this one does. */
  async function suggesting() {
    const { people: group } = provider;
    const telling: typeof provider = {
      ...provider,
      people: {
        search: async (...given: Parameters<NonNullable<typeof group>["search"]>) =>
          ((await group?.search(...given)) ?? []).map((one) => ({ ...one, email: emails[one.login ?? ""] ?? null })),
      },
    };
    const made = await createGitHubWorld({ provider: telling });
    const source = await addGitHubSource(made);
    const [ada, ben] = [made.github.addUser("ada-gh"), made.github.addUser("ben-gh")];
    return { ...made, sourceId: source.id, people: made.app.people, ids: [String(ada), String(ben)] };
  }

  test("are accounts with the same address, and set nothing", async () => {
    const { people, sourceId, ids } = await suggesting();
    const users = [
      { userId: "ada", email: " ADA@acme.example " },
      { userId: "zoe", email: "zoe@acme.example" },
    ];
    expect(await people.suggest({ sourceId, projectId: "web", users })).toMatchObject([
      { userId: "ada", person: { remoteId: ids[0], login: "ada-gh", userId: null } },
    ]);
    expect((await people.list({ sourceId })).items).toEqual([]);
  });

  test("are set where that is asked for, and leave out who is known or not alone with an address", async () => {
    const { people, sourceId, ids } = await suggesting();
    const users = [
      { userId: "ada", email: "ada@acme.example" },
      { userId: "ben", email: "ben@acme.example" },
      { userId: "ben2", email: "ben@acme.example" },
    ];
    await people.suggest({ sourceId, projectId: "web", users, apply: true });
    expect((await people.list({ sourceId })).items).toMatchObject([
      { remoteId: ids[0], userId: "ada", login: "ada-gh" },
    ]);
    expect(await people.suggest({ sourceId, projectId: "web", users })).toEqual([]);
  });
});

test("the preview tells of assignees, and so does the new issue", async () => {
  const { made, app, github, people, sourceId } = await world();
  const ada = String(github.addUser("ada-gh"));
  await people.set({ sourceId, ...account(ada, "ada") });
  await app.sources.update(sourceId, { mapping: { fields: { assignee: { direction: "two-way" } } } });
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  await settle(made);
  await made.time.advance(10_000);
  await app.defects.update(defect.id, { assignee: "ada" });
  const { items } = await app.sources.preview(sourceId);
  expect(items).toMatchObject([
    { fields: [{ field: "assignee", outcome: "out", defect: { now: "ada" }, issue: { now: [], after: [ada] } }] },
  ]);
});

describe("what a tracker says of people", () => {
  test("is data: addresses are http or https or null, and ids are such as can be kept", async () => {
    const person = (id: string, avatarUrl: string, email: string) => ({
      ...{ id, avatarUrl, email },
      ...{ login: `login ${id.slice(0, 9)}`, displayName: "Ada\nLovelace" },
    });
    const search = async () => [
      person("1", "javascript:alert(1)", "__proto__"),
      person("2", "https://avatars.example.com/2", "ada@example.com"),
      person("", "https://avatars.example.com/3", "c@example.com"),
      person("x".repeat(300), "https://avatars.example.com/4", "d@example.com"),
    ];
    const made = await createGitHubWorld({ provider: { ...provider, people: { search } } });
    const { people } = made.app;
    const place = { sourceId: (await addGitHubSource(made)).id, projectId: "web" };
    expect(await people.search(place)).toMatchObject([
      { remoteId: "1", displayName: "Ada Lovelace", avatarUrl: null },
      { remoteId: "2", avatarUrl: "https://avatars.example.com/2" },
    ]);
    const users = ["__proto__", "ADA@example.com ", "c@example.com", "d@example.com", "constructor"];
    const suggested = await people.suggest({
      ...place,
      users: users.map((email, index) => ({ userId: `u${index}`, email })),
      apply: true,
    });
    expect(suggested.map(({ userId, person: { remoteId } }) => [userId, remoteId])).toEqual([
      ["u0", "1"],
      ["u1", "2"],
    ]);
    expect((await people.list({ sourceId: place.sourceId })).items.map(({ remoteId }) => remoteId)).toEqual(["1", "2"]);
  });
});
