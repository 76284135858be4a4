import { createBackref, generateSecretKey, type Limits, type SyncMappingInput } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeGitLab, type FakeGitLabOptions } from "@backref/testing/gitlab";
import { settle as settleWorld } from "../../../tests/support/settle.ts";
import { createGitLabProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

export const project = "acme/shop/web";

/** A host with memory storage, the real provider and the fake GitLab, under one virtual clock. */
export async function createWorld(
  limits: Partial<Limits> = {},
  {
    files = {},
    fake = {},
    mapping,
    options = {},
  }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly fake?: FakeGitLabOptions;
    readonly mapping?: SyncMappingInput;
    readonly options?: { readonly severalAssignees?: boolean };
  } = {},
) {
  const time = createVirtualTime();
  const folder = contractFolder();
  const gitlab = createFakeGitLab({
    projects: [project, "acme/shop/api", "other/tools"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    ...(folder !== undefined && { contractFolder: folder }),
    deliver: (request) => backref.webhooks.handle(request, { endpoint }),
    ...fake,
  });
  const errors: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createGitLabProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(2),
    fetch: gitlab.fetch,
    limits,
    attachments: {
      open: async ({ reference }) => new Blob([files[reference] ?? ""]).stream() as ReadableStream<Uint8Array>,
    },
    logger: {
      log: (level, message, data) => void (level === "error" && errors.push(`${message} ${JSON.stringify(data)}`)),
    },
  });
  const app = backref.as({ tenantId: "acme", userId: "u1", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: "Our GitLab",
    provider: "gitlab",
    auth: { type: "token", token: gitlab.token },
    options,
    ...(mapping !== undefined && { mapping }),
    targets: [{ projectId: "web", container: project }],
  });
  const { endpoint } = await app.sources.webhook(source.id);
  const settle = () => settleWorld(backref, time);
  /** Long enough for a poll to be due. */
  const poll = async () => {
    await time.advance(61_000);
    await settle();
  };
  const operationsSince = (mark: number) =>
    gitlab.requestsSince(mark).map(({ method, operation }) => `${method} ${operation}`);
  return { time, gitlab, backref, app, source, endpoint, errors, settle, poll, operationsSince };
}
