import { createGitHubProvider } from "@backref/provider-github";
import { type AppKeys, createAppKeys, type InstallationOptions } from "@backref/testing/github";
import type { Source } from "../../src/index.ts";
import { createGitHubWorld, type GitHubWorld, type GitHubWorldOptions } from "./github-world.ts";

export const appSecret = "secret-of-the-app's-webhook";
export const otherKeys: AppKeys = createAppKeys();
const keys = createAppKeys();

/** Nothing but deliveries tells what happened. */
const limits = { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 } as const;

export interface AppCredential {
  readonly type: "app";
  readonly appId: string;
  readonly privateKey: string;
  readonly installationId: string;
}

/** A host with a GitHub App whose own webhook tells of everything; its sources have no webhooks of their own. */
export async function createAppWorld(options: GitHubWorldOptions = {}) {
  const provider = createGitHubProvider();
  const world = await createGitHubWorld({ limits, provider, appSecrets: [appSecret], ...options });
  const webhook = { url: "https://host.example.com/hooks/github", secret: appSecret };
  const app = world.github.apps.create({ name: "tests-sync", keys, webhook });

  const install = (installation: InstallationOptions): AppCredential => ({
    type: "app",
    appId: String(app.id),
    privateKey: app.privateKey,
    installationId: String(world.github.apps.install(app.id, installation)),
  });

  /** A source of a tenant, tried out unless said otherwise. */
  const connect = async (tenantId: string, auth: AppCredential, { test = true, baseUrl = "" } = {}) => {
    const host = world.backref.as({ tenantId, userId: "u1", role: "owner" });
    const source: Source = await host.sources.create({
      name: "GitHub",
      provider: "github",
      auth,
      ...(baseUrl === "" ? {} : { baseUrl }),
      targets: [{ projectId: "web", container: "acme/web" }],
    });
    if (test) await host.sources.test(source.id);
    return { host, source };
  };

  /** Hands the oldest pending delivery to the host; answers with the status. */
  const deliverNext = async (to: Parameters<typeof hand>[1] = {}) => hand(world.github.webhooks.drop(), to);
  type Sent = Pick<ReturnType<GitHubWorld["github"]["webhooks"]["drop"]>, "url" | "headers" | "body">;
  const hand = async (sent: Sent, { provider: providerId = "github" } = {}): Promise<number> => {
    const request = new Request(sent.url, { method: "POST", headers: sent.headers, body: sent.body });
    return (await world.backref.webhooks.handle(request, { provider: providerId })).status;
  };
  const deliver = async (): Promise<readonly number[]> => {
    const statuses: number[] = [];
    while (world.github.webhooks.pending.length > 0) statuses.push(await deliverNext());
    return statuses;
  };
  return { ...world, githubApp: app, install, connect, hand, deliver, deliverNext };
}

export type AppWorld = Awaited<ReturnType<typeof createAppWorld>>;
