import { describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub, type FakeGitHubOptions } from "../../src/github/index.ts";
import { operationNames } from "./client.ts";

const start = Date.parse("2026-11-20T10:00:00.400Z");

/** A clock that many fakes can share. */
function setUp(): { readonly options: FakeGitHubOptions; readonly advance: (ms: number) => void } {
  const clock = { at: start };
  const deliver = async (): Promise<Response> => new Response(null, { status: 204 });
  return {
    options: { now: () => clock.at, enforceLimits: true, deliver },
    advance: (ms) => {
      clock.at += ms;
    },
  };
}

/** A GitHub in which every kind of thing has happened. */
async function busyFake({ options, advance }: ReturnType<typeof setUp>): Promise<{
  readonly fake: FakeGitHub;
  readonly tokens: readonly (string | null)[];
}> {
  const fake = createFakeGitHub({ ...options, repositories: ["acme/web", { name: "acme/open", private: false }] });
  const reader = fake.createToken({ login: "rita", repositories: { "acme/web": "read" } });
  const fine = fake.createToken({ login: "fay", permissions: { issues: "write", metadata: "read" } });
  const revoked = fake.createToken({ login: "gone" });
  fake.revokeToken(revoked);
  fake.changeRepository("acme/open", { name: "acme/renamed" });
  fake.addRepository({ name: "acme/quiet", hasIssues: false, archived: true });
  fake.addLabel("acme/web", { name: "bug", color: "FF0000", description: "It breaks" });
  fake.addLabel("acme/renamed", { name: "Bug" });
  const lena = fake.as("lena");
  for (let number = 1; number <= 6; number += 1) {
    advance(1_500);
    lena.createIssue("acme/web", { title: `Issue ${number}`, labels: ["bug"], assignees: ["fay"], body: "text" });
  }
  for (let edit = 0; edit < 40; edit += 1) {
    advance(1_000);
    lena.editIssue("acme/web", 6, { title: `Issue 6, edited ${edit} times` });
  }
  fake.setOrganization("acme", {
    issueTypes: ["Bug", "Task"],
    issueFields: [
      { name: "Priority", options: ["Urgent", "High", "Low"] },
      { name: "Days", dataType: "number" },
    ],
  });
  fake.addMilestone("acme/web", "1.4");
  lena.editIssue("acme/web", 1, { type: "Bug", milestone: "1.4", fields: { Priority: "High", Days: 3 } });
  lena.closeIssue("acme/web", 1, "not_planned");
  lena.closeIssue("acme/web", 2);
  lena.reopenIssue("acme/web", 2);
  lena.comment("acme/web", 3, "goes along");
  lena.comment("acme/web", 2, "first");
  const { id } = lena.comment("acme/web", 2, "second");
  lena.editComment("acme/web", lena.comment("acme/web", 2, "third").id, "third, edited");
  lena.deleteComment("acme/web", id);
  lena.lockIssue("acme/web", 2);
  advance(2_000);
  fake.transferIssue("acme/web", 3, "acme/renamed");
  lena.deleteIssue("acme/web", 4);
  fake.addPullRequest("acme/web", { title: "A pull request" });
  fake.setHook("acme/web", { url: "https://host.example/1", secret: "hush" });
  fake.setHook("acme/renamed", { url: "https://host.example/2", events: ["*"] });
  const app = fake.apps.create({ webhook: { url: "https://host.example/app", secret: "hush" } });
  fake.apps.suspend(fake.apps.install(app.id, { account: "acme", repositories: ["acme/web"] }));
  fake.exhaustRateLimit("gone", 900);
  const body = JSON.stringify({ title: "Over REST" });
  const headers = { authorization: `Bearer ${fine}`, "user-agent": "backref-test" };
  await fake.fetch("https://api.github.com/repos/acme/web/issues", { method: "POST", headers, body });
  await fake.settle();
  return { fake, tokens: [fake.token, reader, fine, revoked, null] };
}

function restore(fake: FakeGitHub, options: FakeGitHubOptions): FakeGitHub {
  return createFakeGitHub({ ...options, state: JSON.parse(JSON.stringify(fake.save())) });
}

const repositoryPaths = [
  "repos/acme/web",
  "repos/acme/open",
  "repos/acme/renamed",
  "repos/acme/quiet",
  "repos/acme/no",
];
const byId = [20_001, 20_002, 20_003].map((id) => `repositories/${id}`);
const examples: Readonly<Record<string, readonly (string | number)[]>> = {
  issue_number: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  comment_id: [50_000_001, 50_000_002, 50_000_003, 50_000_004, 50_000_005, 50_000_006],
  hook_id: [600_001, 600_002, 600_003],
  account_id: [1_001, 1_002, 1_003, 1_004, 1_005, 1_099],
  installation_id: [8_000_003, 8_000_004],
  name: ["bug", "Bug", "none"],
  assignee: ["fay", "lena", "nobody"],
  username: ["fay", "lena", "nobody"],
  org: ["acme", "nobody"],
};

/** Every read the fake knows, of everything there is. */
function readPaths(): string[] {
  // Deliveries belong to the run.
  const names = operationNames.filter((name) => name.startsWith("GET ") && !name.endsWith("/deliveries"));
  const templates = names.map((name) => name.slice("GET ".length));
  const paths = templates.flatMap((template) => {
    const starts = template.startsWith("/repos/{owner}/{repo}") ? [...repositoryPaths, ...byId] : [""];
    let found = starts.map((first) => template.replace("/repos/{owner}/{repo}", `/${first}`));
    for (const [name, values] of Object.entries(examples))
      found = found.flatMap((path) =>
        path.includes(`{${name}}`) ? values.map((value) => path.replace(`{${name}}`, String(value))) : [path],
      );
    return found;
  });
  expect(paths.filter((path) => path.includes("{"))).toEqual([]);
  return [...paths, ...paths.map((path) => `${path}?per_page=2&state=all&sort=updated&page=2`)];
}

const graphql = `query ($ids: [ID!]!) {
  viewer { login }
  nodes(ids: $ids) {
    ... on Issue {
      id number title body state stateReason(enableDuplicate: true) createdAt updatedAt url locked databaseId
      author { login } assignees(first: 10) { nodes { login } } labels(first: 50) { nodes { name } }
      comments(last: 5) { totalCount nodes { id databaseId body author { login } createdAt updatedAt url } }
      repository { nameWithOwner }
    }
  }
  rateLimit { cost remaining used limit resetAt }
}`;

async function ask(fake: FakeGitHub, token: string | null, path: string, body?: object): Promise<unknown> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fake.fetch(`https://api.github.com${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "user-agent": "backref-test", ...authorization },
    redirect: "manual",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { path, status: response.status, headers: [...response.headers], body: await response.text() };
}

describe("a restored fake", () => {
  it("answers every read as the saved one does, to everybody", { timeout: 60_000 }, async () => {
    const world = setUp();
    const { fake, tokens } = await busyFake(world);
    const copy = restore(fake, world.options);
    expect(copy.token).toBe(fake.token);
    for (const token of tokens)
      for (const path of readPaths()) expect(await ask(copy, token, path)).toEqual(await ask(fake, token, path));
    for (const repository of ["acme/web", "acme/renamed", "acme/quiet"]) {
      expect(copy.issues(repository)).toEqual(fake.issues(repository));
      expect(copy.labels(repository)).toEqual(fake.labels(repository));
    }
    const ids = [...fake.issues("acme/web"), ...fake.issues("acme/renamed")].map((issue) => issue.nodeId);
    const question = { query: graphql, variables: { ids: [...ids, "I_none"] } };
    expect(await ask(copy, fake.token, "/graphql", question)).toEqual(
      await ask(fake, fake.token, "/graphql", question),
    );
  });

  it("remembers the past", async () => {
    const world = setUp();
    const { fake } = await busyFake(world);
    const copy = restore(fake, world.options);
    for (const ms of [1_000, 5_000, 30_000, 45_000, 500_000])
      for (const path of ["/repos/acme/web/issues?state=all", "/repos/acme/web/issues/6", "/repos/acme/web/issues/4"]) {
        for (const each of [fake, copy]) each.faults.add({ kind: "stale", ms });
        expect(await ask(copy, copy.token, path)).toEqual(await ask(fake, fake.token, path));
      }
  });

  it("goes on with numbers, ids and people where the saved one was", async () => {
    const world = setUp();
    const { fake } = await busyFake(world);
    const copy = restore(fake, world.options);
    const goOn = (github: FakeGitHub): unknown => {
      const [lena, newcomer] = [github.as("lena"), github.as("newcomer")];
      const created = lena.createIssue("acme/web", { title: "Next", labels: ["new", "bug"], assignees: ["FAY"] });
      const same = lena.editIssue("acme/web", 5, { assignees: ["fay"] });
      const moved = github.transferIssue("acme/web", 6, "acme/renamed");
      github.addRepository("acme/next");
      github.setHook("acme/next", { url: "https://host.example/3" });
      const comment = newcomer.comment("acme/web", 5, "hello");
      return { created, same, moved, comment, issue: newcomer.createIssue("acme/next", { title: "First" }) };
    };
    const made = goOn(fake);
    expect(goOn(copy)).toEqual(made);
    expect(copy.save()).toEqual(fake.save());
    const deliveries = (github: FakeGitHub) => github.webhooks.deliveries.map(({ event, action }) => [event, action]);
    expect(deliveries(copy)).toEqual(deliveries(fake).slice(-deliveries(copy).length));
  });

  it("is not changed by what becomes of the state, nor the state by what becomes of it", async () => {
    const { fake } = await busyFake(setUp());
    const state = fake.save();
    const before = JSON.stringify(state);
    const copy = createFakeGitHub({ state });
    copy.as("lena").deleteIssue("acme/web", 1);
    fake.as("lena").deleteIssue("acme/web", 2);
    expect(JSON.stringify(state)).toBe(before);
    expect(copy.issue("acme/web", 2)).not.toBeNull();
  });

  it("takes repositories that it does not have", () => {
    const state = createFakeGitHub({ repositories: ["acme/web"] }).save();
    const copy = createFakeGitHub({ state, repositories: ["ACME/web", "acme/api"] });
    expect(copy.issues("acme/api")).toEqual([]);
    expect(copy.save().world.repositories).toHaveLength(2);
  });
});

describe("keeping", () => {
  it("is over before the answer to a write leaves, whoever hears it", async () => {
    const kept: unknown[] = [];
    const fake = createFakeGitHub({
      repositories: ["acme/web"],
      keep: async (state) => {
        await Promise.resolve();
        kept.push(JSON.parse(JSON.stringify(state)));
      },
    });
    await ask(fake, fake.token, "/repos/acme/web");
    await ask(fake, fake.token, "/graphql", { query: "{ viewer { login } }" });
    expect(kept).toHaveLength(0);
    await ask(fake, fake.token, "/repos/acme/web/issues", { title: "Kept" });
    expect(createFakeGitHub({ state: kept.at(-1) }).issue("acme/web", 1)?.title).toBe("Kept");
    fake.faults.add({ kind: "lost-after" });
    await expect(ask(fake, fake.token, "/repos/acme/web/issues", { title: "Kept too" })).rejects.toThrow();
    expect(createFakeGitHub({ state: kept.at(-1) }).issue("acme/web", 2)?.title).toBe("Kept too");
  });
});

describe("a state that cannot be used", () => {
  const good = JSON.stringify(createFakeGitHub({ repositories: ["acme/web"] }).save());
  const changed = (change: (state: Record<string, unknown>) => unknown): unknown => {
    const state = JSON.parse(good) as Record<string, unknown>;
    return change(state) ?? state;
  };
  const inWorld = (part: Record<string, unknown>): unknown =>
    changed((state) => ({ ...state, world: { ...(state["world"] as object), ...part } }));

  it.each<[string, unknown, string, string]>([
    ["nothing", null, "malformed", "it was not saved by a fake GitHub"],
    ["a text", good, "malformed", "it was not saved by a fake GitHub"],
    ["something else", { format: "other" }, "malformed", "it was not saved by a fake GitHub"],
    ["a later version", changed((state) => ({ ...state, version: 99 })), "version", "has version 99; this one reads"],
    ["no version", changed((state) => ({ ...state, version: undefined })), "version", "has version undefined"],
    [
      "a part",
      changed((state) => ({ ...state, world: undefined })),
      "malformed",
      "must have required property 'world'",
    ],
    ["a wrong type", inWorld({ issues: 7 }), "malformed", "world/issues must be array"],
    ["one thing more", inWorld({ extra: 1 }), "malformed", "must NOT have additional properties"],
    ["no accounts", inWorld({ users: [] }), "malformed", "account 1001 is missing"],
    ["no tokens", inWorld({ tokens: [] }), "malformed", "its own token is missing"],
    [
      "ids that begin again",
      inWorld({ lastIds: { user: 0, repository: 0, label: 0, issue: 0, comment: 0, hook: 0 } }),
      "malformed",
      "an id of a user would come twice",
    ],
  ])("is refused: %s", (_what, state, code, message) => {
    const create = () => createFakeGitHub({ state: state === undefined ? null : state });
    expect(create).toThrow(expect.objectContaining({ name: "FakeGitHubStateError", code }));
    expect(create).toThrow(message);
  });
});
