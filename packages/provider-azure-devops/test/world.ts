import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { createFakeAzureDevOps, type Deployment } from "@backref/testing/azure-devops";
import { expect } from "vitest";
import { settle as settleWorld } from "../../../tests/support/settle.ts";
import { createAzureDevOpsProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

const priorityMapping = [
  { remote: "1", local: ["blocker"] },
  { remote: "2", local: ["critical"] },
  { remote: "3", local: ["major"] },
  { remote: "4", local: ["minor", "trivial"], primary: "minor" },
] as const;

/** A host with memory storage, the real provider and the fake Azure DevOps, under one virtual clock. */
export async function createWorld(deployment: Deployment = "services") {
  const time = createVirtualTime();
  const azure = createFakeAzureDevOps({
    deployment,
    projects: ["Web Shop", "Überblick"],
    contractFolder,
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: (request) => backref.webhooks.handle(request, { endpoint }),
  });
  /** What happens right before a request arrives. */
  const meanwhile = { beforeRequest: async (_method: string, _url: string): Promise<void> => {} };
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [createAzureDevOpsProvider()],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(2),
    fetch: async (input, init) => {
      await meanwhile.beforeRequest(init?.method ?? "GET", String(input));
      return azure.fetch(input, init);
    },
  });
  const owner = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const source = await owner.sources.create({
    name: "Our boards",
    provider: "azure-devops",
    baseUrl: azure.url,
    auth: { type: "token", token: azure.token },
    targets: [{ projectId: "web", container: "Web Shop" }],
    mapping: { priority: priorityMapping },
  });
  const { endpoint } = await owner.sources.webhook(source.id);
  const app = backref.as({ tenantId: "acme", userId: "max", displayName: "Max", projects: { web: "member" } });
  const settle = () => settleWorld(backref, time);
  /** Long enough for a poll to be due. */
  const poll = async () => {
    await time.advance(61_000);
    await settle();
  };
  const report = async (changes: { readonly details?: string; readonly priority?: "critical" } = {}) => {
    const failure = { caseId: "TC-7", runId: "R-1", title: "Total is wrong", details: changes.details ?? "x" };
    const priority = changes.priority === undefined ? {} : { priority: changes.priority };
    return (await app.defects.report({ projectId: "web", failure, ...priority })).defect;
  };
  const writesSince = (mark: number) =>
    azure
      .requestsSince(mark)
      .filter(({ method, operation }) => method !== "GET" && !/workitemsbatch|wiql/.test(operation))
      .map(({ method, path }) => `${method} ${path.split("?")[0]}`);
  /** The only item there is. */
  const item = () => azure.issues("Web Shop")[0] ?? expect.unreachable();
  return { time, meanwhile, item, endpoint, azure, backref, owner, app, source, settle, poll, report, writesSince };
}
