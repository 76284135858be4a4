import { createBackref, generateSecretKey, type Limits } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeJira, type Deployment, type JiraProjectOptions } from "@backref/testing/jira";
import { settle as settleWorld } from "../../../tests/support/settle.ts";
import { createJiraProvider } from "../src/index.ts";
import { customFields } from "./custom-fields.ts";
import { contractFolder } from "./support-contract.ts";

/** A host with memory storage, the real provider and a fake Jira, under one virtual clock. */
export async function createWorld(
  deployment: Deployment,
  {
    files = {},
    mapping = {},
    limits = {},
    project = {},
  }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly mapping?: object;
    readonly limits?: Partial<Limits>;
    readonly project?: Omit<JiraProjectOptions, "key">;
  } = {},
) {
  const time = createVirtualTime();
  const components = ["Shop", "Backend"];
  const jira = createFakeJira({
    deployment,
    projects: [{ key: "WEB", components, fields: customFields, ...project }],
    contractFolder,
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
  });
  const errors: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createJiraProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(2),
    fetch: jira.fetch,
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
    name: "Our Jira",
    provider: "jira",
    baseUrl: jira.siteUrl,
    auth:
      deployment === "cloud"
        ? { type: "api-token", email: jira.email, token: jira.token }
        : { type: "personal-token", token: jira.token },
    mapping,
    targets: [{ projectId: "web", container: "WEB" }],
  });
  const settle = () => settleWorld(backref, time);
  /** Long enough for a poll to be due. */
  const poll = async () => {
    await time.advance(61_000);
    await settle();
  };
  const operationsSince = (mark: number) =>
    jira.requestsSince(mark).map(({ method, operation }) => `${method} ${operation}`);
  return { time, jira, backref, app, source, errors, settle, poll, operationsSince };
}
