import { once } from "node:events";
import { createGzip, gzipSync } from "node:zlib";
import { createUrlTemplateProvider } from "@backref/provider-url-template";
import { createMemoryStorage } from "@backref/storage-memory";
import { expect, test } from "vitest";
import { createBackref, createOutgoingFetch } from "../../src/index.ts";
import { type AttackStage, createAttackStage } from "../support/attack-stage.ts";
import { errorOf } from "../support/error-of.ts";

interface Attack {
  readonly name: string;
  /** @default a host whose tracker is on a private address */
  readonly stage?: () => Promise<AttackStage>;
  run(stage: AttackStage): Promise<void>;
}

const strict = () => createAttackStage({});
const refusedUrls = (name: string, urls: (port: number) => readonly string[]): Attack => ({
  name,
  stage: strict,
  async run({ create, app, forbidden }) {
    const good = await create("https://tracker.example.com");
    for (const url of urls(forbidden.port)) {
      const refusals = [await errorOf(create(url)), await errorOf(app.sources.update(good.id, { baseUrl: url }))];
      expect([url, ...refusals.map(({ code }) => code)]).toEqual([url, "invalid-input", "invalid-input"]);
    }
    expect((await app.sources.get(good.id)).baseUrl).toBe("https://tracker.example.com/api/v3");
  },
});

/** A host that believes a name service in the attacker's hands. */
const rebound = (addresses: readonly string[]) => {
  let count = 0;
  const resolve = async () => {
    const address = addresses[Math.min(count, addresses.length - 1)] ?? "";
    count += 1;
    return [{ address, family: address.includes(":") ? 6 : 4 }];
  };
  return () => createAttackStage({ fetch: createOutgoingFetch({ resolve, connectTimeoutMs: 200 }) });
};

const redirecting = (status: number, method: string): Attack => ({
  name: `a redirect (${status}) of a ${method} to another origin, with the token`,
  async run({ connect, answerWith, app, forbidden, tracker }) {
    const source = await connect();
    answerWith((request, response) => {
      if (request.method !== method) return false;
      response.writeHead(status, { location: `http://127.0.0.1:${forbidden.port}${request.url}` }).end();
      return true;
    });
    if (method === "GET") {
      const report = await app.sources.test(source.id).catch((error: Error) => ({ problems: [error.message] }));
      expect(report.problems[0]).toMatch(/points to http/);
    } else {
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
      const link = await app.defects.push(defect.id);
      expect(link.status).not.toBe("synced");
    }
    expect(tracker.requests.some((line) => line.startsWith(method))).toBe(true);
  },
});

/** What a test of the connection ends with, in words. */
async function failing({ connect, answerWith, app }: AttackStage, ambush: Parameters<typeof answerWith>[0]) {
  const source = await connect();
  answerWith(ambush);
  const report = await app.sources.test(source.id).catch((error: Error) => ({ ok: false, problems: [error.message] }));
  expect(report.ok).toBe(false);
  return report.problems[0];
}

const attacks: readonly Attack[] = [
  refusedUrls("the metadata address of a cloud", () => [
    "http://169.254.169.254",
    "https://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]",
    "https://metadata.google.internal",
    "http://[::ffff:169.254.169.254]",
    "http://2852039166",
  ]),
  refusedUrls("loopback as a decimal, hexadecimal, octal or short number", (port) =>
    ["2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0", "127.0.0.1."].map(
      (host) => `http://${host}:${port}`,
    ),
  ),
  refusedUrls("loopback in other letters", (port) =>
    [
      "①②⑦.0.0.1",
      "127。0。0。1",
      "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
      "%6c%6f%63%61%6c%68%6f%73%74",
      "LOCALHOST",
      "localhost.",
      "a.localhost",
    ].map((host) => `http://${host}:${port}`),
  ),
  refusedUrls("loopback as IPv6", (port) =>
    [
      "[::1]",
      "[::]",
      "[0:0:0:0:0:0:0:1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "[::127.0.0.1]",
      "[64:ff9b::7f00:1]",
    ]
      .concat(["[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]"])
      .map((host) => `http://${host}:${port}`),
  ),
  refusedUrls("a user name in the URL that looks like the host", (port) => [
    `https://tracker.example.com@127.0.0.1:${port}`,
    `https://tracker.example.com:443@127.0.0.1:${port}`,
    `https://tracker.example.com%2f@127.0.0.1:${port}`,
    `https://tracker.example.com\\@127.0.0.1:${port}`,
    "https://user:password@tracker.example.com",
  ]),
  {
    name: "DNS rebinding: the name turns private after it was saved",
    stage: rebound(["127.0.0.1"]),
    async run({ create, app, forbidden }) {
      const source = await create(`https://tracker.example.com:${forbidden.port}`);
      const error = await errorOf(app.sources.test(source.id));
      expect(error).toMatchObject({ code: "tracker-unavailable" });
      expect(error.message).toMatch(/127\.0\.0\.1 now, which belongs to a private network.*allowPrivateAddresses/);
    },
  },
  {
    name: "DNS rebinding between the check and the connection",
    stage: rebound(["192.0.2.1", "127.0.0.1"]),
    async run({ create, app, forbidden }) {
      const source = await create(`https://tracker.example.com:${forbidden.port}`);
      expect((await errorOf(app.sources.test(source.id))).code).toBe("tracker-unavailable");
    },
  },
  ...[301, 302, 307, 308].flatMap((status) => [redirecting(status, "GET"), redirecting(status, "POST")]),
  {
    name: "a next page at another origin",
    async run({ connect, answerWith, app, forbidden, tracker }) {
      await app.sources.test((await connect()).id);
      answerWith((request, response) => {
        // Whether the issue was made is to be found out, on as many pages as there are.
        if (request.method === "POST") request.socket.destroy();
        else response.setHeader("link", `<http://127.0.0.1:${forbidden.port}/more>; rel="next"`);
        return request.method === "POST";
      });
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
      await app.defects.push(defect.id);
      // It is asked for at the origin that the source names.
      expect(tracker.requests.slice(0, 50)).toContain("GET /more");
    },
  },
  {
    name: "redirects in a circle",
    async run(stage) {
      const words = await failing(stage, (request, response) => {
        response.writeHead(302, { location: `${request.url}x` }).end();
        return true;
      });
      expect(words).toMatch(/points to/);
      expect(stage.tracker.requests.length).toBeLessThan(20);
    },
  },
  {
    name: "a gzip bomb",
    async run(stage) {
      const zeros = Buffer.alloc(1_000_000);
      const packed = gzipSync(Buffer.concat(Array.from({ length: 300 }, () => zeros)));
      expect(packed.byteLength).toBeLessThan(400_000);
      const before = process.memoryUsage().rss;
      const words = await failing(stage, (_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(packed);
        return true;
      });
      expect(words).toMatch(/longer than 2000000 bytes/);
      expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    },
  },
  {
    name: "an answer of 100 MB",
    async run(stage) {
      let sentBytes = 0;
      const piece = Buffer.alloc(100_000, 32);
      const words = await failing(stage, (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const send = async () => {
          for (; sentBytes < 100_000_000 && !response.destroyed; sentBytes += piece.byteLength) {
            if (!response.write(piece)) await Promise.race([once(response, "drain"), once(response, "close")]);
          }
          response.end();
        };
        response.setMaxListeners(0);
        send().catch(() => {});
        return true;
      });
      expect(words).toMatch(/longer than 2000000 bytes/);
      expect(sentBytes).toBeLessThan(50_000_000);
    },
  },
  {
    name: "an answer that never begins",
    async run(stage) {
      const start = performance.now();
      expect(await failing(stage, () => true)).toMatch(/did not answer within 1500 ms/);
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  },
  {
    name: "an answer that drips, packed or not",
    async run(stage) {
      for (const encoding of ["identity", "gzip"]) {
        const start = performance.now();
        const words = await failing(stage, (_request, response) => {
          response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding });
          const gzip = createGzip();
          gzip.pipe(response);
          const out = encoding === "gzip" ? gzip : response;
          const timer = setInterval(() => out.write(" "), 20);
          response.on("close", () => clearInterval(timer));
          return true;
        });
        expect(words).toMatch(/did not answer within 1500 ms/);
        expect(performance.now() - start).toBeLessThan(10_000);
      }
    },
  },
  {
    name: "a header that a title brings along",
    async run({ connect, app, tracker, fake }) {
      await connect();
      const title = "Total\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\nHost: evil";
      const defect = await app.defects.create({ projectId: "web", title, description: title });
      const link = await app.defects.push(defect.id);
      expect(link.status).toBe("synced");
      expect(tracker.headers.some((headers) => "x-evil" in headers)).toBe(false);
      expect(tracker.requests.some((line) => line.includes("evil"))).toBe(false);
      expect(fake.issue("acme/web", 1)?.title).toContain("X-Evil");
    },
  },
  {
    name: "a sign-in page in the tracker's place",
    async run(stage) {
      const words = await failing(stage, (_request, response) => {
        response.setHeader("content-type", "text/html").end("<form><input type=password></form>");
        return true;
      });
      expect(words).toMatch(/sign-in page/);
    },
  },
];

test.each(attacks)("$name", async ({ stage: createStage = createAttackStage, run }) => {
  const stage = await createStage();
  try {
    await run(stage);
    expect(stage.forbidden.requests).toEqual([]);
    expect(stage.forbidden.connections()).toBe(0);
    expect(stage.logged.join("\n")).not.toContain(stage.fake.token);
  } finally {
    await stage.close();
  }
});

test("a key pattern that takes for ever elsewhere", async () => {
  const backref = createBackref({ storage: createMemoryStorage(), providers: [createUrlTemplateProvider()] });
  const app = backref.as({ tenantId: "acme", userId: "mallory", role: "owner" });
  const patterns = ["(a+)+$", "(a|a)*b", "(a|aa)+!", "(.*a){20}", "([a-z]+)*=", "(?:a?){100}a{100}", "(?<item>(a*)*b)"];
  const start = performance.now();
  for (const [index, keyPattern] of patterns.entries()) {
    const made = app.sources.create({
      name: `Tracker ${index}`,
      provider: "url-template",
      baseUrl: "https://tracker.example.com",
      options: { issueUrlTemplate: "/issues/{item}", keyPattern },
    });
    // Some are refused as too large, which is as good.
    await made.catch((error: { code?: string }) => expect(error.code).toBe("invalid-input"));
    const object = { type: "test-case", id: "TC-7", projectId: "web" };
    const adding = app.references.add({ object, issue: `${"a".repeat(3_000)}!`, relation: "relates-to" });
    await adding.catch((error: { code?: string }) => expect(typeof error.code).toBe("string"));
  }
  expect(performance.now() - start).toBeLessThan(10_000);
});
