import { createBackref, generateSecretKey, type Limits } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";
import { examples, isAboutIssues, signed } from "./webhook-examples.ts";

const aboutIssues = examples.filter(isAboutIssues);
const [first] = aboutIssues;
const payload = JSON.stringify(first?.payload);

/** An endpoint of core, and what it answers to a delivery. */
async function createEndpoint(limits: Partial<Limits> = {}) {
  const github = createFakeGitHub({ repositories: ["acme/web"] });
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    fetch: github.fetch,
    limits,
  });
  const { sources } = backref.as({ tenantId: "acme", userId: "u1", role: "owner" });
  const { id } = await sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const { endpoint, secret } = await sources.webhook(id);
  let count = 0;
  const deliver = (event: string, body: string | Uint8Array, options: Parameters<typeof signed>[2] = {}) => {
    count += 1;
    const delivery = signed(event, body, { secret, id: `delivery-${count}`, ...options });
    return { ...delivery, send: () => send(delivery.headers, delivery.body.slice()) };
  };
  const handle = (request: Request) => backref.webhooks.handle(request, { endpoint });
  const send = async (headers: Headers, body: string | Uint8Array<ArrayBuffer> | ReadableStream) => {
    const init = { method: "POST", headers, body, duplex: "half" } as const;
    const response = await handle(new Request("https://host.example/hooks", init));
    expect(response.headers.get("content-type")).toBe("application/json");
    return response.status;
  };
  return { deliver, handle, send, github };
}

describe("deliveries of GitHub at an endpoint", () => {
  test("every example is accepted once, and no request follows from it", async () => {
    const { deliver, github } = await createEndpoint();
    for (const { event, payload: example } of examples) {
      const delivery = deliver(event, JSON.stringify(example));
      expect(await delivery.send()).toBe(202);
      expect(await delivery.send()).toBe(200);
    }
    expect(github.requestCount()).toBe(0);
  });

  test("form data is accepted like JSON", async () => {
    const { deliver } = await createEndpoint();
    const body = new URLSearchParams({ payload }).toString();
    expect(await deliver(first?.event ?? "", body, { contentType: "application/x-www-form-urlencoded" }).send()).toBe(
      202,
    );
  });

  test("cut off, empty, or anything but GitHub's JSON it is 400", async () => {
    const { deliver } = await createEndpoint();
    const bytes = new TextEncoder().encode(payload);
    for (const length of [0, 1, 100, Math.floor(bytes.length / 2), bytes.length - 1]) {
      expect(await deliver("issues", bytes.slice(0, length)).send()).toBe(400);
    }
    for (const body of ["<html>", "12", "null", "[]", "{}"]) expect(await deliver("issues", body).send()).toBe(400);
  });

  test("with a body that was read before it is 400, and says so", async () => {
    const { deliver, handle } = await createEndpoint();
    const { headers, body } = deliver("issues", payload);
    const request = new Request("https://host.example/hooks", { method: "POST", headers, body: body.slice() });
    await request.text();
    const response = await handle(request);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("was read before");
  });

  test("not signed, signed with SHA-1 alone, or changed afterwards it is 401", async () => {
    const { deliver, send } = await createEndpoint();
    const { headers, body } = deliver("issues", payload);
    expect(await send(headers, `${payload} `)).toBe(401);
    headers.delete("x-hub-signature-256");
    expect(await send(headers, body.slice())).toBe(401);
    headers.delete("x-hub-signature");
    expect(await send(headers, body.slice())).toBe(401);
    expect(await deliver("issues", payload, { secret: "another" }).send()).toBe(401);
  });

  test("too large it is 413, whether its size is declared or comes to light", async () => {
    const { deliver, send } = await createEndpoint({ webhookBodyBytes: 1_000 });
    const large = deliver("issues", JSON.stringify({ ...first?.payload, padding: "x".repeat(2_000) }));
    expect(await large.send()).toBe(413);
    large.headers.set("content-length", String(large.body.length));
    expect(await send(large.headers, large.body.slice())).toBe(413);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(500)),
    });
    expect(await send(deliver("issues", "").headers, endless)).toBe(413);
  });
});
