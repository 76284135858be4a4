import { createServer } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createFaultProxy, type FaultChances, type FaultProxy, type ProxyFault } from "../../src/index.ts";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly host: string;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that remembers what it is asked, and a proxy before it. */
async function setUp(chances: FaultChances, { seed = 1, longestWaitMs = 150 } = {}) {
  const seen: Seen[] = [];
  const server = createServer((message, reply) => {
    let body = "";
    message.on("data", (chunk) => {
      body += String(chunk);
    });
    message.on("end", () => {
      const { method = "", url: path = "", headers } = message;
      seen.push({ method, path, body, host: headers.host ?? "" });
      if (path === "/nothing") reply.writeHead(204).end();
      else reply.writeHead(201, { "content-type": "text/plain", "x-own": "kept" }).end(`You said ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const proxy = await createFaultProxy({ target: `http://127.0.0.1:${port}`, seed, chances, longestWaitMs });
  closing.push(() => proxy.close());
  return { proxy, seen };
}

const say = (proxy: FaultProxy, text: string, path = "/a?b=1") =>
  fetch(`${proxy.url}${path}`, { method: "POST", body: text });

/** The system's code behind a failed `fetch`. */
async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
}

test("without chances everything goes through as it is", async () => {
  const { proxy, seen } = await setUp({});
  const response = await say(proxy, "hello");
  expect([response.status, response.headers.get("x-own"), await response.text()]).toEqual([
    201,
    "kept",
    "You said hello",
  ]);
  expect((await fetch(`${proxy.url}/nothing`)).status).toBe(204);
  const host = new URL(proxy.url).host;
  expect(seen).toEqual([
    { method: "POST", path: "/a?b=1", body: "hello", host },
    { method: "GET", path: "/nothing", body: "", host },
  ]);
  expect(proxy.met).toEqual([]);
});

describe("a request meets", () => {
  test.each(["reset-before", "refuse"] as const)("%s: a reset, and nothing was passed on", async (fault) => {
    const { proxy, seen } = await setUp({ [fault]: 1 });
    expect(await codeOf(say(proxy, "hello"))).toBe("ECONNRESET");
    expect(seen).toEqual([]);
    expect(proxy.met).toEqual([{ fault, method: "POST", path: "/a?b=1" }]);
  });

  test("refuse: whoever comes next is refused, until the port is open again", async () => {
    const { proxy } = await setUp({ refuse: 1 }, { longestWaitMs: 1_000 });
    await codeOf(say(proxy, "first"));
    proxy.setChances({});
    expect(await codeOf(say(proxy, "second"))).toBe("ECONNREFUSED");
    await proxy.settle();
    expect((await say(proxy, "third")).status).toBe(201);
  });

  test("reset-after: a reset, though the work was done", async () => {
    const { proxy, seen } = await setUp({ "reset-after": 1 });
    expect(await codeOf(say(proxy, "hello"))).toBe("ECONNRESET");
    expect(seen).toMatchObject([{ body: "hello" }]);
  });

  test("bad-gateway: a page, though the work was done", async () => {
    const { proxy, seen } = await setUp({ "bad-gateway": 1 });
    const response = await say(proxy, "hello");
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(seen).toHaveLength(1);
  });

  test("truncate: half of the answer", async () => {
    const { proxy, seen } = await setUp({ truncate: 1 });
    const response = await say(proxy, "hello");
    expect(response.headers.get("content-length")).toBe(String("You said hello".length));
    await expect(response.text()).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  test("delay: an answer that whoever gives up does not get", async () => {
    const { proxy, seen } = await setUp({ delay: 1 }, { longestWaitMs: 1_000 });
    const giving = new AbortController();
    const asking = fetch(proxy.url, { signal: giving.signal });
    await vi.waitFor(() => expect(seen).toMatchObject([{ method: "GET" }]), { interval: 5 });
    giving.abort();
    await expect(asking).rejects.toThrow();
    expect((await say(proxy, "hello")).status).toBe(201);
  });

  test("late: a reset first, and the request after it", async () => {
    const { proxy, seen } = await setUp({ late: 1 });
    expect(await codeOf(say(proxy, "hello"))).toBe("ECONNRESET");
    expect(seen).toEqual([]);
    await proxy.settle();
    expect(seen).toMatchObject([{ method: "POST", body: "hello" }]);
  });
});

test("a target that does not answer ends the connection", async () => {
  const proxy = await createFaultProxy({ target: "http://127.0.0.1:1" });
  closing.push(() => proxy.close());
  expect(await codeOf(say(proxy, "hello"))).toBe("UND_ERR_SOCKET");
});

test("the seed decides which requests meet what", async () => {
  const faultsOf = async (seed: number): Promise<readonly ProxyFault[]> => {
    const { proxy } = await setUp({ "reset-before": 0.2, "bad-gateway": 0.2, truncate: 0.2 }, { seed });
    for (let count = 0; count < 20; count += 1)
      await say(proxy, "x")
        .then((response) => response.text())
        .catch(() => {});
    return proxy.met.map(({ fault }) => fault);
  };
  const first = await faultsOf(5);
  expect(first.length).toBeGreaterThan(5);
  expect(await faultsOf(5)).toEqual(first);
  expect(await faultsOf(6)).not.toEqual(first);
});

test("chances that are none are refused", async () => {
  const { proxy } = await setUp({});
  expect(() => proxy.setChances({ late: -0.1 })).toThrow(TypeError);
  expect(() => proxy.setChances({ late: Number.NaN })).toThrow(TypeError);
  expect(() => proxy.setChances({ late: 0.6, delay: 0.6 })).toThrow(/at most 1/);
});
