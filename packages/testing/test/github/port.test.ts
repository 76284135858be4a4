import { afterEach, beforeEach, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub, type ListeningFake } from "../../src/github/index.ts";
import { type GraphqlBody, type IssueBody, type RepositoryBody, readPayload, type ViewerData } from "./bodies.ts";
import { type CallOptions, type Client, createClient } from "./client.ts";

let fake: FakeGitHub;
let listening: ListeningFake;
let call: Client;
let overPort: CallOptions;

beforeEach(async () => {
  fake = createFakeGitHub({ repositories: ["acme/web", "acme/api"], webhooks: "manual" });
  listening = await fake.listen();
  call = createClient(fake);
  overPort = { base: listening.url, send: fetch };
});

afterEach(() => listening.close());

it("answers on a real port, counting each request once", async () => {
  const mark = fake.mark();
  const made = await call("POST", "/repos/acme/web/issues", { title: "Ünïcode" }, overPort);
  expect(made.body).toMatchObject({ title: "Ünïcode", url: `${listening.url}/repos/acme/web/issues/1` });
  expect((await call.graphql<ViewerData>("{ viewer { login } }", {}, overPort)).body.data?.viewer.login).toBe(
    "backref-bot",
  );
  expect(fake.requestsSince(mark).map(({ operation, status }) => [operation, status])).toEqual([
    ["/repos/{owner}/{repo}/issues", 201],
    ["graphql", 200],
  ]);
});

it("serves 304 and 204 without a body, and redirects", async () => {
  fake.as("alice").createIssue("acme/web", { title: "x" });
  const first = await call("GET", "/repos/acme/web/issues", undefined, overPort);
  const headers = { "if-none-match": first.headers.get("etag") ?? "" };
  expect((await call("GET", "/repos/acme/web/issues", undefined, { ...overPort, headers })).status).toBe(304);
  expect((await call("GET", "/repos/acme/web/assignees/alice", undefined, overPort)).status).toBe(204);
  fake.transferIssue("acme/web", 1, "acme/api");
  const mark = fake.mark();
  const moved = await call<IssueBody>("GET", "/repos/acme/web/issues/1", undefined, overPort);
  expect(moved.body.repository_url).toBe(`${listening.url}/repos/acme/api`);
  expect(fake.requestsSince(mark).map((request) => request.status)).toEqual([301, 200]);
});

it("drops connections for good", async () => {
  fake.faults.add({ kind: "lost-after" });
  await expect(call("POST", "/repos/acme/web/issues", { title: "x" }, overPort)).rejects.toThrow("fetch failed");
  expect(fake.issues("acme/web")).toHaveLength(1);
  fake.faults.add({ kind: "refuse" });
  await expect(call("GET", "/user", undefined, overPort)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
});

it("speaks Enterprise Server's paths too", async () => {
  const options = { ...overPort, base: `${listening.url}/api/v3` };
  const { body } = await call<RepositoryBody>("GET", "/repos/acme/web", undefined, options);
  expect(body.url).toBe(`${listening.url}/api/v3/repos/acme/web`);
  const graphql = { query: "{ viewer { login } }" };
  const answer = await call<GraphqlBody<ViewerData>>("POST", "/api/graphql", graphql, overPort);
  expect(answer.body.data?.viewer.login).toBe("backref-bot");
});

it("names itself in webhooks while it listens", async () => {
  const config = { url: "https://host.example/", content_type: "json" };
  await call("POST", "/repos/acme/web/hooks", { config, events: ["issues"] });
  const payload = readPayload(fake.webhooks.pending[0]?.body ?? "");
  expect(payload.repository?.url).toBe(`${listening.url}/repos/acme/web`);
});
