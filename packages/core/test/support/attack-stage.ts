import type { RequestListener } from "node:http";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createFakeGitHub } from "@backref/testing/github";
import { type BackrefOptions, createBackref } from "../../src/index.ts";
import { type RealServer, startServer } from "./real-servers.ts";

/** Answers a request in the tracker's place; false leaves it to the tracker. */
type Ambush = (...request: Parameters<RequestListener>) => boolean;

const owner = { tenantId: "acme", userId: "mallory", role: "owner" } as const;
const requestTimeoutMs = 1_500;

/**
 * A host with a GitHub that an attacker may answer for, and a server that no request may ever reach; both on real ports, with
 * the `fetch` that comes with Backref.
 */
export async function createAttackStage(
  options: Partial<Pick<BackrefOptions, "fetch" | "allowPrivateAddresses">> = { allowPrivateAddresses: true },
) {
  const fake = createFakeGitHub({ repositories: ["acme/web"] });
  const behind = await fake.listen();
  const forbidden = await startServer();
  let ambush: Ambush = () => false;
  const tracker = await startServer((request, response) => {
    if (ambush(request, response)) return;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void passOn(behind.url, request, Buffer.concat(chunks), response));
  });
  const logged: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [createGitHubProvider({ timeoutMs: requestTimeoutMs, maxAnswerBytes: 2_000_000 })],
    secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }],
    limits: { requestTimeoutMs },
    logger: { log: (level, message, data) => logged.push(JSON.stringify([level, message, data])) },
    ...options,
  });
  const app = backref.as(owner);
  const create = (baseUrl: string) =>
    app.sources.create({
      name: "GitHub",
      provider: "github",
      baseUrl,
      auth: { type: "token", token: fake.token },
      targets: [{ projectId: "web", container: "acme/web" }],
    });
  return {
    backref,
    app,
    fake,
    tracker,
    forbidden,
    logged,
    create,
    /** A source on the tracker's port. */
    connect: () => create(`http://127.0.0.1:${tracker.port}`),
    answerWith(next: Ambush) {
      ambush = next;
    },
    async close() {
      await backref.close();
      await Promise.all([tracker.close(), forbidden.close(), behind.close()]);
    },
  };
}

export type AttackStage = Awaited<ReturnType<typeof createAttackStage>>;

async function passOn(
  base: string,
  request: Parameters<RequestListener>[0],
  body: Buffer,
  response: Parameters<RequestListener>[1],
): Promise<void> {
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    name === "host" || name === "connection" || name === "content-length" ? [] : [[name, String(value)]],
  );
  const method = request.method ?? "GET";
  const answer = await fetch(`${base}${request.url}`, {
    method,
    headers,
    ...(method === "GET" ? {} : { body: new Uint8Array(body) }),
  });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
  response.end(await answer.text());
}

export type { RealServer };
