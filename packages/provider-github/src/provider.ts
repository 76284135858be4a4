import type { Provider, RateLimit } from "@backref/core/provider";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, loadOctokit, type OpenClient } from "./client.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createCreateGroup } from "./create.ts";
import { createRateLimitsGroup } from "./documented-rate-limits.ts";
import { providerId } from "./errors.ts";
import { formatIssue, parseIssue } from "./keys.ts";
import { createLabelsGroup } from "./labels.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createReadGroup } from "./read.ts";
import { defaultBaseUrl } from "./site.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";

export interface GitHubProviderOptions {
  /** Names the application to GitHub, before the client's own name. @default "backref" */
  readonly userAgent?: string;
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
  /**
   * Limits of an Enterprise Server whose administrator has set some, for example `documentedRateLimits`.
   * github.com and GHE.com always have the documented ones. @default none
   */
  readonly enterpriseRateLimits?: readonly RateLimit[];
}

/** GitHub: github.com, Enterprise Cloud with data residency, Enterprise Server. */
export function createGitHubProvider(
  options: GitHubProviderOptions = {},
): Provider<typeof providerId, GitHubAuth, GitHubOptions> {
  const settings: ClientSettings = {
    userAgent: options.userAgent ?? "backref",
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.maxAnswerBytes !== undefined && { maxAnswerBytes: options.maxAnswerBytes }),
  };
  const open: OpenClient = (call) => createClient(call, settings);
  return {
    id: providerId,
    specVersion: 1,
    capabilities: {
      readBatchSize: 100,
      markerPlace: "body",
      versionGranularityMs: 1000,
      readLagMs: 1000,
      stateCategories: ["open", "closed"],
      priority: "labels",
      maxLength: { title: 256, body: 65_536, comment: 65_536 },
      comments: { edit: true, delete: true, returnsId: true, visibility: false },
      pollScope: "container",
      webhookPayload: "full",
      mentions: true,
    },
    describe: () => ({
      name: "GitHub",
      defaultBaseUrl,
      containerName: "Repository",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    parseIssue,
    formatIssue,
    async preload() {
      await loadOctokit();
    },
    connect: createConnectGroup(open),
    read: createReadGroup(open),
    create: createCreateGroup(open),
    update: createUpdateGroup(open),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    webhooks: createWebhooksGroup(open),
    labels: createLabelsGroup(open),
    rateLimits: createRateLimitsGroup(options.enterpriseRateLimits ?? []),
  };
}
