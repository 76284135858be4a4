import { describe, expect, test } from "vitest";
import { minting, newIssue, setUpApp } from "./app-support.ts";
import { failureOf } from "./support.ts";

const installationRead = "GET /app/installations/{installation_id}";
const repository = "GET /repos/{owner}/{repo}";
const listing = "GET /installation/repositories";

describe("account", () => {
  test("is the app's own, the author of what it writes", async () => {
    const { call, connect, provider, fake, sent } = setUpApp();
    const account = await connect.account(call);
    expect(sent()).toEqual([installationRead, minting, "GET /users/{username}"]);
    const created = (await provider.create?.create(call, newIssue)) ?? expect.unreachable();
    expect(account).toEqual({ id: created.issue.author?.id, login: "tests-sync[bot]", displayName: "tests-sync[bot]" });
    const issue = fake.issue("acme/web", 1) ?? expect.unreachable();
    const place = { remoteId: issue.nodeId, container: "acme/web", item: "1", raw: null };
    const [read] = (await provider.read?.issues(call, { issues: [place] })) ?? [];
    expect(read).toMatchObject({ kind: "live", issue: { author: account } });
  });

  test("is told to nobody who has the ids but not the app's key", async () => {
    const { fake, auth, appCall, connect } = setUpApp();
    const own = fake.apps.create({ name: "other" });
    const foreign = { ...auth, appId: String(own.id), privateKey: own.privateKey };
    expect(await failureOf(connect.account(appCall({ auth: foreign })))).toMatchObject({
      failure: "auth",
      status: 404,
    });
  });
});

describe("test", () => {
  test("all is well", async () => {
    const { call, connect, sent } = setUpApp();
    expect(await connect.test(call, { containers: ["acme/web"] })).toEqual({
      ok: true,
      account: { id: expect.stringMatching(/^\d+$/), login: "tests-sync[bot]", displayName: "tests-sync[bot]" },
      scopes: ["issues:write", "metadata:read"],
      expiresAt: null,
      containers: [{ container: "acme/web", reachable: true, writable: true }],
      problems: [],
    });
    expect(sent()).toEqual([installationRead, minting, "GET /users/{username}", repository]);
  });

  test("selected repositories: names those that are covered, and where to add others", async () => {
    const repositories = ["acme/web", "acme/a", "acme/b", "acme/c", "acme/d", "acme/e", "acme/f"];
    const world = setUpApp({ repositories, installation: { repositories: repositories.slice(0, 6) } });
    const report = await world.connect.test(world.call, { containers: ["acme/web", "acme/f"] });
    expect(report).toMatchObject({
      ok: false,
      containers: [{ reachable: true }, { reachable: false, writable: false }],
    });
    expect(report.problems).toEqual([
      `acme/f cannot be reached: it is not among the repositories that the installation covers (acme/web, acme/a, acme/b, acme/c, acme/d and 1 more); add it at https://github.com/organizations/acme/settings/installations/${world.installationId}.`,
    ]);
    expect(world.sent().filter((request) => request === listing)).toHaveLength(1);
  });

  test("a public repository is seen without being covered", async () => {
    const repositories = ["acme/web", { name: "acme/open", private: false }, { name: "zoo/open", private: false }];
    const selected = setUpApp({ repositories, installation: { repositories: ["acme/web"] } });
    const report = await selected.connect.test(selected.call, { containers: ["acme/open"] });
    expect(report.containers).toEqual([{ container: "acme/open", reachable: false, writable: false }]);
    expect(report.problems).toEqual([expect.stringContaining("not among the repositories")]);
    const all = setUpApp({ repositories });
    const elsewhere = await all.connect.test(all.call, { containers: ["acme/open", "zoo/open"] });
    expect(elsewhere.containers.map(({ writable }) => writable)).toEqual([true, false]);
    expect(elsewhere.problems).toEqual([expect.stringContaining("installed for the repositories of acme; install it")]);
  });

  test.each([
    [{ metadata: "read" }, "The app may not even read issues", ["metadata:read"]],
    [{ issues: "read", metadata: "read" }, "may read issues, but not write them", ["issues:read", "metadata:read"]],
  ] as const)("permissions %j", async (permissions, words, scopes) => {
    const { call, connect, installationId } = setUpApp({ installation: { permissions } });
    const report = await connect.test(call, { containers: ["acme/web"] });
    expect(report).toMatchObject({ ok: false, scopes, containers: [{ reachable: true, writable: false }] });
    expect(report.problems).toEqual([expect.stringContaining(words)]);
    expect(report.problems[0]).toMatch(
      new RegExp(
        `Issues: Read and write in its own settings; then acme has to accept that at .*/${installationId}\\.$`,
      ),
    );
  });

  test("what is wrong with the app is reported, not thrown", async () => {
    const { fake, call, installationId, connect } = setUpApp();
    fake.apps.suspend(installationId);
    const suspended = await connect.test(call, { containers: ["acme/web"] });
    expect(suspended).toMatchObject({ ok: false, account: null, containers: [] });
    expect(suspended.problems).toEqual([expect.stringContaining("is suspended")]);
    fake.apps.uninstall(installationId);
    const removed = await connect.test(call, { containers: ["acme/web"] });
    expect(removed.problems).toEqual([expect.stringContaining("it was uninstalled")]);
  });

  test("a renamed, an archived and an unknown repository", async () => {
    const { fake, call, connect } = setUpApp({ repositories: ["acme/web", { name: "acme/old", archived: true }] });
    fake.changeRepository("acme/web", { name: "acme/site" });
    const report = await connect.test(call, { containers: ["acme/web", "acme/old", "acme/nothing"] });
    expect(report.ok).toBe(false);
    expect(report.problems).toEqual([
      expect.stringContaining("acme/web is called acme/site now"),
      expect.stringContaining("acme/old is archived"),
      expect.stringContaining("acme/nothing cannot be reached: check the name"),
    ]);
  });
});
