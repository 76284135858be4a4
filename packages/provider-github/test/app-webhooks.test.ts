import type { WebhookDelivery } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { createGitHubProvider, type GitHubAuth } from "../src/index.ts";
import { setUpApp } from "./app-support.ts";

const { webhooks } = createGitHubProvider();
if (webhooks === undefined) throw new Error("The provider has no webhooks.");
const scopeIn = (...parts: Parameters<typeof delivery>) => webhooks.read(delivery(...parts)).appScope;
const scopeOf = (auth: GitHubAuth, baseUrl = "https://api.github.com") => webhooks.appScopeOf?.(auth, { baseUrl });

function delivery(payload: unknown, headers: Record<string, string> = {}): WebhookDelivery {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const usual = { "x-github-delivery": "guid", "x-github-event": "installation" };
  return { headers: new Headers({ ...usual, ...headers }), body: new TextEncoder().encode(text) };
}

const app = { type: "app", appId: "1", privateKey: "a key", installationId: "42" } as const;

test("a credential and the deliveries of its installation have the same scope, with no secret in it", () => {
  const { fake, app: created, auth } = setUpApp();
  const hooked = fake.apps.create({ name: "hooked", webhook: { url: "https://host.example/hooks" } });
  const id = String(fake.apps.install(hooked.id, { account: "acme" }));
  fake.as("ann").createIssue("acme/web", { title: "Title" });
  const [installed, opened] = fake.webhooks.deliveries;
  const scope = scopeOf({ ...auth, appId: String(hooked.id), installationId: id });
  expect(scope).toBe(`https://api.github.com/app/installations/${id}`);
  for (const sent of [installed, opened]) expect(scopeIn(sent?.body, sent?.headers)).toBe(scope);
  expect(scope).not.toContain(created.privateKey);
});

test("a token has none", () => {
  expect(scopeOf({ type: "token", token: "ghp_x" })).toBeNull();
});

test.each([
  ["https://api.github.com", "https://api.github.com/users/ann"],
  ["https://github.example.com/api/v3", "https://github.example.com/api/v3/users/ann"],
  ["https://api.acme.ghe.com", "https://api.acme.ghe.com/users/tests-sync%5Bbot%5D"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000/users/ann"],
])("%s is told by what is signed", (baseUrl, url) => {
  const headers = { "x-github-enterprise-host": "evil.example" };
  const payload = { installation: { id: 42 }, sender: { url } };
  expect(scopeIn(payload, headers)).toBe(scopeOf(app, baseUrl));
});

test("without a sender the repository tells", () => {
  const repository = { full_name: "acme/web", url: "https://api.github.com/repos/acme/web" };
  expect(scopeIn({ installation: { id: 42 }, repository })).toBe(scopeOf(app));
});

test.each([
  ["no installation", { sender: { url: "https://api.github.com/users/ann" } }],
  ["no server", { installation: { id: 42 } }],
  ["another kind of address", { installation: { id: 42 }, sender: { url: "urn:x" } }],
  ["another kind of id", { installation: { id: {} }, sender: { url: "https://api.github.com/users/ann" } }],
  ["another kind of thing", { installation: 42, sender: "ann" }],
])("%s: no scope", (_, payload) => {
  expect(scopeIn(payload)).toBeUndefined();
});

test("a form is read as well", () => {
  const payload = JSON.stringify({ installation: { id: 42 }, sender: { url: "https://api.github.com/users/ann" } });
  const body = new URLSearchParams({ payload }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect(scopeIn(body, headers)).toBe(scopeOf(app));
});

describe("what an event tells of the access", () => {
  test.each([
    ["installation", "suspend", "lost"],
    ["installation", "deleted", "lost"],
    ["installation_repositories", "removed", "lost"],
    ["installation", "unsuspend", "regained"],
    ["installation", "new_permissions_accepted", "regained"],
    ["installation_repositories", "added", "regained"],
    ["installation", "created", undefined],
    ["ping", undefined, undefined],
  ])("%s %s: %s", (event, action, access) => {
    const read = webhooks.read(delivery({ action, installation: { id: 42 } }, { "x-github-event": event }));
    expect(read).toMatchObject({ deliveryId: "guid", hints: [] });
    expect(read.access).toBe(access);
  });
});
