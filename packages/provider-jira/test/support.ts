import type { IssueAddress, IssueSnapshot, ProviderCall } from "@backref/core/provider";
import { createSeededRandom } from "@backref/testing";
import type { Deployment } from "@backref/testing/jira";
import { expect } from "vitest";
import type { JiraAuth, JiraOptions } from "../src/index.ts";
import { createJiraProvider } from "../src/index.ts";
import { createUnderTest } from "./under-test.ts";

type Provider = ReturnType<typeof createJiraProvider>;

/** A provider whose groups are all there. */
export type WholeProvider = Required<Provider>;

export async function setUp(deployment: Deployment = "cloud", changes: Partial<JiraOptions> = {}) {
  const underTest = await createUnderTest(deployment);
  const { fake, time, richText } = underTest;
  const provider = createJiraProvider(deployment === "cloud" ? { oauth: fake.application } : {}) as WholeProvider;
  const call = (overrides: Partial<ProviderCall<JiraAuth, JiraOptions>> = {}): ProviderCall<JiraAuth, JiraOptions> => ({
    baseUrl: fake.siteUrl,
    auth: underTest.auth as JiraAuth,
    options: { webUrl: null, issueType: "Bug", resolution: null, priorities: "id", ...changes },
    credentialId: "credential-1",
    fetch: fake.fetch,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(1),
    logger: { log: () => {} },
    signal: new AbortController().signal,
    ...overrides,
  });
  const address = (key: string): IssueAddress => {
    const [container = "", item = ""] = key.split("-");
    return { remoteId: null, container, item, raw: null };
  };
  const read = async (key: string): Promise<IssueSnapshot> => {
    const [outcome] = await provider.read.issues(call(), { issues: [address(key)] });
    return outcome?.kind === "live" ? outcome.issue : expect.unreachable(JSON.stringify(outcome));
  };
  const update = async (key: string, patch: Parameters<WholeProvider["update"]["update"]>[1]["patch"]) =>
    provider.update.update(call(), { issue: address(key), patch, ifVersion: null });
  return { fake, time, richText, provider, call, address, read, update };
}

export const draft = {
  container: "WEB",
  title: "Login fails",
  body: "The page stays empty.",
  token: "br-01j00000000000000000000000",
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
} as const;
