import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime, type VirtualTime } from "@backref/testing";
import { createFakeGitHub, type FakeGitHub, type FakeGitHubOptions } from "@backref/testing/github";
import { settle as settleWorld } from "../../../../tests/support/settle.ts";
import {
  type AttachmentFiles,
  type AttachmentUrl,
  createBackref,
  type Limits,
  type Source,
  type Storage,
} from "../../src/index.ts";
import { watchWorld } from "./watches.ts";

export const provider: ReturnType<typeof createGitHubProvider> = createGitHubProvider();
export const secretKey: string = Buffer.alloc(32, 7).toString("base64");

export interface GitHubWorldOptions {
  readonly repositories?: FakeGitHubOptions["repositories"];
  readonly webhooks?: boolean;
  readonly limits?: Partial<Limits>;
  readonly storage?: Storage;
  readonly time?: VirtualTime;
  readonly github?: FakeGitHub;
  readonly fetch?: typeof fetch;
  readonly seed?: number;
  /** @default one of its own, which remembers nothing of other worlds */
  readonly provider?: typeof provider;
  /** The host's files, and where people find them. @default none */
  readonly attachments?: AttachmentFiles;
  readonly attachmentUrl?: AttachmentUrl;
  /** Secrets of the app's webhook. @default none */
  readonly appSecrets?: readonly string[];
}

/** A host with memory storage, the real provider and the fake GitHub, under one virtual clock. */
export async function createGitHubWorld(options: GitHubWorldOptions = {}) {
  await provider.preload?.();
  const time = options.time ?? createVirtualTime();
  const random = createSeededRandom(options.seed ?? 1);
  const github =
    options.github ??
    createFakeGitHub({
      repositories: options.repositories ?? ["acme/web"],
      now: time.now,
      delay: (ms) => time.scheduler.sleep(ms),
      random: () => (random.bytes(1)[0] ?? 0) / 256,
      webhooks: "manual",
    });
  const watch = watchWorld();
  watch.plant("the tracker's token", github.token);
  watch.plant("the key that seals", secretKey);
  for (const secret of options.appSecrets ?? []) watch.plant("the app's webhook secret", secret);
  const storage = options.storage ?? createMemoryStorage({ clock: time.clock });
  const instance = createBackref({
    storage: watch.storage(storage),
    providers: [options.provider ?? createGitHubProvider()],
    secretKeys: [{ id: "test", key: secretKey }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom((options.seed ?? 1) + 1),
    fetch: options.fetch ?? github.fetch,
    limits: options.limits ?? {},
    ...(options.attachments === undefined ? {} : { attachments: options.attachments }),
    ...(options.attachmentUrl === undefined ? {} : { attachmentUrl: options.attachmentUrl }),
    ...(options.appSecrets === undefined ? {} : { appWebhooks: { github: { secrets: options.appSecrets } } }),
    logger: watch.logger({
      log(level, message, data) {
        if (level === "error") errors.push(`${message} ${JSON.stringify(data)}`);
      },
    }),
  });
  instance.on("*", (event) => watch.search(`event ${event.type}`, event));
  const backref = watch.calls("backref", instance);
  const errors: string[] = [];
  const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" });
  return { time, github, storage, backref, app, errors, watch };
}

export type GitHubWorld = Awaited<ReturnType<typeof createGitHubWorld>>;

export async function addGitHubSource(
  world: GitHubWorld,
  container = "acme/web",
  token = world.github.token,
): Promise<Source> {
  return world.app.sources.create({
    name: `GitHub ${container}`,
    provider: "github",
    auth: { type: "token", token },
    targets: [{ projectId: "web", container }],
  });
}

/** Runs passes until nothing is due, moving the clock to whatever is due soon. */
export function settle(world: GitHubWorld, horizonMs?: number): Promise<void> {
  return settleWorld(world.backref, world.time, horizonMs === undefined ? {} : { horizonMs });
}

/** Long enough, each time, for a poll to be due and for coarse versions to differ. */
export async function poll(world: GitHubWorld, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await world.time.advance(61_000);
    await settle(world);
  }
}
