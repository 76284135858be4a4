import type { AuthorizationGroup, Provider, RateLimit } from "@backref/core/provider";
import { checkFactoryOptions, type FactoryOptionKind } from "@backref/provider-kit";
import { createAttachmentsGroup } from "./attachments.ts";
import { createAuthorizationGroup, type GitLabApplication } from "./authorization.ts";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, type OpenClient } from "./client.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createContainersGroup } from "./containers.ts";
import { createCreateGroup } from "./create.ts";
import { createRateLimitsGroup } from "./documented-rate-limits.ts";
import { providerId } from "./errors.ts";
import { createFormGroup } from "./form.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { createLabelsGroup } from "./labels.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeopleGroup } from "./people.ts";
import { createReadGroup } from "./read.ts";
import { createSearchGroup } from "./search.ts";
import { defaultBaseUrl, normaliseBaseUrl } from "./site.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";

/** Options of `createGitLabProvider`, for all sources at GitLab. */
export interface GitLabProviderOptions {
  /** The host's application at GitLab, for sign-in by redirect. @default none: credentials are entered by hand */
  readonly oauth?: GitLabApplication;
  /** Names the application to GitLab. @default "backref" */
  readonly userAgent?: string;
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
  /** Limits that the administrator of a self-managed site has set. gitlab.com always has the documented ones. @default none */
  readonly selfManagedRateLimits?: readonly RateLimit[];
}

/** GitLab as a provider, for `createBackref`. */
export type GitLabProvider = Provider<typeof providerId, GitLabAuth, GitLabOptions>;

/** A provider whose sources people can sign in to by redirect. */
export interface GitLabSignInProvider extends GitLabProvider {
  readonly authorization: AuthorizationGroup<GitLabAuth, GitLabOptions>;
}

const optionKinds: Readonly<Record<keyof GitLabProviderOptions, FactoryOptionKind>> = {
  userAgent: "text",
  timeoutMs: "number",
  maxAnswerBytes: "number",
  oauth: "application",
  selfManagedRateLimits: "list",
};

/** GitLab: gitlab.com and self-managed. */
export function createGitLabProvider(
  options: GitLabProviderOptions & { readonly oauth: GitLabApplication },
): GitLabSignInProvider;
export function createGitLabProvider(options?: GitLabProviderOptions): GitLabProvider;
export function createGitLabProvider(options: GitLabProviderOptions = {}): GitLabProvider {
  checkFactoryOptions("createGitLabProvider", options, optionKinds);
  const settings: ClientSettings = {
    userAgent: options.userAgent ?? "backref",
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes,
  };
  const open: OpenClient = (call) => createClient(call, settings);
  return {
    id: providerId,
    specVersion: 1,
    capabilities: {
      readBatchSize: 100,
      markerPlace: "body",
      versionGranularityMs: 1,
      readLagMs: 1000,
      stateCategories: ["open", "closed"],
      priority: "labels",
      assignees: "one",
      maxLength: { title: 255, body: 1_048_576, comment: 1_000_000 },
      comments: { edit: true, delete: true, returnsId: true, visibility: true },
      pollScope: "container",
      webhookPayload: "id-only",
      mentions: true,
      references: { prefixes: ["#", "!", "&", "GL-"], named: ["issue", "work_item", "epic", "vulnerability"] },
      quickActions: true,
    },
    capabilitiesFor: ({ severalAssignees }) => (severalAssignees ? { assignees: "several" } : {}),
    describe: () => ({
      name: "GitLab",
      defaultBaseUrl,
      containerName: "Project",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    normaliseBaseUrl,
    parseIssue,
    formatIssue,
    createUrl,
    connect: createConnectGroup(open),
    read: createReadGroup(open),
    search: createSearchGroup(open),
    create: createCreateGroup(open),
    update: createUpdateGroup(open),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    webhooks: createWebhooksGroup(open),
    form: createFormGroup(open),
    labels: createLabelsGroup(open),
    people: createPeopleGroup(open),
    attachments: createAttachmentsGroup(open),
    containers: createContainersGroup(open),
    rateLimits: createRateLimitsGroup(options.selfManagedRateLimits ?? []),
    ...(options.oauth !== undefined && { authorization: createAuthorizationGroup(options.oauth, settings) }),
  };
}
