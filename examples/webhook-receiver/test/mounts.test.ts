import { gzipSync } from "node:zlib";
import { type Backref, createBackref, generateSecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createFakeGitHub, type FakeGitHub } from "@backref/testing/github";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Delivery, forged, post, reformatted } from "../src/deliveries.ts";
import { createHost } from "../src/host.ts";
import { mounts, type RunningServer } from "../src/mounts/index.ts";

const actor = { tenantId: "acme", userId: "olga", role: "owner" } as const;

describe.each(mounts)("$name", (mount) => {
  let backref: Backref;
  let github: FakeGitHub;
  let server: RunningServer;
  let delivery: Delivery;
  let secret: string;
  beforeEach(async () => {
    github = createFakeGitHub({ repositories: ["acme/web"], webhooks: "manual" });
    backref = createBackref({
      storage: createMemoryStorage(),
      providers: [createGitHubProvider()],
      secretKeys: [{ id: "test", key: generateSecretKey() }],
      fetch: github.fetch,
    });
    const { sources } = backref.as(actor);
    const source = await sources.create({
      name: "GitHub",
      provider: "github",
      auth: { type: "token", token: github.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    });
    server = await mount.start(createHost(backref, actor));
    const webhook = await sources.webhook(source.id);
    secret = webhook.secret;
    await sources.registerWebhooks(source.id, { url: `${server.url}/hooks/${webhook.endpoint}` });
    while (github.webhooks.pending.length > 0) github.webhooks.drop();
    github.as("lena").createIssue("acme/web", { title: "Straße, naïve: 😀" });
    delivery = github.webhooks.drop();
  });
  afterEach(async () => {
    await server.close();
    await backref.close();
  });

  test("takes a genuine delivery, and its double without doing it again", async () => {
    expect([await post(delivery), await post(delivery)]).toEqual([202, 200]);
  });

  test("hands on the bytes as they came", async () => {
    expect(await post(reformatted(delivery, secret))).toBe(202);
  });

  test("refuses a wrong signature, and an endpoint that nobody has, alike", async () => {
    const elsewhere = { ...delivery, url: `${server.url}/hooks/nobody` };
    expect([await post(forged(delivery)), await post(elsewhere)]).toEqual([401, 401]);
  });

  test("unpacks nothing", async () => {
    const body = gzipSync(delivery.body);
    const headers = { ...delivery.headers, "content-encoding": "gzip" };
    const { status } = await fetch(delivery.url, { method: "POST", headers, body });
    expect(status).toBe(415);
  });

  test("refuses a delivery without a body, and goes on", async () => {
    expect(await post({ ...delivery, body: "" })).toBe(401);
    expect(await post(delivery)).toBe(202);
  });

  test("refuses what is too large, and goes on", async () => {
    const { status } = await fetch(delivery.url, {
      method: "POST",
      headers: delivery.headers,
      body: new Uint8Array(5_000_001),
    });
    expect(status).toBe(413);
    expect(await post(delivery)).toBe(202);
  });

  test("parses JSON on its other routes as ever", async () => {
    const send = async (draft: unknown) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${server.url}/defects`, { method: "POST", headers, body: JSON.stringify(draft) });
      return { status: response.status, body: await response.json() };
    };
    expect(await send({ projectId: "web", title: "Total is wrong" })).toMatchObject({
      status: 201,
      body: { status: "synced", issue: "acme/web#2" },
    });
    expect(await send({ title: 7 })).toMatchObject({ status: 400, body: { code: "invalid-input" } });
  });
});
