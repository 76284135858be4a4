import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { createBackref, type DefectStore, type Limits } from "../../src/index.ts";
import { createHostTable } from "./host-table.ts";
import { createTroubledStorage } from "./troubled-storage.ts";

export interface HostWorldOptions {
  /** Whether the host's store tells what changed, and how. @default "none" */
  readonly feed?: "none" | "exclusive" | "inclusive";
  /** @default true */
  readonly polls?: boolean;
  readonly limits?: Partial<Limits>;
  /** What the store does otherwise. @default nothing */
  readonly adapt?: (store: DefectStore, table: ReturnType<typeof createHostTable>) => DefectStore;
}

/** A host with defects of its own and one of them pushed to the fake GitHub. */
export async function createHostWorld(options: HostWorldOptions = {}) {
  const { feed = "none", polls = true, limits = {}, adapt = (store) => store } = options;
  const time = createVirtualTime();
  const github = createFakeGitHub({ repositories: ["acme/web", "acme/api"], now: time.now, webhooks: "manual" });
  const table = createHostTable();
  const storage = createTroubledStorage(createMemoryStorage({ clock: time.clock }));
  const { changes, ...unpolled } = createGitHubProvider();
  const logs: string[] = [];
  const backref = createBackref({
    storage,
    providers: [polls && changes !== undefined ? { ...unpolled, changes } : unpolled],
    secretKeys: [{ id: "test", key: new Uint8Array(32) }],
    defectStore: adapt(feed === "none" ? table.store : table.storeWithFeed({ inclusive: feed === "inclusive" }), table),
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(5),
    fetch: github.fetch,
    limits,
    logger: { log: (level, message) => logs.push(`${level}: ${message}`) },
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", role: "owner" });
  const source = await app.sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  table.add("BUG-1", "Total is wrong");
  const link = await app.defects.push("BUG-1");
  const quiet = async () => {
    await time.advance(61_000);
    for (let pass = 0; pass < 10; pass += 1) {
      await backref.sync.run({ maxMs: 1_000 });
      await time.advance(2_000);
    }
  };
  await quiet();
  return { time, github, storage, table, backref, app, source, link, logs, quiet };
}
