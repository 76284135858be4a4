import type { AuthorizationGroup, Provider } from "@backref/core/provider";
import { checkFactoryOptions, type FactoryOptionKind } from "@backref/provider-kit";
import { createAttachmentsGroup } from "./attachments.ts";
import { createAuthorizationGroup, type JiraApplication } from "./authorization.ts";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, type OpenClient } from "./client.ts";
import { createCloudSites } from "./cloud-site.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createContainersGroup } from "./containers.ts";
import { createCreateGroup } from "./create.ts";
import { providerId } from "./errors.ts";
import { createFormGroup } from "./form.ts";
import { createIssueFields } from "./issue-fields.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeopleGroup } from "./people.ts";
import { createReadGroup } from "./read.ts";
import { createSearchGroup } from "./search.ts";
import { normaliseBaseUrl } from "./site.ts";
import { loadRichText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";

/** Options of `createJiraProvider`, for all sources at Jira. */
export interface JiraProviderOptions {
  /** The host's application at Atlassian, for sign-in by redirect to Cloud. @default none: credentials are entered by hand */
  readonly oauth?: JiraApplication;
  /** Names the application to Jira. @default "backref" */
  readonly userAgent?: string;
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
}

/** Jira as a provider, for `createBackref`. */
export type JiraProvider = Provider<typeof providerId, JiraAuth, JiraOptions>;

/** A provider whose sources people can sign in to by redirect. */
export interface JiraSignInProvider extends JiraProvider {
  readonly authorization: AuthorizationGroup<JiraAuth, JiraOptions>;
}

const optionKinds: Readonly<Record<keyof JiraProviderOptions, FactoryOptionKind>> = {
  userAgent: "text",
  timeoutMs: "number",
  maxAnswerBytes: "number",
  oauth: "application",
};

/**
 * Jira Cloud and Data Center. The kind of credential says which.
 * @example
 * ```ts
 * import { createJiraProvider } from "@backref/provider-jira";
 *
 * // With sign-in by redirect, `sources.authorize`:
 * export const jira = createJiraProvider({
 *   oauth: { clientId: process.env["JIRA_CLIENT_ID"] ?? "", clientSecret: process.env["JIRA_CLIENT_SECRET"] ?? "" },
 * });
 * ```
 */
export function createJiraProvider(
  options: JiraProviderOptions & { readonly oauth: JiraApplication },
): JiraSignInProvider;
export function createJiraProvider(options?: JiraProviderOptions): JiraProvider;
export function createJiraProvider(options: JiraProviderOptions = {}): JiraProvider {
  checkFactoryOptions("createJiraProvider", options, optionKinds);
  const userAgent = options.userAgent ?? "backref";
  const settings: ClientSettings = {
    userAgent,
    sites: createCloudSites(userAgent),
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes,
  };
  const open: OpenClient = (call) => createClient(call, settings);
  const issueFields = createIssueFields();
  return {
    id: providerId,
    specVersion: 1,
    capabilities: {
      readBatchSize: 100,
      markerPlace: "property",
      versionGranularityMs: 1,
      readLagMs: 1000,
      stateCategories: ["open", "active", "closed"],
      stateSteps: true,
      priority: "field",
      assignees: "one",
      requiredFields: true,
      maxLength: { title: 255, body: 32_767, comment: 32_767 },
      comments: { edit: true, delete: true, returnsId: true, visibility: true },
      pollScope: "container",
      webhookPayload: "id-only",
      // Only a node of its own notifies people, and none is made of text.
      mentions: false,
    },
    describe: () => ({
      name: "Jira",
      defaultBaseUrl: null,
      containerName: "Project",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    normaliseBaseUrl,
    parseIssue,
    formatIssue,
    createUrl,
    async preload() {
      await loadRichText("cloud");
    },
    connect: createConnectGroup(open),
    read: createReadGroup(open),
    search: createSearchGroup(open),
    create: createCreateGroup(open, issueFields),
    update: createUpdateGroup(open),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    webhooks: createWebhooksGroup(open, options.oauth?.clientSecret ?? null),
    form: createFormGroup(open, issueFields),
    people: createPeopleGroup(open),
    attachments: createAttachmentsGroup(open),
    containers: createContainersGroup(open),
    ...(options.oauth !== undefined && { authorization: createAuthorizationGroup(options.oauth, settings) }),
  };
}
