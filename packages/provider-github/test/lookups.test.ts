import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";
import { setUpApp } from "./app-support.ts";
import { failureOf, setUp } from "./support.ts";

const { provider } = setUp();
const { people, containers, create } = provider;
if (!people || !containers || !create) expect.unreachable();

/** By a provider of its own, since one remembers an organization's fields for a while. */
async function fields(call: ReturnType<typeof setUp>["call"], container = "acme/web") {
  const { form } = createGitHubProvider();
  return (await form?.fields(call, { container, type: null })) ?? expect.unreachable();
}

describe("form.fields", () => {
  test("offers what the repository and its organization have, and nothing that GitHub would refuse", async () => {
    const { fake, callWith } = setUp();
    fake.setOrganization("acme", {
      issueTypes: ["Bug", "Task"],
      issueFields: [
        { name: "Priority", options: ["High", "Low"] },
        { name: "Effort", options: ["Small", "Large"] },
        { name: "Days", dataType: "number" },
        { name: "Due", dataType: "date" },
        { name: "Found by", dataType: "text" },
      ],
    });
    fake.addUser("ann");
    fake.addMilestone("acme/web", "1.4");
    const token = fake.createToken({ login: "bot", access: "admin", scopes: ["repo", "read:org"] });
    const call = callWith({ token, options: { webUrl: null, priorityField: "Priority" } });
    const found = await fields(call);
    expect(found.map(({ name, type, required }) => ({ name, type, required }))).toEqual([
      { name: "Assignees", type: "people", required: false },
      { name: "Milestone", type: "option", required: false },
      { name: "Type", type: "option", required: false },
      { name: "Effort", type: "option", required: false },
      { name: "Days", type: "number", required: false },
      { name: "Due", type: "date", required: false },
      { name: "Found by", type: "text", required: false },
    ]);
    const field = (name: string) => found.find((candidate) => candidate.name === name) ?? expect.unreachable();
    const allowed = (name: string) => field(name).allowedValues?.map((value) => value.id);
    expect(field("Milestone").allowedValues).toEqual([{ id: "1", name: "1.4" }]);
    expect([allowed("Type"), allowed("Effort"), allowed("Days")]).toEqual([
      ["Bug", "Task"],
      ["Small", "Large"],
      undefined,
    ]);
    expect(allowed("Assignees")).toContain("ann");
    const values = {
      [field("Assignees").id]: ["ann"],
      [field("Milestone").id]: "1",
      [field("Type").id]: "Task",
      [field("Effort").id]: "Large",
      [field("Days").id]: 3,
      [field("Due").id]: "2026-12-24",
      [field("Found by").id]: "Lena",
    };
    const request = { title: "x", body: "", token: "t", labels: [], priority: null, type: null, assigneeIds: [] };
    const made = await create.create(call, { ...request, container: "acme/web", fields: values });
    expect(made.warnings).toEqual([]);
    expect(fake.issue("acme/web", 1)).toMatchObject({
      assignees: ["ann"],
      milestone: "1.4",
      type: "Task",
      fields: { Effort: "Large", Days: 3, Due: "2026-12-24", "Found by": "Lena" },
    });
    expect(fake.violations).toEqual([]);
  });

  test.each([
    ["a person's repository", {}],
    ["a server without types and fields", { lacks: ["issue-types", "issue-fields"] as const }],
  ])("leaves out what %s does not have", async (_, options) => {
    const { fake, call } = setUp(options);
    if ("lacks" in options) fake.setOrganization("acme", { issueTypes: ["Bug"] });
    expect((await fields(call)).map(({ id }) => id)).toEqual(["assignees"]);
  });

  test("names people only as long as they fit on one page", async () => {
    const { fake, call } = setUp();
    for (let index = 0; index < 120; index += 1) fake.addUser(`person${index}`);
    expect((await fields(call))[0]).toMatchObject({ id: "assignees", allowedValues: null });
  });

  test("a token without access to the organization's fields still gets the rest", async () => {
    const { fake, call } = setUp();
    fake.setOrganization("acme", { issueTypes: ["Bug"], issueFields: [{ name: "Days", dataType: "number" }] });
    expect((await fields(call)).map(({ id }) => id)).toEqual(["assignees", "type"]);
  });

  test("of a repository that is not there", async () => {
    const { call } = setUp();
    const error = await failureOf(fields(call, "acme/nowhere"));
    expect(error).toMatchObject({ failure: "gone", operation: "form.fields" });
    expect(error.message).toContain("acme/nowhere was not found");
  });
});

describe("people.search", () => {
  const search = (call: ReturnType<typeof setUp>["call"], text: string, limit = 10) =>
    people.search(call, { container: "acme/web", text, limit });

  test("finds who can be assigned, in one request", async () => {
    const { fake, call, sent } = setUp();
    for (const login of ["ann", "anna", "ben"]) fake.addUser(login);
    expect((await search(call, "ANN")).map(({ login }) => login)).toEqual(["ann", "anna"]);
    expect(sent()).toEqual(["POST graphql"]);
    expect((await search(call, " ")).map(({ login }) => login)).toEqual(["ann", "anna", "backref-bot", "ben"]);
    expect(await search(call, "", 2)).toHaveLength(2);
    expect(await search(call, "", 500)).toHaveLength(4);
    expect(await search(call, '"} evil {')).toEqual([]);
    expect(fake.violations).toEqual([]);
  });

  test("gives the id that assigns", async () => {
    const { fake, call } = setUp();
    fake.addUser("ann");
    const [ann] = await search(call, "ann");
    const avatarUrl = expect.stringMatching(/^https:/);
    expect(ann).toEqual({
      id: expect.stringMatching(/^\d+$/),
      login: "ann",
      displayName: "ann",
      avatarUrl,
      email: null,
    });
    const request = { container: "acme/web", title: "x", body: "", token: "t", labels: [], priority: null };
    const assigneeIds = [ann?.id ?? ""];
    await create.create(call, { ...request, type: null, assigneeIds, fields: {} });
    expect(fake.issue("acme/web", 1)?.assignees).toEqual(["ann"]);
  });

  test("of a repository that is not there", async () => {
    const { call } = setUp();
    const error = await failureOf(people.search(call, { container: "acme/nowhere", text: "", limit: 5 }));
    expect(error).toMatchObject({ failure: "gone", operation: "people.search" });
  });
});

describe("containers.list", () => {
  const all = async (call: ReturnType<typeof setUp>["call"], text: string, limit: number) => {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof containers.list>> = await containers.list(call, {
        text,
        limit,
        ...(cursor === null ? {} : { cursor }),
      });
      pages.push(page.items.map(({ container }) => container));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages;
  };

  test("lists the repositories that take issues, a page at a time", async () => {
    const { fake, call } = setUp({ repositories: ["acme/web", "acme/api", "acme/docs"] });
    fake.addRepository({ name: "acme/old", archived: true });
    fake.addRepository({ name: "acme/quiet", hasIssues: false });
    expect(await all(call, "", 2)).toEqual([["acme/api", "acme/docs"], ["acme/web"]]);
    expect(await all(call, "", 3)).toEqual([["acme/api", "acme/docs", "acme/web"]]);
    expect(await all(call, "", 50)).toEqual([["acme/api", "acme/docs", "acme/web"]]);
    const { items } = await containers.list(call, { text: "WEB" });
    expect(items).toEqual([{ container: "acme/web", name: "acme/web", url: "https://github.com/acme/web" }]);
    expect(await all(call, "nowhere", 5)).toEqual([[]]);
    expect(fake.violations).toEqual([]);
  });

  test("goes through a long list in steps of a few requests", async () => {
    const { fake, call } = setUp();
    for (let index = 0; index < 620; index += 1) fake.addRepository(`acme/r${String(index).padStart(3, "0")}`);
    const mark = fake.mark();
    const first = await containers.list(call, { text: "r61", limit: 5 });
    expect(fake.requestsSince(mark)).toHaveLength(5);
    expect(first).toEqual({ items: [], nextCursor: "500" });
    expect((await all(call, "r61", 5)).flat()).toHaveLength(10);
    expect(await all(call, "", 200)).toHaveLength(4);
  });

  test("those of a narrow token only", async () => {
    const { fake, callWith } = setUp({ repositories: ["acme/web", "acme/api"] });
    const token = fake.createToken({ login: "bot", repositories: { "acme/api": "write" } });
    expect(await all(callWith({ token }), "", 5)).toEqual([["acme/api"]]);
  });

  test("those that an app's installation covers", async () => {
    const repositories = ["acme/api", "acme/docs", "acme/web", "globex/web"];
    const { fake, call } = setUpApp({ repositories, installation: { repositories: ["acme/web", "acme/docs"] } });
    expect(await all(call, "", 1)).toEqual([["acme/docs"], ["acme/web"]]);
    expect(await all(call, "DOCS", 5)).toEqual([["acme/docs"]]);
    expect(fake.violations).toEqual([]);
  });
});
