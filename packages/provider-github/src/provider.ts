import type { Provider, RateLimit } from "@backref/core/provider";
import { checkFactoryOptions, type FactoryOptionKind } from "@backref/provider-kit";
import { appAuthorization, loadSigner } from "./app-authorization.ts";
import type { GitHubAppCall } from "./app-call.ts";
import { type AppTokens, createAppTokens } from "./app-tokens.ts";
import { type Authorization, tokenAuthorization } from "./authorization.ts";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, type GitHubCall, loadOctokit, type OpenClient } from "./client.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createContainersGroup } from "./containers.ts";
import { createCreateGroup } from "./create.ts";
import { createRateLimitsGroup } from "./documented-rate-limits.ts";
import { providerId } from "./errors.ts";
import { createFormGroup } from "./form.ts";
import { createIssueFields } from "./issue-fields.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { createLabelsGroup } from "./labels.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeopleGroup } from "./people.ts";
import { createReadGroup } from "./read.ts";
import { createSearchGroup } from "./search.ts";
import { defaultBaseUrl, normaliseBaseUrl } from "./site.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";

/** Options of `createGitHubProvider`, for all sources at GitHub. */
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

const optionKinds: Readonly<Record<keyof GitHubProviderOptions, FactoryOptionKind>> = {
  userAgent: "text",
  timeoutMs: "number",
  maxAnswerBytes: "number",
  enterpriseRateLimits: "list",
};

/**
 * GitHub: github.com, Enterprise Cloud with data residency, Enterprise Server.
 * @example
 * ```ts
 * import { createGitHubProvider, documentedRateLimits } from "@backref/provider-github";
 *
 * // An Enterprise Server whose administrator has set the limits that github.com has:
 * export const github = createGitHubProvider({ userAgent: "acme-tests", enterpriseRateLimits: documentedRateLimits });
 * ```
 */
export function createGitHubProvider(
  options: GitHubProviderOptions = {},
): Provider<typeof providerId, GitHubAuth, GitHubOptions> {
  checkFactoryOptions("createGitHubProvider", options, optionKinds);
  const settings: ClientSettings = {
    userAgent: options.userAgent ?? "backref",
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes,
  };
  const openAsApp = (call: GitHubAppCall) => createClient(call, settings, appAuthorization(call));
  const tokens = createAppTokens(openAsApp);
  const open: OpenClient = (call) => createClient(call, settings, authorizationOf(call, tokens));
  const issueFields = createIssueFields();
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
      assignees: "several",
      maxLength: { title: 256, body: 65_536, comment: 65_536 },
      comments: { edit: true, delete: true, returnsId: true, visibility: false },
      pollScope: "container",
      webhookPayload: "full",
      mentions: true,
      references: {
        prefixes: ["#", "GH-"],
        // GitHub's own way to link without a note at the other end. Enterprise Server has none.
        urls: { host: "github.com", quietHost: "redirect.github.com", kinds: ["issues", "pull", "discussions"] },
      },
    },
    capabilitiesFor: ({ priorityField = null }) =>
      // Webhooks are read without a source's options, so which of the fields is the priority is not known there.
      priorityField === null ? {} : { priority: "field", webhookPayload: "partial" },
    describe: () => ({
      name: "GitHub",
      defaultBaseUrl,
      containerName: "Repository",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    normaliseBaseUrl,
    parseIssue,
    formatIssue,
    createUrl,
    async preload() {
      await Promise.all([loadOctokit(), loadSigner()]);
    },
    connect: createConnectGroup(open, openAsApp),
    read: createReadGroup(open),
    search: createSearchGroup(open),
    create: createCreateGroup(open, issueFields),
    update: createUpdateGroup(open, issueFields),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    webhooks: createWebhooksGroup(open, openAsApp),
    form: createFormGroup(open, issueFields),
    labels: createLabelsGroup(open),
    people: createPeopleGroup(open),
    containers: createContainersGroup(open),
    rateLimits: createRateLimitsGroup(options.enterpriseRateLimits ?? []),
  };
}

function authorizationOf(call: GitHubCall, tokens: AppTokens): Authorization {
  const { auth } = call;
  return auth.type === "app" ? tokens.authorization({ ...call, auth }) : tokenAuthorization(auth.token);
}
