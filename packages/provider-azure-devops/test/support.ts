import type { IssueAddress, IssuePatch, IssueSnapshot } from "@backref/core/provider";
import { createVirtualTime } from "@backref/testing";
import { createFakeAzureDevOps, type Deployment, type FakeAzureDevOpsOptions } from "@backref/testing/azure-devops";
import { expect } from "vitest";
import {
  type AzureDevOpsOptions,
  type AzureDevOpsProvider,
  type AzureDevOpsProviderOptions,
  createAzureDevOpsProvider,
} from "../src/index.ts";
import { loadRichText } from "../src/text.ts";
import { contractFolder } from "./support-contract.ts";
import { callOf } from "./under-test.ts";

export const project = "Web Shop";

/** The provider by itself, before a fake. */
export async function setUp(
  deployment: Deployment = "services",
  changes: Partial<AzureDevOpsOptions> = {},
  more: { readonly fake?: FakeAzureDevOpsOptions; readonly provider?: AzureDevOpsProviderOptions } = {},
) {
  const time = createVirtualTime();
  const fake = createFakeAzureDevOps({
    deployment,
    projects: [project, "Überblick 東京"],
    contractFolder,
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    ...more.fake,
  });
  const provider = createAzureDevOpsProvider(more.provider) as Required<AzureDevOpsProvider>;
  const options = { deployment: null, workItemType: "Bug", bodyField: null, setsSeverity: false, ...changes };
  const call = (overrides: Parameters<typeof callOf>[1] = {}) => callOf({ fake, time }, { options, ...overrides });
  const address = (item: string, container: string = project): IssueAddress => ({
    remoteId: item,
    container,
    item,
    raw: null,
  });
  const read = async (item: string): Promise<IssueSnapshot> => {
    const [outcome] = await provider.read.issues(call(), { issues: [address(item)] });
    return outcome?.kind === "live" ? outcome.issue : expect.unreachable(JSON.stringify(outcome));
  };
  /** As core changes an issue that it has seen. */
  const update = async (issue: IssueSnapshot, patch: IssuePatch) =>
    provider.update.update(call(), { issue, patch, ifVersion: issue.version });
  const blind = async (item: string, patch: IssuePatch) =>
    provider.update.update(call(), { issue: address(item), patch, ifVersion: null });
  const sent = (mark: number) => fake.requestsSince(mark).map(({ method, status }) => `${method} ${status}`);
  return { fake, time, provider, call, address, read, update, blind, sent, richText: await loadRichText() };
}

export const draft = {
  container: project,
  title: "Login fails",
  body: "The page stays empty.",
  token: "br-01j00000000000000000000000",
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
} as const;
