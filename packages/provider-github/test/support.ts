import type { FetchFunction, IssueAddress, IssueSnapshot, LogLevel, ProviderError } from "@backref/core/provider";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitHub, type FakeGitHubOptions } from "@backref/testing/github";
import { expect } from "vitest";
import type { GitHubCall } from "../src/client.ts";
import { createGitHubProvider } from "../src/index.ts";

export const site = { baseUrl: "https://api.github.com", options: { webUrl: null } };

/** A provider, a fake GitHub with `acme/web`, and calls on it. The fake's account is `backref-bot`. */
export function setUp(options: FakeGitHubOptions = {}) {
  const time = createVirtualTime();
  const fake = createFakeGitHub({
    repositories: ["acme/web"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    ...options,
  });
  const logs: { level: LogLevel; message: string }[] = [];
  const callWith = (changes: Partial<GitHubCall> & { readonly token?: string } = {}): GitHubCall => {
    const { token = fake.token, ...rest } = changes;
    return {
      ...site,
      auth: { type: "token", token },
      credentialId: "credential-1",
      fetch: fake.fetch,
      clock: time.clock,
      scheduler: time.scheduler,
      random: { bytes: (length) => new Uint8Array(length) },
      logger: { log: (level, message) => logs.push({ level, message }) },
      signal: new AbortController().signal,
      ...rest,
    };
  };
  const mark = fake.mark();
  return {
    fake,
    time,
    logs,
    provider: createGitHubProvider(),
    call: callWith(),
    callWith,
    /** Requests as `METHOD template`, in order. */
    sent: (from = mark) => fake.requestsSince(from).map(({ method, operation }) => `${method} ${operation}`),
  };
}

export function address(issue: { nodeId: string; repository: string; number: number }): IssueAddress {
  return { remoteId: issue.nodeId, container: issue.repository, item: String(issue.number), raw: null };
}

export function addressOf(issue: IssueSnapshot): IssueAddress {
  const { remoteId, container, item, raw } = issue;
  return { remoteId, container, item, raw };
}

/** The error that a promise ends with; nothing but `ProviderError`s may be thrown. */
export async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "ProviderError", providerId: "github" });
  return error as ProviderError;
}

/** A fetch with one answer for everything. */
export function answering(body: unknown, init: ResponseInit = {}): FetchFunction {
  return async () =>
    new Response(typeof body === "string" ? body : JSON.stringify(body), {
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });
}
