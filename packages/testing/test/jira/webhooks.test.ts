import { createHmac } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../src/index.ts";
import { createFakeJira, type FakeJira } from "../../src/jira/index.ts";
import { type Client, contractFolder, createClient, documentOf, type Loose } from "./client.ts";

let fake: FakeJira;
let call: Client;
let time: VirtualTime;
let arrived: Request[];

beforeEach(() => {
  arrived = [];
  time = createVirtualTime();
  fake = createFakeJira({
    projects: ["WEB", "API"],
    now: time.now,
    contractFolder,
    webhooks: "manual",
    deliver: async (request) => {
      arrived.push(request);
      return new Response(null, { status: arrived.length === 1 ? 503 : 200 });
    },
  });
  call = createClient(fake);
});

const pending = () => fake.webhooks.pending.map(({ event, body }) => ({ event, payload: JSON.parse(body) as Loose }));

it("an administrator's webhook is signed over the body, and keeps its identifier when repeated", async () => {
  fake.addWebhook({ url: "https://host.example/hook", secret: "s" });
  fake.as("ann").createIssue("WEB", { summary: "one" });
  await fake.webhooks.flush();
  const [first] = arrived;
  const body = (await first?.clone().text()) ?? "";
  expect(first?.headers.get("x-hub-signature")).toBe(`sha256=${createHmac("sha256", "s").update(body).digest("hex")}`);
  await fake.webhooks.redeliver(fake.webhooks.deliveries[0]?.id ?? "");
  const header = (name: string) => arrived.map(({ headers }) => headers.get(name));
  expect(new Set(header("x-atlassian-webhook-identifier")).size).toBe(1);
  expect(header("x-atlassian-webhook-retry")).toEqual([null, "1"]);
});

it("tells of changes with their history, of moves by the key, and little of a comment's issue", () => {
  fake.addWebhook({ url: "https://host.example/hook", secret: null });
  fake.as("ann").createIssue("WEB", { summary: "one" });
  fake.as("ann").editIssue("WEB-1", { summary: "two" });
  fake.as("ann").comment("WEB-1", documentOf("hello"));
  fake.as("ann").moveIssue("WEB-1", "API");
  fake.as("ann").deleteIssue("API-1");
  expect(pending().map(({ event }) => event)).toEqual([
    "jira:issue_created",
    "jira:issue_updated",
    "comment_created",
    "jira:issue_updated",
    "jira:issue_deleted",
  ]);
  expect(pending()[1]?.payload.changelog.items).toMatchObject([
    { field: "summary", fromString: "one", toString: "two" },
  ]);
  expect(pending()[2]?.payload.issue.fields.description).toBeUndefined();
  expect(pending()[3]?.payload).toMatchObject({
    issue: { key: "API-1" },
    changelog: { items: [{ field: "Key", fromString: "WEB-1", toString: "API-1" }] },
  });
});

it("dynamic webhooks are an app's, fit their filter, carry a token, and end after 30 days", async () => {
  const { clientId, clientSecret } = fake.application;
  expect((await call("POST", "/webhook", { url: "https://host.example/hook", webhooks: [] })).status).toBe(403);
  const redirect_uri = "https://host.example/callback";
  const scope = "read:jira-work manage:jira-webhook";
  const query = new URLSearchParams({
    audience: "api.atlassian.com",
    client_id: clientId,
    scope,
    redirect_uri,
    response_type: "code",
  });
  const code = new URL(fake.signIn.agree(`https://auth.atlassian.com/authorize?${query}`)).searchParams.get("code");
  const body = JSON.stringify({
    grant_type: "authorization_code",
    client_id: clientId,
    client_secret: clientSecret,
    code,
    redirect_uri,
  });
  const given = await (await fake.fetch("https://auth.atlassian.com/oauth/token", { method: "POST", body })).json();
  const options = {
    authorization: `Bearer ${(given as { access_token: string }).access_token}`,
    base: `https://api.atlassian.com/ex/jira/${fake.cloudId}/rest/api/3`,
  };
  const webhook = (jqlFilter: string) => ({ events: ["jira:issue_created"], jqlFilter });
  const made = await call(
    "POST",
    "/webhook",
    { url: "https://host.example/hook", webhooks: [webhook("project = WEB"), webhook("labels = a")] },
    options,
  );
  const [first, second] = made.body.webhookRegistrationResult;
  expect(second).toEqual({ errors: ["The clause labels is unsupported"] });
  fake.as("ann").createIssue("WEB", { summary: "one" });
  fake.as("ann").createIssue("API", { summary: "two" });
  expect(fake.webhooks.deliveries).toHaveLength(1);
  const [, content = "", signature] =
    /^Bearer (\S+)\.(\S+)$/.exec(fake.webhooks.deliveries[0]?.headers["authorization"] ?? "") ?? [];
  expect(signature).toBe(createHmac("sha256", clientSecret).update(content).digest("base64url"));
  await time.advance(29 * 24 * 3_600_000);
  // The token of the first day has ended since; the webhook has not.
  expect((await call("PUT", "/webhook/refresh", { webhookIds: [first.createdWebhookId] }, options)).status).toBe(401);
  fake.as("ann").createIssue("WEB", { summary: "three" });
  await time.advance(2 * 24 * 3_600_000);
  fake.as("ann").createIssue("WEB", { summary: "four" });
  expect(fake.webhooks.deliveries).toHaveLength(2);
});
