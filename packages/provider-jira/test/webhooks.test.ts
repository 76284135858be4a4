import { expect, test } from "vitest";
import type { JiraOAuthAuth } from "../src/index.ts";
import { setUp } from "./support.ts";

const days = 24 * 60 * 60 * 1000;

test("a sign-in makes webhooks that carry a token of the app, end after 30 days, and are renewed", async () => {
  const { fake, provider, call, time } = await setUp();
  const redirectUrl = "https://host.example/callback";
  const url = provider.authorization.url({
    baseUrl: fake.siteUrl,
    options: call().options,
    redirectUrl,
    state: "s",
    codeChallenge: "c",
  });
  const back = new URL(fake.signIn.agree(url));
  const query = Object.fromEntries(back.searchParams);
  const { auth: _none, ...rest } = call();
  const auth = (await provider.authorization.exchange(rest, {
    query,
    redirectUrl,
    codeVerifier: "v",
  })) as JiraOAuthAuth;
  const hook = { container: "WEB", url: "https://host.example/hook", secret: "unused" };
  const { hookId, expiresAt } = (await provider.webhooks.register?.(call({ auth }), hook)) ?? expect.unreachable();
  expect(expiresAt).toBe(time.now() + 30 * days);

  fake.as("ann").createIssue("WEB", { summary: "one" });
  const sent =
    fake.webhooks.deliveries.find(({ headers }) => headers["authorization"] !== undefined) ?? expect.unreachable();
  const delivery = { headers: new Headers(sent.headers), body: new TextEncoder().encode(sent.body) };
  const secret = { secret: "of-the-endpoint", now: time.now() };
  expect(provider.webhooks.verify(delivery, secret)).toBe(true);
  expect(provider.webhooks.verify(delivery, { ...secret, now: time.now() + days })).toBe(false);
  const forged = { ...delivery, headers: new Headers({ authorization: `${sent.headers["authorization"]}x` }) };
  expect(provider.webhooks.verify(forged, secret)).toBe(false);
  const unsigned = { ...delivery, headers: new Headers({ authorization: "Bearer eyJhbGciOiJub25lIn0.e30." }) };
  expect(provider.webhooks.verify(unsigned, secret)).toBe(false);

  await time.advance(29 * days);
  const renewed = await provider.authorization.refresh(call({ auth }));
  const after = await provider.webhooks.renew?.(call({ auth: renewed }), { container: "WEB", hookId });
  expect(after?.expiresAt).toBe(time.now() + 30 * days);
  await provider.webhooks.unregister?.(call({ auth: renewed }), { container: "WEB", hookId });
  expect(fake.hooks.filter(({ kind }) => kind === "dynamic")).toEqual([]);

  // Jira answers a renewal of what is lost as if nothing were amiss; "gone" has core make a new one.
  const lost = provider.webhooks.renew?.(call({ auth: renewed }), { container: "WEB", hookId });
  await expect(lost).rejects.toMatchObject({ failure: "gone" });
});

test("a move is told by its new key, a comment of few by its issue alone", async () => {
  const { fake, provider } = await setUp();
  fake.as("ann").createIssue("WEB", { summary: "one" });
  fake.as("ann").moveIssue("WEB-1", "API");
  fake.as("ann").deleteIssue("API-1");
  const events = fake.webhooks.deliveries.map(({ headers, body }) =>
    provider.webhooks.read({ headers: new Headers(headers), body: new TextEncoder().encode(body) }),
  );
  expect(events.map(({ name, hints }) => [name, hints[0]?.change, hints[0]?.container, hints[0]?.item])).toEqual([
    ["jira:issue_created", "changed", "WEB", "1"],
    ["jira:issue_updated", "moved", "API", "1"],
    ["jira:issue_deleted", "deleted", "API", "1"],
  ]);
});

test("without administrator's rights the message says who can make a webhook, and how", async () => {
  const { fake, provider, call } = await setUp();
  fake.changeToken(fake.token, ["BROWSE_PROJECTS"]);
  const attempt = provider.webhooks.register?.(call(), {
    container: "WEB",
    url: "https://host.example/hook",
    secret: "s",
  });
  await expect(attempt).rejects.toMatchObject({
    failure: "forbidden",
    message: expect.stringMatching(/administrator/),
  });
});
