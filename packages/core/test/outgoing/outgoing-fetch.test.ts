import { afterEach, describe, expect, test } from "vitest";
import { createOutgoingFetch, type OutgoingFetchOptions, type ResolveName } from "../../src/index.ts";
import { connectionProblem } from "../../src/outgoing/connection-problem.ts";
import { type RealServer, startExpiredServer, startProxy, startServer } from "../support/real-servers.ts";
import { testCertificates } from "../support/test-certificates.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function kept<One extends { close(): Promise<void> }>(one: One | Promise<One>): Promise<One> {
  const opened = await one;
  open.push(opened);
  return opened;
}

const toLoopback: ResolveName = async () => [{ address: "127.0.0.1", family: 4 }];
const own = { caCertificate: testCertificates.authority };
const fetchWith = (options: OutgoingFetchOptions) => kept(createOutgoingFetch(options));
const atName = (server: RealServer, path = "/") => `https://tracker.example.com:${server.port}${path}`;

const problemOf = async (sent: Promise<unknown>): Promise<string | null> =>
  connectionProblem(
    await sent.then(
      () => null,
      (error: unknown) => error,
    ),
  );

describe("where it connects to", () => {
  test("a name that resolves to a private address is refused before anything is opened", async () => {
    const server = await kept(startServer());
    const fetch = await fetchWith({ resolve: toLoopback });
    expect(await problemOf(fetch(`http://tracker.example.com:${server.port}/`))).toMatch(
      /has the address 127\.0\.0\.1 now.*allowPrivateAddresses/,
    );
    expect(server.connections()).toBe(0);
  });

  test("the address that was checked is the one connected to: a name is asked for once per connection", async () => {
    const server = await kept(startServer());
    const asked: string[] = [];
    const resolve: ResolveName = async (name) => {
      asked.push(name);
      return toLoopback(name);
    };
    const fetch = await fetchWith({ resolve, allowPrivateAddresses: true });
    const answer = await fetch(`http://tracker.example.com:${server.port}/`);
    expect(await answer.json()).toEqual({ ok: true });
    expect(asked).toEqual(["tracker.example.com"]);
  });

  test("private ones among several addresses are left out", async () => {
    const server = await kept(startServer());
    const resolve: ResolveName = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "192.0.2.1", family: 4 },
    ];
    const fetch = await fetchWith({ resolve, connectTimeoutMs: 200 });
    await expect(fetch(`http://tracker.example.com:${server.port}/`)).rejects.toThrow("fetch failed");
    expect(server.connections()).toBe(0);
  });

  test.each(["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "[::ffff:127.0.0.1]", "127.1"])(
    "http://%s is refused without a look-up",
    async (host) => {
      const server = await kept(startServer());
      const fetch = await fetchWith({ resolve: () => Promise.reject(new TypeError("nobody should ask")) });
      expect(await problemOf(fetch(`http://${host}:${server.port}/`))).toMatch(/belongs to a private network/);
      expect(server.connections()).toBe(0);
    },
  );

  test("a name that does not exist fails as it does everywhere", async () => {
    const missing = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    const fetch = await fetchWith({ resolve: () => Promise.reject(missing) });
    await expect(fetch("https://tracker.example.com/")).rejects.toMatchObject({ cause: { code: "ENOTFOUND" } });
  });
});

describe("certificates", () => {
  test("of an unknown authority are told in words, and accepted with the source's own", async () => {
    const server = await kept(startServer(undefined, true));
    const fetch = await fetchWith({ resolve: toLoopback, allowPrivateAddresses: true });
    expect(await problemOf(fetch(atName(server)))).toMatch(/authority that is not known here.*caCertificate/);
    expect((await fetch(atName(server), {}, own)).status).toBe(200);
    // What one source trusts is nothing to the next, not even over a connection that is open already.
    expect(await problemOf(fetch(atName(server), {}, { caCertificate: null }))).toMatch(/not known here/);
  });

  test("a server's own certificate is enough", async () => {
    const server = await kept(startServer(undefined, true));
    const fetch = await fetchWith({ resolve: toLoopback, allowPrivateAddresses: true });
    expect((await fetch(atName(server), {}, { caCertificate: testCertificates.server.cert })).status).toBe(200);
  });

  test("that have ended, or are for another name, are told in words", async () => {
    const expired = await kept(startExpiredServer());
    const server = await kept(startServer(undefined, true));
    const fetch = await fetchWith({ resolve: toLoopback, allowPrivateAddresses: true });
    expect(await problemOf(fetch(atName(expired), {}, own))).toMatch(/has expired/);
    expect(await problemOf(fetch(`https://other.example.com:${server.port}/`, {}, own))).toMatch(/another host name/);
  });

  test("a port without TLS is told in words", async () => {
    const server = await kept(startServer());
    const fetch = await fetchWith({ resolve: toLoopback, allowPrivateAddresses: true });
    expect(await problemOf(fetch(atName(server)))).toMatch(/does not speak TLS/);
  });
});

describe("through a proxy", () => {
  test("requests are tunnelled: it sees the host, and neither path nor headers", async () => {
    const server = await kept(startServer(undefined, true));
    const proxy = await kept(startProxy(server.port));
    const fetch = await fetchWith({ proxy: `http://max:p%40ss@127.0.0.1:${proxy.port}` });
    const headers = { authorization: "Bearer secret" };
    expect((await fetch("https://tracker.example.com/issues", { headers }, own)).status).toBe(200);
    expect(proxy.requests).toEqual(["CONNECT tracker.example.com:443"]);
    expect(proxy.headers[0]).toMatchObject({ "proxy-authorization": `Basic ${btoa("max:p@ss")}` });
    expect(JSON.stringify(proxy.headers)).not.toContain("secret");
    expect(server.requests).toEqual(["GET /issues"]);
    expect(JSON.stringify(server.headers)).not.toContain("proxy-authorization");
  });

  test("private hosts in a URL are refused there too", async () => {
    const server = await kept(startServer());
    const proxy = await kept(startProxy(server.port));
    const fetch = await fetchWith({ proxy: `http://127.0.0.1:${proxy.port}` });
    expect(await problemOf(fetch("http://169.254.169.254/latest/meta-data"))).toMatch(/private network/);
    expect(proxy.connections()).toBe(0);
  });

  test("its refusals are told in words", async () => {
    for (const [status, words] of [
      [407, /asks for a user name/],
      [403, /does not let the connection through \(403\)/],
    ] as const) {
      const proxy = await kept(startProxy(1, status));
      const fetch = await fetchWith({ proxy: `http://127.0.0.1:${proxy.port}` });
      expect(await problemOf(fetch("https://tracker.example.com/"))).toMatch(words);
    }
  });

  test("a function chooses per target", async () => {
    const server = await kept(startServer(undefined, true));
    const proxy = await kept(startProxy(server.port));
    const fetch = await fetchWith({
      proxy: ({ hostname }) => (hostname === "tracker.example.com" ? `http://127.0.0.1:${proxy.port}` : null),
      resolve: toLoopback,
    });
    expect((await fetch("https://tracker.example.com/", {}, own)).status).toBe(200);
    expect(await problemOf(fetch("https://a.tracker.example.com/", {}, own))).toMatch(/has the address 127/);
    expect(proxy.requests).toHaveLength(1);
  });

  test.each(["proxy.example.com:3128", "socks5://proxy.example.com", ""])("%j is no proxy", (proxy) => {
    expect(() => createOutgoingFetch({ proxy })).toThrow(TypeError);
  });
});

describe("otherwise it is fetch", () => {
  const echo = () =>
    startServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, headers } = request;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }));
      });
    });
  const send = async (input: string | Request, init?: RequestInit) => {
    const server = await kept(echo());
    const fetch = await fetchWith({ allowPrivateAddresses: true });
    const url = `http://127.0.0.1:${server.port}/`;
    const answer = await fetch(typeof input === "string" ? url : new Request(url, input), init);
    expect(answer).toBeInstanceOf(Response);
    expect(answer.url).toBe(url);
    return (await answer.json()) as { method: string; headers: Record<string, string>; body: string };
  };

  test("text, forms and whole requests arrive", async () => {
    expect(await send("", { method: "POST", body: "ü", headers: new Headers({ "x-a": "1" }) })).toMatchObject({
      method: "POST",
      headers: { "x-a": "1", "content-length": "2", "content-type": "text/plain;charset=UTF-8" },
      body: "ü",
    });
    const form = new FormData();
    form.set("file", new Blob(["content"]), "a.txt");
    const sent = await send("", { method: "POST", body: form });
    expect(sent.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent.body).toMatch(/filename="a\.txt"[\s\S]*content/);
    const whole = new Request("http://127.0.0.1/", { method: "PUT", body: "whole", headers: { "x-b": "2" } });
    expect(await send(whole)).toMatchObject({ method: "PUT", headers: { "x-b": "2" }, body: "whole" });
  });

  test("it can be aborted, and used again after it was closed", async () => {
    const server = await kept(startServer());
    const fetch = await fetchWith({ allowPrivateAddresses: true });
    const url = `http://127.0.0.1:${server.port}/`;
    await expect(fetch(url, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    await (await fetch(url)).text();
    await fetch.close();
    expect((await fetch(url)).status).toBe(200);
  });
});
