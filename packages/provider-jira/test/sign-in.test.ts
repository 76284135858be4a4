import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeJira } from "@backref/testing/jira";
import { afterEach, expect, test } from "vitest";
import { createJiraProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const backref of open.splice(0)) await backref.close();
});

function setUp() {
  const time = createVirtualTime();
  const arrived: Promise<Response>[] = [];
  const jira = createFakeJira({
    projects: ["WEB"],
    now: time.now,
    contractFolder,
    deliver: (request) => {
      const endpoint = new URL(request.url).pathname.split("/").at(-1) ?? "";
      const answered = backref.webhooks.handle(request, { endpoint });
      arrived.push(answered);
      return answered;
    },
  });
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createJiraProvider({ oauth: jira.application })],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: jira.fetch,
  });
  open.push(backref);
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  return { time, jira, backref, owner, arrived };
}

test("a source that was signed in to pushes, takes deliveries, and goes on when its token ends", async () => {
  const { time, jira, backref, owner, arrived } = setUp();
  const source = await owner.sources.create({
    name: "Our Jira",
    provider: "jira",
    baseUrl: jira.siteUrl,
    targets: [{ projectId: "web", container: "WEB" }],
  });
  const redirectUrl = "https://host.example/callback";
  const { url } = await owner.sources.authorize(source.id, { redirectUrl });
  await owner.sources.completeAuthorization(jira.signIn.agree(url));
  expect((await owner.sources.test(source.id)).problems).toEqual([]);
  const { endpoint } = await owner.sources.webhook(source.id);
  await owner.sources.registerWebhooks(source.id, { url: `https://host.example/hooks/${endpoint}` });

  const { defect } = await owner.defects.report({
    projectId: "web",
    failure: { caseId: "TC-1", runId: "R-1", title: "Wrong", details: "x" },
  });
  expect(await owner.defects.push(defect.id)).toMatchObject({ status: "synced", badge: { text: "WEB-1" } });
  await time.advance(3_700_000);
  jira.as("lena").editIssue("WEB-1", { summary: "Wrong by one" });
  await jira.settle();
  expect((await Promise.all(arrived)).map(({ status }) => status).every((status) => status === 202)).toBe(true);
  await backref.sync.run();
  expect((await owner.defects.get(defect.id)).title).toBe("Wrong by one");
  expect(jira.violations).toEqual([]);
});

test("a sign-in for another site is refused in words", async () => {
  const { jira, owner } = setUp();
  const source = await owner.sources.create({
    name: "Another",
    provider: "jira",
    baseUrl: "https://other.atlassian.net",
    targets: [{ projectId: "web", container: "WEB" }],
  });
  const { url } = await owner.sources.authorize(source.id, { redirectUrl: "https://host.example/callback" });
  const outcome = await owner.sources.completeAuthorization(jira.signIn.agree(url)).then(
    () => owner.sources.test(source.id),
    (error: Error) => ({ ok: false, problems: [error.message] }),
  );
  expect(outcome.problems[0]).toMatch(/other\.atlassian\.net/);
});

test("a token with scopes works at the gateway, and the test says where people's pages are to be named", async () => {
  const { jira, owner } = setUp();
  const request = {
    name: "Our Jira",
    provider: "jira",
    baseUrl: `https://api.atlassian.com/ex/jira/${jira.cloudId}`,
    auth: { type: "api-token", email: jira.email, token: jira.token },
    targets: [{ projectId: "web", container: "WEB" }],
  } as const;
  const source = await owner.sources.create(request);
  const { ok, problems } = await owner.sources.test(source.id);
  expect({ ok, problems }).toEqual({ ok: true, problems: [expect.stringContaining(`give ${jira.siteUrl} as`)] });

  await owner.sources.update(source.id, { options: { webUrl: jira.siteUrl } });
  expect((await owner.sources.test(source.id)).problems).toEqual([]);
  const { id } = await owner.defects.create({ projectId: "web", title: "Wrong" });
  expect((await owner.defects.push(id)).issue?.url).toBe(`${jira.siteUrl}/browse/WEB-1`);
});

test.each([
  ["cloud", "This is Jira Cloud: give an e-mail address with an API token, or sign in."],
  ["data-center", "This is Jira Data Center: give a personal access token."],
] as const)("a credential for the other kind is told as such by %s", async (deployment, problem) => {
  const jira = createFakeJira({ deployment, projects: ["WEB"], contractFolder });
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [createJiraProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    fetch: jira.fetch,
  });
  open.push(backref);
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const source = await owner.sources.create({
    name: "Our Jira",
    provider: "jira",
    baseUrl: jira.siteUrl,
    auth:
      deployment === "cloud"
        ? { type: "personal-token", token: "of-data-center" }
        : { type: "api-token", email: "ann@example.com", token: "of-cloud" },
  });
  expect((await owner.sources.test(source.id)).problems).toEqual([problem]);
});
