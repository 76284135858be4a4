import type { IssueAddress, IssueSnapshot, ProviderCall } from "@backref/core/provider";
import { createSeededRandom } from "@backref/testing";
import { expect } from "vitest";
import { createGitLabProvider, type GitLabAuth, type GitLabOptions } from "../src/index.ts";
import { createUnderTest } from "./under-test.ts";

type Provider = ReturnType<typeof createGitLabProvider>;

/** A provider whose groups are all there. */
export type WholeProvider = Required<Provider>;

export const project = "acme/shop/web";

/** The provider at the fake GitLab, without the engine. */
export function setUp(siteUrl?: string) {
  const { fake, time, auth } = createUnderTest(siteUrl);
  const provider = createGitLabProvider({ oauth: fake.application }) as WholeProvider;
  const call = (
    overrides: Partial<ProviderCall<GitLabAuth, GitLabOptions>> = {},
  ): ProviderCall<GitLabAuth, GitLabOptions> => ({
    baseUrl: fake.siteUrl,
    auth: auth as GitLabAuth,
    options: { webUrl: null, severalAssignees: false },
    credentialId: "credential-1",
    fetch: fake.fetch,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(1),
    logger: { log: () => {} },
    signal: new AbortController().signal,
    ...overrides,
  });
  const read = async (item: number | string, container = project): Promise<IssueSnapshot> => {
    const [outcome] = await provider.read.issues(call(), { issues: [address(item, container)] });
    return outcome?.kind === "live" ? outcome.issue : expect.unreachable(JSON.stringify(outcome));
  };
  const update = (item: number | string, patch: Parameters<WholeProvider["update"]["update"]>[1]["patch"]) =>
    provider.update.update(call(), { issue: address(item), patch, ifVersion: null });
  /** A `fetch` that answers each request alike. */
  const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
    call({ fetch: async () => new Response(body, { status, headers }) });
  return { fake, time, provider, call, read, update, answering, ann: fake.as("ann") };
}

export function address(item: number | string, container = project): IssueAddress {
  return { remoteId: null, container, item: String(item), raw: null };
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
