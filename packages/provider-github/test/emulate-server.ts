import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator } from "emulate";
import { listRepositoryComments } from "./emulate-comments.ts";
import type { DeviationId } from "./emulate-deviations.ts";
import { answerQuery } from "./emulate-graphql.ts";

const tokens = { "token-of-the-bot": { login: "backref-bot" }, "token-of-lena": { login: "lena" } };
const app = { app_id: 4711, slug: "tests-sync", name: "Tests sync", webhook_secret: "hook-secret-of-the-app" };
const installationId = 100;

/** A GitHub that nobody here wrote, on a port, with what is put between it and the provider. */
export async function createEmulateServer() {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens,
      github: {
        users: [...Object.values(tokens).map(({ login }) => ({ login })), { login: `${app.slug}[bot]` }],
        orgs: [
          { login: "acme", members: Object.values(tokens).map(({ login }) => ({ login, role: "admin" as const })) },
        ],
        repos: ["web", "api"].map((name) => ({ owner: "acme", name, private: true })),
        apps: [
          { app_id: 4712, slug: "no-account", name: "No account" },
          {
            ...app,
            permissions: { issues: "write", metadata: "read" },
            events: ["issues", "issue_comment"],
            installations: [{ installation_id: installationId, account: "acme", repository_selection: "all" }],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${new URL(emulator.url).port}`;
  const used = new Set<DeviationId>(["bot-account"]);
  const sent: string[] = [];

  /** What the provider sends its requests with. */
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    sent.push(`${request.method} ${pathname}`);
    if (!isGivenOut(request)) {
      used.add("unknown-token");
      return Response.json({ message: "Bad credentials" }, { status: 401 });
    }
    if (pathname === "/graphql") {
      used.add("graphql");
      const question = (await request.json()) as Parameters<typeof answerQuery>[0];
      return Response.json(await answerQuery(question, ["acme/web", "acme/api"], askAs(request)));
    }
    const repository = /^\/repos\/([^/]+\/[^/]+)\/issues\/comments$/.exec(pathname)?.[1];
    if (repository !== undefined) {
      used.add("comments-of-all");
      return listRepositoryComments(repository, new URL(request.url), askAs(request));
    }
    const isNewLabel = request.method === "POST" && /^\/repos\/[^/]+\/[^/]+\/labels$/.test(pathname);
    const response = await fetch(request);
    if (!isNewLabel || response.status !== 422) return response;
    used.add("label-exists");
    const body = (await response.json()) as object;
    const errors = [{ resource: "Label", code: "already_exists", field: "name" }];
    return Response.json({ ...body, errors }, { status: 422, headers: response.headers });
  };

  const askAs = (request: Request) => async (path: string) => {
    const headers = { authorization: request.headers.get("authorization") ?? "" };
    const response = await fetch(`${url}${path}`, { headers });
    return response.ok ? await response.json() : null;
  };

  /** Somebody at work in GitHub's pages. */
  const lena = async (method: string, path: string, body?: object): Promise<{ readonly id: number }> => {
    const response = await ask("token-of-lena", method, `/repos/acme/web${path}`, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.status === 204 ? { id: 0 } : ((await response.json()) as { readonly id: number });
  };

  /** Emulate as it is, with nothing in between. */
  const ask = (token: string, method: string, path: string, body?: object): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  };

  const isKey = ({ kind, id }: { readonly kind: string; readonly id: string }) =>
    kind === "github.app_private_key" && id === String(app.app_id);
  const key = emulator.generatedSecrets.find(isKey)?.value;
  return {
    url,
    token: "token-of-the-bot",
    appAuth: {
      type: "app" as const,
      appId: String(app.app_id),
      privateKey: key ?? "",
      installationId: String(installationId),
    },
    fetch: send,
    lena,
    ask,
    /** Workarounds that were needed so far. */
    used,
    sent,
    close: () => emulator.close(),
  };
}

export type EmulateServer = Awaited<ReturnType<typeof createEmulateServer>>;

/** Tokens of the seed, those that emulate gives to installations, and what an app signs. */
function isGivenOut(request: Request): boolean {
  const token = request.headers.get("authorization")?.replace(/^(?:bearer|token) /i, "") ?? "";
  return token in tokens || /^(?:ghs_|[\w-]+\.[\w-]+\.[\w-]+$)/.test(token);
}

/** Takes deliveries on a port. */
export async function createReceiver(handle: (request: Request) => Promise<Response>) {
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const init = { method: "POST", headers, body: Buffer.concat(parts) };
    const response = await handle(new Request(`http://127.0.0.1${incoming.url}`, init));
    outgoing.writeHead(response.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
