import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { afterEach, describe, expect, test } from "vitest";
import { createBackref, createOutgoingFetch, type OutgoingConnection } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { type RealServer, startServer } from "../support/real-servers.ts";
import { testCertificates } from "../support/test-certificates.ts";

const { authority } = testCertificates;
const secretKeys = [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }];
const open: RealServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function createWorld(startAt?: number) {
  const time = createVirtualTime(startAt);
  const fake = createFakeGitHub({ repositories: ["acme/web"], now: time.now });
  const connections: (OutgoingConnection | undefined)[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createGitHubProvider()],
    secretKeys,
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: (input, init, connection) => {
      connections.push(connection);
      return fake.fetch(input, init);
    },
  });
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const create = (caCertificate: string | null) =>
    owner.sources.create({
      name: "GitHub",
      provider: "github",
      auth: { type: "token", token: fake.token },
      caCertificate,
      targets: [{ projectId: "web", container: "acme/web" }],
    });
  return { time, backref, owner, create, connections };
}

describe("a source's CA certificate", () => {
  test("goes along with every request of that source", async () => {
    const { create, owner, connections } = createWorld();
    const source = await create(`# Our own\r\n${authority}`);
    expect(source.caCertificate).toEqual({
      pem: authority,
      subjects: ["CN=Example Root CA, O=Example"],
      expiresAt: Date.UTC(2126, 0, 1),
      warning: null,
    });
    expect((await owner.sources.test(source.id)).problems).toEqual([]);
    expect(new Set(connections.map((connection) => connection?.caCertificate))).toEqual(new Set([authority]));
    const without = await owner.sources.update(source.id, { caCertificate: null });
    expect(without.caCertificate).toBeNull();
    connections.length = 0;
    await owner.sources.test(source.id);
    expect(new Set(connections.map((connection) => connection?.caCertificate))).toEqual(new Set([null]));
  });

  test("is shown to those who may change the source, and to nobody else", async () => {
    const { create, backref } = createWorld();
    const { id } = await create(authority);
    const member = backref.as({ tenantId: "acme", userId: "max", projects: { web: "admin" } });
    expect((await member.sources.get(id)).caCertificate).toBeNull();
    expect((await member.sources.list()).items[0]?.caCertificate).toBeNull();
  });

  test("warns before it ends, where the source is shown and where it is tested", async () => {
    const { create, owner } = createWorld(Date.UTC(2125, 11, 23));
    const source = await create(authority);
    const words = /"CN=Example Root CA, O=Example" ends on 2126-01-01, in 9 days/;
    expect(source.caCertificate?.warning).toMatch(words);
    const report = await owner.sources.test(source.id);
    expect(report.ok).toBe(true);
    expect(report.problems.at(-1)).toMatch(words);
  });

  test.each([
    ["nothing", "", /caCertificate/],
    ["another text", "our certificate", /must be PEM/],
    ["half a certificate", "-----BEGIN CERTIFICATE-----\nMIIB", /breaks off/],
    ["no certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", /certificate 1 is no X\.509/],
    ["a private key beside it", `${authority}${testCertificates.server.key}`, /private key/],
    ["a whole collection", authority.repeat(21), /more than 20/],
    ["too long a text", "x".repeat(200_001), /caCertificate/],
  ])("%s is refused in words and changes nothing", async (_name, text, words) => {
    const { create, owner } = createWorld();
    const source = await create(authority);
    for (const error of [
      await errorOf(create(text)),
      await errorOf(owner.sources.update(source.id, { caCertificate: text })),
    ]) {
      expect(error).toMatchObject({ code: "invalid-input", issues: [{ path: ["caCertificate"] }] });
      expect(error.message).toMatch(words);
      expect(error.message).not.toContain(testCertificates.server.key.slice(40, 60));
    }
    expect((await owner.sources.list()).items).toEqual([source]);
  });

  test("makes a tracker trusted that was not, over a real connection", async () => {
    const server = await startServer((request, response) => {
      response.setHeader("content-type", "application/json");
      const person = { id: 1, login: "ada", type: "User" };
      const repository = { full_name: "acme/web", permissions: { push: true } };
      response.end(JSON.stringify(request.url?.endsWith("/user") ? person : repository));
    }, true);
    open.push(server);
    const backref = createBackref({
      storage: createMemoryStorage(),
      providers: [createGitHubProvider()],
      secretKeys,
      fetch: createOutgoingFetch({
        allowPrivateAddresses: true,
        resolve: async () => [{ address: "127.0.0.1", family: 4 }],
      }),
    });
    const { sources } = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
    const source = await sources.create({
      name: "GitHub",
      provider: "github",
      baseUrl: `https://tracker.example.com:${server.port}`,
      auth: { type: "token", token: "ghp_0123456789abcdef0123" },
    });
    const error = await errorOf(sources.test(source.id));
    expect(error.code).toBe("tracker-unavailable");
    expect(error.message).toMatch(/GitHub could not be reached.*not known here.*caCertificate/);
    await sources.update(source.id, { caCertificate: authority });
    expect(await sources.test(source.id)).toMatchObject({ account: { login: "ada" } });
    await backref.close();
  });
});
