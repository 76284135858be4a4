import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { provider, settle } from "../support/github-world.ts";
import { createHookedWorld, type HookedWorld } from "../support/hooked-world.ts";

const answerOf = async (response: Response) => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
});

/** Bytes that come one by one, until somebody is tired of them. */
function endless(byte: () => Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await byte();
      controller.enqueue(new Uint8Array([123]));
    },
  });
}

describe("a stranger", () => {
  test("is told the same by an endpoint that exists and by one that does not", async () => {
    const world = await createHookedWorld();
    const deleted = await world.app.sources.create({
      name: "Gone",
      provider: "github",
      auth: { type: "token", token: world.github.token },
    });
    const { endpoint: former } = await world.app.sources.webhook(deleted.id);
    await world.app.sources.delete(deleted.id);
    const neverAsked = await world.app.sources.create({
      name: "Without a secret",
      provider: "github",
      auth: { type: "token", token: world.github.token },
    });
    const [row] = await world.storage.find(
      { tenantId: "acme" },
      { table: "source", by: "id", keys: [[neverAsked.id]] },
    );
    const forged = world.signed("{}", {}, "not the secret");
    const unsigned = { body: "{}", headers: { "content-type": "application/json" } };
    const large = { ...forged, body: "x".repeat(5_000_001) };
    for (const sent of [forged, unsigned, large]) {
      const known = await answerOf(await world.send(sent));
      for (const endpoint of ["nobody", "", "../x", "x".repeat(300), former, row?.endpoint ?? ""]) {
        expect(await answerOf(await world.send(sent, { endpoint }))).toEqual(known);
      }
    }
    expect(world.errors).toEqual([]);
  });

  test("is told the same by an app that is configured and by one that is not", async () => {
    const world = await createHookedWorld({ appSecrets: ["a secret of the app's webhook"] });
    const forged = world.signed("{}", {}, "not the secret");
    const answers = [];
    for (const provider of ["github", "jira", "__proto__", "constructor"]) {
      const { headers, body } = forged;
      const request = new Request("https://host.example.com/hook", { method: "POST", headers, body: body as string });
      answers.push(await answerOf(await world.backref.webhooks.handle(request, { provider })));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401 });
  });

  test("cannot crowd out a source by holding requests open", async () => {
    const world = await createHookedWorld({ limits: { webhooksAtOnce: 2 } });
    const delivery = world.edited("Theirs");
    for (const endpoint of ["nobody", "no-one"]) {
      void world.send({ ...world.signed("{}"), body: endless(() => new Promise(() => {})) }, { endpoint });
    }
    const third = await world.send(world.signed("{}"), { endpoint: "somebody" });
    expect(third.status).toBe(503);
    expect(third.headers.get("retry-after")).toBe("1");
    expect((await world.send(delivery)).status).toBe(202);
  });
});

describe("before a body is read", () => {
  test.each<[number, string, RequestInit & { readonly headers?: Record<string, string> }]>([
    [405, "another method", { method: "GET" }],
    [405, "PUT", { method: "PUT", body: "{}" }],
    [415, "a page", { method: "POST", body: "{}", headers: { "content-type": "text/html" } }],
    [415, "a file", { method: "POST", body: "{}", headers: { "content-type": "multipart/form-data; boundary=x" } }],
    [415, "gzip", { method: "POST", body: gzipSync("{}"), headers: { "content-encoding": "gzip" } }],
    [415, "several codings", { method: "POST", body: "{}", headers: { "content-encoding": "identity, br" } }],
    [400, "two lengths", { method: "POST", body: "{}", headers: { "content-length": "2, 3" } }],
    [413, "a length too large", { method: "POST", body: "{}", headers: { "content-length": "99999999999999999999" } }],
  ])("%i for %s", async (status, _, { headers = {}, ...init }) => {
    const world = await createHookedWorld();
    const request = new Request("https://host.example.com/hook", {
      ...init,
      headers: { "content-type": "application/json", ...headers },
    });
    const response = await world.backref.webhooks.handle(request, { endpoint: world.endpoint });
    expect(response.status).toBe(status);
    expect(request.bodyUsed).toBe(false);
    expect(response.headers.get("allow")).toBe(status === 405 ? "POST" : null);
  });

  test.each(["application/json; charset=utf-8", "application/vnd.tracker+json", "APPLICATION/JSON"])(
    "%s is JSON",
    async (type) => {
      const world = await createHookedWorld();
      const { headers, body } = world.edited("Theirs");
      const response = await world.send({ headers: { ...headers, "content-type": type }, body });
      expect(response.status).toBe(202);
    },
  );
});

describe("a body", () => {
  test("that does not end in time is 408, whatever else it would be, and is read no further", async () => {
    const world = await createHookedWorld({ limits: { webhookBodyMs: 5_000 } });
    let pulls = 0;
    const body = endless(async () => {
      pulls += 1;
      await world.time.scheduler.sleep(1_000);
    });
    const answering = world.send({ ...world.signed("{}"), body });
    for (let second = 0; second < 6; second += 1) await world.time.advance(1_000);
    expect((await answering).status).toBe(408);
    const read = pulls;
    await world.time.advance(60_000);
    expect(pulls).toBeLessThanOrEqual(read + 1);
  });

  test("that breaks off is 400", async () => {
    const world = await createHookedWorld();
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("reset")) });
    expect((await world.send({ ...world.signed("{}"), body })).status).toBe(400);
    expect(world.errors).toEqual([]);
  });
});

describe("a flood of genuine deliveries", () => {
  async function flood(world: HookedWorld, count: number) {
    const statuses: number[] = [];
    for (let number = 0; number < count; number += 1) {
      const sent = world.signed('{"zen":"x"}', { "x-github-event": "ping", "x-github-delivery": `flood-${number}` });
      statuses.push((await world.send(sent)).status);
    }
    return statuses;
  }

  test("is answered 429 beyond the limit, and taken again a moment later", async () => {
    const world = await createHookedWorld({ limits: { webhooksPerMinute: 10 } });
    await world.time.advance(60_000);
    const statuses = await flood(world, 14);
    expect(statuses).toEqual([...Array(10).fill(202), ...Array(4).fill(429)]);
    const refused = await world.send(world.signed("{}", { "x-github-event": "ping", "x-github-delivery": "last" }));
    expect(refused.headers.get("retry-after")).toBe("6");
    await world.time.advance(6_000);
    expect(
      (await world.send(world.signed("{}", { "x-github-event": "ping", "x-github-delivery": "last" }))).status,
    ).toBe(202);
  });

  test("leaves no more rows than a source may have, the newest", async () => {
    const world = await createHookedWorld({ limits: { deliveriesPerSource: 5 } });
    await flood(world, 12);
    await world.time.advance(3_600_000);
    await settle(world);
    const ids = Array.from({ length: 12 }, (_, number) => `flood-${number}`);
    expect(await world.stored(...ids)).toEqual(ids.slice(7));
  });
});

test("a delivery whose provider fails over it is refused, logged and forgotten", async () => {
  for (const name of ["verify", "read"] as const) {
    const fail = () => {
      throw new RangeError("of the provider's own");
    };
    const webhooks = { ...provider.webhooks, [name]: fail } as NonNullable<typeof provider.webhooks>;
    const world = await createHookedWorld({ provider: { ...provider, webhooks } });
    const response = await world.send(world.signed("{}", { "x-github-delivery": "odd" }));
    expect(response.status).toBe(name === "verify" ? 401 : 400);
    expect(await response.text()).not.toContain("provider's own");
    expect(world.errors.join()).toContain(`A provider failed to ${name} a delivery`);
    expect(await world.stored("odd")).toEqual([]);
  }
});

test("misuse is a TypeError", async () => {
  const { handle } = (await createHookedWorld()).backref.webhooks as unknown as {
    handle(...given: unknown[]): Promise<Response>;
  };
  const request = new Request("https://host.example.com", { method: "POST", body: "{}" });
  for (const given of [
    [],
    [null, { endpoint: "x" }],
    [{}, { endpoint: "x" }],
    [request],
    [request, {}],
    [request, null],
  ])
    await expect(handle(...given)).rejects.toThrow(TypeError);
});
