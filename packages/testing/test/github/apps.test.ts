import { createSign, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadContract } from "../../src/github/contract.ts";
import { createFakeGitHub, type FakeApp, type FakeGitHub } from "../../src/github/index.ts";
import { type ErrorBody, readPayload } from "./bodies.ts";
import { type Answer, type CallOptions, type Client, createClient, createClock, operationNames } from "./client.ts";

const secret = "hook-secret-of-the-app";
const clock = createClock();
let fake: FakeGitHub;
let app: FakeApp;
let installation: number;
let call: Client;

beforeEach(() => {
  fake = createFakeGitHub({
    repositories: ["acme/web", "acme/api", "umbrella/site", { name: "acme/open", private: false }],
    now: clock.now,
    webhooks: "manual",
    deliver: async () => new Response(null, { status: 202 }),
  });
  app = fake.apps.create({ name: "tests-sync", webhook: { url: "https://host.example/hooks/app", secret } });
  installation = fake.apps.install(app.id, { account: "acme", repositories: ["acme/web", "acme/open"] });
  call = createClient(fake);
});

afterEach(() => {
  const contract = loadContract("2022-11-28", operationNames);
  for (const { event, action, body } of fake.webhooks.deliveries) {
    const name = `${event}-${action}`.replaceAll("_", "-");
    expect(contract.checkWebhook(name, readPayload(body)), name).toEqual([]);
  }
});

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

function sign(claims: Claims = {}, privateKey = app.privateKey, alg = "RS256"): string {
  const now = Math.floor(clock.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { iss: app.id, iat: now - 30, exp: now + 570, ...claims };
  const text = `${part({ alg, typ: "JWT" })}.${part(payload)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

const tokenPath = () => `/app/installations/${installation}/access_tokens`;

interface TokenBody {
  readonly token: string;
  readonly expires_at: string;
}

async function mint(options: CallOptions = {}): Promise<string> {
  const answer = await call<TokenBody>("POST", tokenPath(), undefined, { token: sign(), ...options });
  expect(answer.status).toBe(201);
  return answer.body.token;
}

const refusal = ({ status, body }: Answer<ErrorBody>) => `${status} ${body.message}`;

describe("the app itself", () => {
  it("signs in by its id and its client id", async () => {
    for (const iss of [app.id, String(app.id), app.clientId]) {
      const answer = await call<{ slug: string }>("GET", "/app", undefined, { token: sign({ iss }) });
      expect(answer).toMatchObject({ status: 200, body: { slug: "tests-sync", permissions: { issues: "write" } } });
    }
  });

  it("reads an installation of its own, and no other", async () => {
    const read = (id: number) => call<ErrorBody>("GET", `/app/installations/${id}`, undefined, { token: sign() });
    expect(await read(installation)).toMatchObject({
      status: 200,
      body: { app_slug: "tests-sync", repository_selection: "selected", suspended_at: null },
    });
    const foreign = fake.apps.install(fake.apps.create({ name: "other" }).id, { account: "acme" });
    expect(refusal(await read(foreign))).toBe("404 Not Found");
    expect(refusal(await read(1))).toBe("404 Not Found");
  });

  const now = () => Math.floor(clock.now() / 1000);
  it.each<[string, () => string, string]>([
    ["another key", () => sign({}, foreignKey()), "401 A JSON web token could not be decoded"],
    ["an unknown app", () => sign({ iss: 12 }), "404 Integration not found"],
    ["an unsigned one", () => sign({}, app.privateKey, "none"), "401 A JSON web token could not be decoded"],
    ["a personal token", () => fake.token, "401 A JSON web token could not be decoded"],
    ["an end that is over", () => sign({ exp: now() }), "401 'Expiration time' claim ('exp') must be"],
    ["an end too far away", () => sign({ exp: now() + 601 }), "401 'Expiration time' claim ('exp') is too far"],
    ["a beginning to come", () => sign({ iat: now() + 1 }), "401 'Issued at' claim ('iat') must be an Integer"],
  ])("%s is refused", async (_, token, expected) => {
    const answer = await call<ErrorBody>("GET", "/app", undefined, { token: token() });
    expect(refusal(answer)).toContain(expected);
  });

  it("loses its former keys with a new one", async () => {
    const before = sign();
    const privateKey = fake.apps.replaceKey(app.id);
    const answer = await call<ErrorBody>("GET", "/app", undefined, { token: before });
    expect(refusal(answer)).toBe("401 A JSON web token could not be decoded");
    expect((await call("GET", "/app", undefined, { token: sign({}, privateKey) })).status).toBe(200);
  });
});

function foreignKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

describe("an installation's token", () => {
  it("acts as the app's account, in the repositories it covers", async () => {
    const token = await mint();
    const made = await call<{ user: object }>("POST", "/repos/acme/web/issues", { title: "One" }, { token });
    expect(made).toMatchObject({ status: 201, body: { user: { login: "tests-sync[bot]", type: "Bot" } } });
    const account = await call<{ id: number }>("GET", "/users/tests-sync%5Bbot%5D", undefined, { token });
    expect(made.body.user).toMatchObject({ id: account.body.id });
    const query = `{ repository(owner: "acme", name: "web") { issue(number: 1) { author { __typename login ... on Bot { databaseId } } } } }`;
    expect((await call.graphql<unknown>(query, {}, { token })).body.data).toEqual({
      repository: { issue: { author: { __typename: "Bot", login: "tests-sync", databaseId: account.body.id } } },
    });
    const listed = await call<{ repositories: { full_name: string }[] }>(
      "GET",
      "/installation/repositories",
      undefined,
      {
        token,
      },
    );
    expect(listed.body.repositories.map(({ full_name }) => full_name)).toEqual(["acme/web", "acme/open"]);
  });

  it("has no account to ask for, and sees nothing else", async () => {
    const token = await mint();
    const ask = async (method: string, path: string, body?: object) =>
      refusal(await call<ErrorBody>(method, path, body, { token }));
    expect(await ask("GET", "/user")).toBe("403 Resource not accessible by integration");
    expect(await ask("GET", "/repos/acme/api")).toBe("404 Not Found");
    expect(await ask("GET", "/repos/umbrella/site")).toBe("404 Not Found");
    fake.apps.change(installation, { repositories: null });
    expect(await ask("GET", "/repos/umbrella/site")).toBe("404 Not Found");
    expect((await call("GET", "/repos/acme/api", undefined, { token })).status).toBe(200);
    fake.apps.change(installation, { repositories: ["acme/web"] });
    expect(await ask("POST", "/repos/acme/open/issues", { title: "x" })).toContain("not accessible by integration");
  });

  it("has the permissions that were granted", async () => {
    const token = await mint();
    fake.apps.change(installation, { permissions: { issues: "read", metadata: "read" } });
    const refused = await call<ErrorBody>("POST", "/repos/acme/web/issues", { title: "x" }, { token });
    expect(refusal(refused)).toBe("403 Resource not accessible by integration");
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("issues=write");
  });

  it("ends after an hour, with the installation, and rests while that is suspended", async () => {
    const token = await mint();
    const ask = async () => (await call<ErrorBody>("GET", "/repos/acme/web", undefined, { token })).status;
    fake.apps.suspend(installation);
    expect(await ask()).toBe(403);
    const refused = await call<ErrorBody>("POST", tokenPath(), undefined, { token: sign() });
    expect(refusal(refused)).toBe("403 This installation has been suspended");
    fake.apps.unsuspend(installation);
    expect(await ask()).toBe(200);
    clock.advance(3_599_000);
    expect(await ask()).toBe(200);
    clock.advance(2_000);
    expect(await ask()).toBe(401);
    const fresh = await mint();
    fake.apps.uninstall(installation);
    expect((await call("GET", "/repos/acme/web", undefined, { token: fresh })).status).toBe(401);
    expect((await call("POST", tokenPath(), undefined, { token: sign() })).status).toBe(404);
  });
});

describe("the app's webhook", () => {
  it("tells of events in covered repositories, with the installation", () => {
    fake.setHook("acme/web", { url: "https://host.example/hooks/web" });
    const before = fake.webhooks.deliveries.length;
    fake.as("ann").createIssue("acme/web", { title: "One" });
    fake.as("ann").createIssue("acme/api", { title: "Not covered" });
    const [own, apps, ...more] = fake.webhooks.deliveries.slice(before);
    expect(more).toEqual([]);
    expect(own?.id).toBe(apps?.id);
    expect(readPayload(own?.body ?? "")).not.toHaveProperty("installation");
    expect(readPayload(apps?.body ?? "")).toMatchObject({ action: "opened", installation: { id: installation } });
    expect(apps?.headers).toMatchObject({
      "x-github-hook-installation-target-type": "integration",
      "x-github-hook-installation-target-id": String(app.id),
      "x-hub-signature-256": expect.stringMatching(/^sha256=/),
    });
  });

  it("tells what becomes of the installation, and nothing more while it is suspended", () => {
    fake.apps.change(installation, { repositories: ["acme/web", "acme/api"] });
    fake.apps.suspend(installation);
    fake.as("ann").createIssue("acme/web", { title: "One" });
    fake.apps.unsuspend(installation);
    fake.apps.uninstall(installation);
    expect(fake.webhooks.deliveries.map(({ event, action }) => `${event}.${action}`)).toEqual([
      "installation.created",
      "installation_repositories.added",
      "installation_repositories.removed",
      "installation.suspend",
      "installation.unsuspend",
      "installation.deleted",
    ]);
  });
});

it("is saved and goes on, also with what was signed before", async () => {
  const token = await mint();
  const state: unknown = JSON.parse(JSON.stringify(fake.save()));
  expect(JSON.stringify(state)).not.toContain("PRIVATE KEY");
  fake = createFakeGitHub({ state, now: clock.now });
  call = createClient(fake);
  expect((await call("GET", "/repos/acme/web", undefined, { token })).status).toBe(200);
  expect(await mint()).not.toBe(token);
});
