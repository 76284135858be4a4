import type { IssueAddress, ProviderCall } from "@backref/core/provider";
import { createVirtualTime } from "@backref/testing";
import { createFakeLinear, type FakeLinearOptions } from "@backref/testing/linear";
import { createLinearProvider, type LinearAuth, type LinearOptions, type LinearProviderOptions } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

/** The provider at the fake Linear, without the engine. */
export function createDirect(
  options: { readonly fake?: FakeLinearOptions; readonly provider?: LinearProviderOptions } = {},
) {
  const time = createVirtualTime();
  const folder = contractFolder();
  const linear = createFakeLinear({
    teams: ["ENG", "OPS"],
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    webhooks: "manual",
    ...(folder !== undefined && { contractFolder: folder }),
    ...options.fake,
  });
  const provider = createLinearProvider(options.provider);
  const call: ProviderCall<LinearAuth, LinearOptions> = {
    baseUrl: "https://api.linear.app",
    auth: { type: "api-key", apiKey: linear.apiKey },
    options: { workspace: linear.workspace },
    credentialId: "credential-1",
    fetch: linear.fetch,
    clock: time.clock,
    scheduler: time.scheduler,
    random: { bytes: (length) => new Uint8Array(length) },
    logger: { log: () => {} },
    signal: new AbortController().signal,
  };
  const operationsSince = (mark: number) => linear.requestsSince(mark).map(({ operation }) => operation);
  return { time, linear, provider, call, operationsSince, lena: linear.as("lena") };
}

export const newIssue = {
  ...{ container: "ENG", title: "Total is wrong", body: "", token: "token-1", labels: [] as readonly string[] },
  ...{ priority: null, type: null, assigneeIds: [] as readonly string[], fields: {} },
};

export const byKey = (container: string, item: string): IssueAddress => ({
  remoteId: null,
  container,
  item,
  raw: null,
});
