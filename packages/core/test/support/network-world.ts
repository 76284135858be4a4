import { createBackref, type Limits } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createFaultProxy } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";

const secretKeys = [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }];
const owner = { tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" } as const;
const repository = "acme/web";

/** As short as the engine allows: it sends nothing in the last five seconds of a lease. */
const limits: Partial<Limits> = {
  requestTimeoutMs: 700,
  createGraceMs: 2_500,
  leaseMs: 8_000,
  pollIntervalMs: 400,
};

/** GitHub's API descriptions are read and compiled on first use; whoever waited for that would take it for trouble. */
export async function warmUp(): Promise<void> {
  const fake = createFakeGitHub();
  const headers = { authorization: `Bearer ${fake.token}`, "user-agent": "tests" };
  await fake.fetch("https://api.github.com/user", { headers });
  const body = JSON.stringify({ query: "query { viewer { login } }" });
  await fake.fetch("https://api.github.com/graphql", { method: "POST", headers, body });
}

/**
 * Two processes of a host on one storage, and GitHub behind a network that can be troubled: real provider, real `fetch`,
 * real ports, real time.
 */
export async function createNetworkWorld(seed: number) {
  const errors: string[] = [];
  const storage = createMemoryStorage();
  let endpoint = "";
  const fake = createFakeGitHub({
    repositories: [repository],
    deliver: (request) => first.webhooks.handle(request, { endpoint }),
  });
  const server = await fake.listen();
  // Nothing may arrive after the grace period, or the engine would have been right to make the issue again.
  const proxy = await createFaultProxy({ target: server.url, seed, longestWaitMs: 1_000 });
  const createProcess = () =>
    createBackref({
      storage,
      providers: [createGitHubProvider()],
      secretKeys,
      allowPrivateAddresses: true,
      defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
      limits,
      logger: {
        log(level, message, data) {
          if (level === "error") errors.push(`${message} ${JSON.stringify(data)}`);
        },
      },
    });
  const first = createProcess();
  const second = createProcess();
  const processes = [first, second].map((backref) => ({
    backref,
    app: backref.as(owner),
  }));
  const { sources } = first.as(owner);
  const source = await sources.create({
    name: "GitHub",
    provider: "github",
    baseUrl: proxy.url,
    auth: { type: "token", token: fake.token },
    targets: [{ projectId: "web", container: repository }],
  });
  const webhook = await sources.webhook(source.id);
  ({ endpoint } = webhook);
  fake.setHook(repository, { url: "https://host.example.com/hook", secret: webhook.secret });

  return {
    fake,
    proxy,
    processes,
    repository,
    errors,
    /** What the account wrote at GitHub since a mark of the fake's. */
    writesSince: (mark: number) =>
      fake
        .requestsSince(mark)
        .filter(({ method, operation }) => method !== "GET" && operation !== "graphql")
        .map(({ method, path }) => `${method} ${path}`),
    async close() {
      await Promise.all([first.close(), second.close()]);
      await proxy.close();
      await server.close();
    },
  };
}

export type NetworkWorld = Awaited<ReturnType<typeof createNetworkWorld>>;
