import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeLinear } from "@backref/testing/linear";
import { afterEach, expect, test } from "vitest";
import { createLinearProvider } from "../src/index.ts";
import { createDirect } from "./direct.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const backref of open.splice(0)) await backref.close();
});

const appSecret = "signing-secret-of-the-application";
const redirectUrl = "https://host.example/callback";

async function signIn() {
  const time = createVirtualTime();
  const statuses: number[] = [];
  const linear = createFakeLinear({
    teams: ["ENG"],
    now: time.now,
    webhooks: "manual",
    deliver: async (request) => {
      const response = await backref.webhooks.handle(request, { provider: "linear" });
      statuses.push(response.status);
      return response;
    },
  });
  const logged: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createLinearProvider({ oauth: linear.application })],
    appWebhooks: { linear: { secrets: [appSecret] } },
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: linear.fetch,
    logger: { log: (_level, message, data) => void logged.push(`${message} ${JSON.stringify(data)}`) },
  });
  open.push(backref);
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const source = await owner.sources.create({
    name: "Our Linear",
    provider: "linear",
    options: { workspace: "acme" },
    targets: [{ projectId: "web", container: "ENG" }],
  });
  const { url } = await owner.sources.authorize(source.id, { redirectUrl });
  await owner.sources.completeAuthorization(linear.signIn.agree(url));
  return { time, linear, backref, owner, source, url, statuses, logged };
}

test("a source that was signed in to pushes as the application, and goes on when its token ends", async () => {
  const { time, linear, backref, owner, source, url, logged } = await signIn();
  const asked = new URL(url).searchParams;
  expect([asked.get("actor"), asked.get("scope"), asked.get("code_challenge_method")]).toEqual([
    ...["app", "read,write", "S256"],
  ]);
  expect(await owner.sources.test(source.id)).toMatchObject({ ok: true, account: { displayName: "Backref" } });
  const defect = await owner.defects.create({ projectId: "web", title: "Total is wrong" });
  expect(await owner.defects.push(defect.id)).toMatchObject({ status: "synced", badge: { text: "ENG-1" } });
  await time.advance(90_000_000);
  await owner.defects.update(defect.id, { title: "Total is still wrong" });
  await backref.sync.run();
  expect(linear.issue("ENG-1")?.title).toBe("Total is still wrong");
  expect(linear.requests.filter(({ operation }) => operation === "oauth token")).toHaveLength(2);
  expect(logged.filter((line) => /\b[ar]t_[0-9a-f]{8}|client-secret/.test(line))).toEqual([]);
  linear.signIn.revoke();
  await owner.defects.update(defect.id, { title: "Nobody hears of it" });
  await backref.sync.run();
  expect((await owner.sources.get(source.id))?.health.status).toBe("reconnect-required");
});

test("a comment stands under the name of whoever wrote it, without a word of it in the text", async () => {
  const { time, linear, backref, owner } = await signIn();
  const defect = await owner.defects.create({ projectId: "web", title: "Total is wrong" });
  await owner.defects.push(defect.id);
  const ann = backref.as({ tenantId: "acme", userId: "u-ann", displayName: "Ann", projects: { web: "member" } });
  const settle = async () => {
    for (let round = 0; round < 3; round += 1) {
      await time.advance(61_000);
      await backref.sync.run();
    }
  };
  linear.faults.add({ kind: "lost-after", match: { operation: "mutation commentCreate" } });
  const { id } = await ann.comments.add({ defectId: defect.id, body: "Seen again" });
  await settle();
  const shown = () => linear.issue("ENG-1")?.comments.map(({ author, body }) => [author, body]);
  expect(shown()).toEqual([["Ann", "Seen again"]]);
  await ann.comments.update(id, { body: "Seen twice" });
  await settle();
  expect(shown()).toEqual([["Ann", "Seen twice"]]);
  linear.as("lena").editComment(linear.issue("ENG-1")?.comments[0]?.id ?? "", "Seen three times");
  await settle();
  const { items } = await owner.comments.list({ defectId: defect.id });
  expect(items.map(({ body, origin }) => [body, origin])).toEqual([["Seen three times", "host"]]);
});

test("a delivery of the application finds the source by its workspace", async () => {
  const { linear, backref, owner, statuses } = await signIn();
  const defect = await owner.defects.create({ projectId: "web", title: "Total is wrong" });
  await owner.defects.push(defect.id);
  // No poll is due from then on.
  await backref.sync.run();
  linear.addWebhook({ url: "https://host.example/app", secret: appSecret });
  linear.as("lena").setState("ENG-1", "completed");
  await linear.settle();
  expect(statuses).toEqual([202]);
  await backref.sync.run();
  expect((await owner.defects.get(defect.id))?.status).toBe("closed");

  linear.addWebhook({ url: "https://host.example/forged", secret: "somebody else's secret, long enough" });
  linear.as("lena").setState("ENG-1", "started");
  await linear.settle();
  expect(statuses.slice(1).toSorted((a, b) => a - b)).toEqual([202, 401]);
});

test("a credential that names another workspace than its own is not believed", async () => {
  const { provider, call, linear } = createDirect();
  const token = linear.createToken({ user: "Backref", kind: "token" });
  const auth = {
    ...({ type: "oauth", accessToken: token, refreshToken: null, expiresAt: null } as const),
    ...({ organizationId: "somebody else's", actor: "app" } as const),
  };
  await expect(provider.connect?.account({ ...call, auth })).rejects.toMatchObject({ failure: "auth" });
  const report = await provider.connect?.test({ ...call, auth }, { containers: ["ENG"] });
  expect([report?.ok, report?.problems.length]).toEqual([false, 1]);
});

test("the workspace that could not be asked for at the sign-in is asked for with the next renewal", async () => {
  const { provider, call, linear } = createDirect({
    provider: { oauth: { clientId: "client-of-linear", clientSecret: "client-secret-of-linear" } },
  });
  const { authorization, webhooks } = provider;
  if (authorization === undefined) throw new Error("It has a sign-in");
  const codeVerifier = "v".repeat(43);
  const { createHash } = await import("node:crypto");
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  const { baseUrl, options } = call;
  const back = linear.signIn.agree(
    authorization.url({ baseUrl, options, redirectUrl, state: "state-1", codeChallenge }),
  );
  linear.faults.add({ kind: "status-before", status: 500, match: { operation: "query organization" } });
  const query = { code: new URL(back).searchParams.get("code") ?? "" };
  const auth = await authorization.exchange(call, { query, redirectUrl, codeVerifier });
  expect(webhooks?.appScopeOf?.(auth, call)).toBeNull();
  const renewed = await authorization.refresh({ ...call, auth });
  expect(webhooks?.appScopeOf?.(renewed, call)).toBe(`${baseUrl}/organizations/${linear.organizationId}`);
});

test("that the application was taken away is a hint about access", async () => {
  const { provider, linear } = createDirect();
  const body = JSON.stringify({ type: "OAuthApp", action: "revoked", organizationId: linear.organizationId });
  const delivery = { headers: new Headers({ "linear-delivery": "d-1" }), body: new TextEncoder().encode(body) };
  expect(provider.webhooks?.read(delivery)).toMatchObject({ name: "OAuthApp.revoked", access: "lost", hints: [] });
});
