import type { FetchFunction, Scheduler } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { createTransport, TransportFailure, type TransportOptions } from "../src/index.ts";

/** A scheduler whose sleeps end when told to. */
function createManualScheduler(): Scheduler & { wakeAll(): void; pending(): number } {
  const sleepers = new Set<() => void>();
  return {
    sleep: (_durationMs, signal) =>
      new Promise((resolve, reject) => {
        sleepers.add(resolve);
        signal?.addEventListener("abort", () => {
          sleepers.delete(resolve);
          reject(signal.reason);
        });
      }),
    wakeAll: () => {
      for (const wake of sleepers) wake();
    },
    pending: () => sleepers.size,
  };
}

function setUp(fetch: FetchFunction, options?: TransportOptions) {
  const scheduler = createManualScheduler();
  const abort = new AbortController();
  const call = { fetch, scheduler, signal: abort.signal, logger: { log: () => {} } };
  return { scheduler, abort, send: createTransport(call, options) };
}

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), {
    ...init,
    headers: { "content-type": "application/json; charset=utf-8", ...init.headers },
  });

const failing = async (promise: Promise<unknown>): Promise<TransportFailure> => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TransportFailure);
  return error as TransportFailure;
};

describe("createTransport", () => {
  test("hands the answer over and leaves no sleep behind", async () => {
    const { send, scheduler } = setUp(async () => json({ id: 1 }, { status: 201 }));
    const response = await send("https://api.example/issues", { method: "POST" });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: 1 });
    expect(response.url).toBe("https://api.example/issues");
    expect(scheduler.pending()).toBe(0);
  });

  test("asks for redirects to be left alone", async () => {
    let given: RequestInit | undefined;
    const { send } = setUp(async (_input, init) => {
      given = init;
      return json({});
    });
    await send("https://api.example/");
    expect(given?.redirect).toBe("manual");
  });

  test("gives up after the timeout, also with a fetch that ignores its signal", async () => {
    let signal: AbortSignal | null | undefined;
    const { send, scheduler } = setUp(
      (_input, init) => {
        signal = init?.signal;
        return new Promise(() => {});
      },
      { timeoutMs: 10 },
    );
    const sent = failing(send("https://api.example/"));
    scheduler.wakeAll();
    expect((await sent).kind).toBe("timeout");
    expect(signal?.aborted).toBe(true);
  });

  test("the timeout covers the body", async () => {
    const endless = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    const { send, scheduler } = setUp(async () => new Response(endless));
    const sent = failing(send("https://api.example/"));
    await new Promise((resolve) => setImmediate(resolve));
    scheduler.wakeAll();
    expect((await sent).kind).toBe("timeout");
  });

  test("sends nothing once the caller has given up", async () => {
    let count = 0;
    const { send, abort } = setUp(async () => {
      count += 1;
      return json({});
    });
    abort.abort();
    expect((await failing(send("https://api.example/"))).kind).toBe("not-sent");
    expect(count).toBe(0);
  });

  test("rejects with the caller's reason when it gives up on the way", async () => {
    const { send, abort } = setUp(() => new Promise(() => {}));
    const sent = send("https://api.example/");
    abort.abort(new Error("lease lost"));
    await expect(sent).rejects.toThrow("lease lost");
  });

  test("counts the answer instead of believing Content-Length", async () => {
    const { send } = setUp(async () => json({ text: "x".repeat(200) }, { headers: { "content-length": "2" } }), {
      maxAnswerBytes: 100,
    });
    expect((await failing(send("https://api.example/"))).kind).toBe("too-large");
  });

  test("refuses a sign-in page in place of JSON, and lets error pages through", async () => {
    const page = (status: number) => new Response("<html>", { status, headers: { "content-type": "text/html" } });
    const refused = await failing(setUp(async () => page(200)).send("https://api.example/"));
    expect(refused).toMatchObject({ kind: "not-json", status: 200 });
    expect((await setUp(async () => page(502)).send("https://api.example/")).status).toBe(502);
  });

  test.each([204, 304])("copes with %i, which has no body", async (status) => {
    const { send } = setUp(async () => new Response(null, { status, headers: { etag: '"1"' } }));
    const response = await send("https://api.example/");
    expect(response.status).toBe(status);
    expect(response.headers.get("etag")).toBe('"1"');
  });
});

describe("redirects", () => {
  const redirecting = (status: number, location: string, options: TransportOptions = {}) => {
    const requests: { url: string; method: string; authorization: string | null; body: unknown }[] = [];
    const fetch: FetchFunction = async (input, init) => {
      const headers = new Headers(init?.headers);
      requests.push({
        url: String(input),
        method: init?.method ?? "GET",
        authorization: headers.get("authorization"),
        body: init?.body ?? null,
      });
      return requests.length === 1 || input instanceof Request
        ? new Response(null, { status, headers: { location } })
        : json({ moved: true });
    };
    return { ...setUp(fetch, options), requests };
  };
  const headers = { authorization: "Bearer secret" };

  test.each([301, 302, 307, 308])("a read follows %i within the origin and says so", async (status) => {
    const { send, requests } = redirecting(status, "/other?page=2");
    const response = await send("https://api.example/one", { headers });
    expect(response).toMatchObject({ redirected: true, url: "https://api.example/other?page=2" });
    expect(requests[1]?.authorization).toBe("Bearer secret");
  });

  test.each(["https://evil.example/", "http://api.example/one", "https://api.example:8443/"])(
    "the credential does not go to another origin: %s",
    async (location) => {
      const { send, requests } = redirecting(301, location);
      const failure = await failing(send("https://api.example/one", { headers }));
      expect(failure).toMatchObject({ kind: "redirect", status: 301 });
      expect(requests).toHaveLength(1);
    },
  );

  test.each(["POST", "PATCH", "DELETE"])("%s is never sent twice", async (method) => {
    const { send, requests } = redirecting(307, "/other");
    const failure = await failing(send("https://api.example/one", { method, headers }));
    expect(failure).toMatchObject({ kind: "redirect", location: "https://api.example/other" });
    expect(requests).toHaveLength(1);
  });

  describe("with followWrites", () => {
    const write = { method: "POST", headers, body: '{"title":"x"}' };

    test.each([307, 308])("a write follows %i within the origin, as it was", async (status) => {
      const { send, requests } = redirecting(status, "/other", { followWrites: true });
      const response = await send("https://api.example/one", write);
      expect(response).toMatchObject({ redirected: true, url: "https://api.example/other" });
      expect(requests[1]).toEqual({ ...requests[0], url: "https://api.example/other" });
      expect(requests[1]).toMatchObject({ method: "POST", authorization: "Bearer secret", body: write.body });
    });

    test.each([
      [301, "/other"],
      [302, "/other"],
      [303, "/other"],
      [307, "https://evil.example/"],
    ])("%i to %s is a failure", async (status, location) => {
      const { send, requests } = redirecting(status, location, { followWrites: true });
      expect(await failing(send("https://api.example/one", write))).toMatchObject({ kind: "redirect", status });
      expect(requests).toHaveLength(1);
    });

    test("what cannot be sent again is not", async () => {
      const { send, requests } = redirecting(307, "/other", { followWrites: true });
      const body = new Blob(["x"]).stream();
      const stream = { ...write, body, duplex: "half" } as RequestInit;
      expect((await failing(send("https://api.example/one", stream))).kind).toBe("redirect");
      expect((await failing(send(new Request("https://api.example/one", write)))).kind).toBe("redirect");
      expect(requests).toHaveLength(2);
    });
  });

  test("a circle ends", async () => {
    const { send } = setUp(async () => new Response(null, { status: 302, headers: { location: "/again" } }));
    expect((await failing(send("https://api.example/"))).kind).toBe("redirect");
  });

  test("a location's query, which may hold a secret, is not told", async () => {
    const { send } = redirecting(302, "https://login.example/start?code=secret");
    const failure = await failing(send("https://api.example/one"));
    expect(failure.message).toContain("https://login.example/start");
    expect(failure.message).not.toContain("secret");
  });
});
