import { createBackref, generateSecretKey, type Limits } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeLinear } from "@backref/testing/linear";
import { settle as settleWorld } from "../../../tests/support/settle.ts";
import { createLinearProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

/** A host with memory storage, the real provider and the fake Linear, under one virtual clock. */
export async function createWorld(
  limits: Partial<Limits> = {},
  { files = {}, mapping = {} }: { readonly files?: Readonly<Record<string, string>>; readonly mapping?: object } = {},
) {
  const time = createVirtualTime();
  const folder = contractFolder();
  const linear = createFakeLinear({
    teams: ["ENG", "OPS"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    ...(folder !== undefined && { contractFolder: folder }),
    deliver: (request) => backref.webhooks.handle(request, { endpoint }),
  });
  const errors: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createLinearProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(2),
    fetch: linear.fetch,
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
    name: "Our Linear",
    provider: "linear",
    auth: { type: "api-key", apiKey: linear.apiKey },
    options: { workspace: "acme" },
    mapping: {
      ...mapping,
      priority: [
        { remote: "Urgent", local: ["blocker"] },
        { remote: "High", local: ["critical"] },
        { remote: "Medium", local: ["major"] },
        { remote: "Low", local: ["minor", "trivial"], primary: "minor" },
      ],
    },
    targets: [{ projectId: "web", container: "ENG" }],
  });
  const { endpoint } = await app.sources.webhook(source.id);
  const settle = () => settleWorld(backref, time);
  /** Long enough for a poll to be due. */
  const poll = async () => {
    await time.advance(61_000);
    await settle();
  };
  const operationsSince = (mark: number) => linear.requestsSince(mark).map(({ operation }) => operation);
  return { time, linear, backref, app, source, endpoint, errors, settle, poll, operationsSince };
}
