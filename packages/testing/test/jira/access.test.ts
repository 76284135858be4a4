import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../src/index.ts";
import { createFakeJira, type FakeJira } from "../../src/jira/index.ts";
import { basic, type Client, contractFolder, createClient, documentOf } from "./client.ts";

let fake: FakeJira;
let call: Client;
let time: VirtualTime;

beforeEach(() => {
  time = createVirtualTime();
  fake = createFakeJira({ projects: ["WEB"], now: time.now, contractFolder });
  call = createClient(fake);
});

afterEach(() => expect(fake.violations).toEqual([]));

describe("who asks", () => {
  it("is the account of the address and its API token", async () => {
    expect((await call("GET", "/myself")).body).toMatchObject({ displayName: "Backref", accountType: "atlassian" });
    expect(
      (await call("GET", "/myself", undefined, { authorization: basic("x@example.com", fake.token) })).status,
    ).toBe(401);
    expect((await call("GET", "/myself", undefined, { authorization: null })).status).toBe(401);
    fake.revokeToken(fake.token);
    expect((await call("GET", "/myself")).status).toBe(401);
  });

  it("everybody may ask which Jira this is", async () => {
    const { body } = await call("GET", "/serverInfo", undefined, { authorization: null });
    expect(body).toMatchObject({ deploymentType: "Cloud", baseUrl: fake.siteUrl });
  });

  it("without the permission to browse nothing is there", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one" });
    fake.changeToken(fake.token, []);
    expect((await call("GET", "/issue/WEB-1")).status).toBe(404);
    expect((await call("GET", "/project/WEB")).status).toBe(404);
    const { body } = await call("GET", "/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES");
    expect(body.permissions.EDIT_ISSUES.havePermission).toBe(false);
  });

  it("a personal access token is good on Data Center, below the context path", async () => {
    fake = createFakeJira({ deployment: "data-center", projects: ["WEB"], now: time.now });
    call = createClient(fake);
    expect((await call("GET", "/myself")).body).toMatchObject({ name: "backref-bot", key: "JIRAUSER-backref-bot" });
    const elsewhere = { base: "https://jira.example.com/rest/api/2" };
    expect((await call("GET", "/myself", undefined, elsewhere)).status).toBe(404);
  });
});

describe("the sign-in", () => {
  const exchange = async (body: object) =>
    (
      await fake.fetch("https://auth.atlassian.com/oauth/token", { method: "POST", body: JSON.stringify(body) })
    ).json() as Promise<Record<string, string>>;

  const signIn = async (scope: string) => {
    const { clientId, clientSecret } = fake.application;
    const redirect_uri = "https://host.example/callback";
    const query = new URLSearchParams({
      audience: "api.atlassian.com",
      client_id: clientId,
      scope,
      redirect_uri,
      state: "s",
      response_type: "code",
      prompt: "consent",
    });
    const back = new URL(fake.signIn.agree(`https://auth.atlassian.com/authorize?${query}`));
    expect(back.searchParams.get("state")).toBe("s");
    const client = { client_id: clientId, client_secret: clientSecret };
    const code = back.searchParams.get("code");
    return { client, tokens: await exchange({ ...client, grant_type: "authorization_code", code, redirect_uri }) };
  };

  it("gives tokens that are good at the gateway, within their scopes", async () => {
    const { tokens } = await signIn("read:jira-work read:jira-user offline_access");
    const authorization = `Bearer ${tokens["access_token"]}`;
    const sites = await fake.fetch("https://api.atlassian.com/oauth/token/accessible-resources", {
      headers: { authorization },
    });
    expect(await sites.json()).toMatchObject([{ id: fake.cloudId, url: fake.siteUrl }]);
    const base = `https://api.atlassian.com/ex/jira/${fake.cloudId}/rest/api/3`;
    expect((await call("GET", "/myself", undefined, { authorization, base })).status).toBe(200);
    expect((await call("GET", "/myself", undefined, { authorization })).status).toBe(401);
    const refused = await call("POST", "/issue", {}, { authorization, base });
    expect(refused).toMatchObject({ status: 401, body: { errorMessages: ["Unauthorized; scope does not match"] } });
  });

  it("gives a new refresh token with every use; the old one is good for ten minutes more", async () => {
    const { client, tokens } = await signIn("read:jira-work offline_access");
    const refresh = { ...client, grant_type: "refresh_token", refresh_token: tokens["refresh_token"] };
    const second = await exchange(refresh);
    expect(second["refresh_token"]).not.toBe(tokens["refresh_token"]);
    expect((await exchange(refresh))["access_token"]).toBeDefined();
    await time.advance(600_000);
    expect((await exchange(refresh))["error"]).toBe("invalid_grant");
    expect((await exchange({ ...refresh, refresh_token: second["refresh_token"] }))["error"]).toBe("invalid_grant");
  });
});

describe("comments", () => {
  it("carry visibility and properties, and count as changes of their issue", async () => {
    const { updatedAt } = fake.as("ann").createIssue("WEB", { summary: "one" });
    await time.advance(1_000);
    const made = await call("POST", "/issue/WEB-1/comment?expand=properties", {
      body: documentOf("hello"),
      visibility: { type: "role", value: "Administrators" },
      properties: [{ key: "backref", value: { token: "c-1" } }],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { visibility: { type: "role" }, properties: [{ key: "backref", value: { token: "c-1" } }] },
    });
    expect(fake.issue("WEB-1")?.updatedAt).toBeGreaterThan(updatedAt);
    const { id } = made.body;
    expect((await call("PUT", `/issue/WEB-1/comment/${id}`, { body: documentOf("bye") })).status).toBe(200);
    expect((await call("GET", "/issue/WEB-1/comment")).body).toMatchObject({ total: 1, comments: [{ id }] });
    expect((await call("DELETE", `/issue/WEB-1/comment/${id}`)).status).toBe(204);
    expect((await call("GET", `/issue/WEB-1/comment/${id}`)).status).toBe(404);
  });
});
