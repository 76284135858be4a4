import type { Provider } from "@backref/core/provider";
import { checkFactoryOptions, type FactoryOptionKind } from "@backref/provider-kit";
import { createAttachmentsGroup } from "./attachments.ts";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, type OpenClient } from "./client.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createContainersGroup } from "./containers.ts";
import { createCreateGroup } from "./create.ts";
import { providerId } from "./errors.ts";
import { createFieldCatalogue } from "./field-catalogue.ts";
import { createFormGroup } from "./form.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeople, createPeopleGroup } from "./people.ts";
import { createPace } from "./rate-limits.ts";
import { createReadGroup } from "./read.ts";
import { batchSize, createReaders } from "./reader.ts";
import { createSearchGroup } from "./search.ts";
import { normaliseBaseUrl } from "./site.ts";
import { loadRichText } from "./text.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions, EntraTokenRequest } from "./types.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";
import { createWorkItemTypes } from "./work-item-types.ts";

/** Options of `createAzureDevOpsProvider`, for all sources at Azure DevOps. */
export interface AzureDevOpsProviderOptions {
  /**
   * Makes tokens of Microsoft Entra for sources whose credential is an identity of the host's, for each request anew: keep
   * them as long as they are good. They go to Azure DevOps Services only. Anybody who may configure sources can name any
   * identity, so check that it may be used for this organisation. What it throws is told as trouble that passes.
   * @default none: credentials are tokens
   */
  readonly entraToken?: (request: EntraTokenRequest) => Promise<string>;
  /** Names the application to Azure DevOps. @default "backref" */
  readonly userAgent?: string;
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
}

/** Azure DevOps as a provider, for `createBackref`. */
export type AzureDevOpsProvider = Provider<typeof providerId, AzureDevOpsAuth, AzureDevOpsOptions>;

/** Long texts have at most so many characters: https://learn.microsoft.com/azure/devops/boards/work-items/work-item-fields */
const longestText = 1_048_576;
/** Beyond it a file would have to be sent in pieces. */
const largestFile = 130 * 1024 * 1024;

const optionKinds: Readonly<Record<keyof AzureDevOpsProviderOptions, FactoryOptionKind>> = {
  userAgent: "text",
  timeoutMs: "number",
  maxAnswerBytes: "number",
  entraToken: "function",
};

/** Azure DevOps Services and Server. */
export function createAzureDevOpsProvider(options: AzureDevOpsProviderOptions = {}): AzureDevOpsProvider {
  checkFactoryOptions("createAzureDevOpsProvider", options, optionKinds);
  const settings: ClientSettings = {
    userAgent: options.userAgent ?? "backref",
    entraToken: options.entraToken ?? null,
    pace: createPace(),
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes,
  };
  const open: OpenClient = (call) => createClient(call, settings);
  const openReader = createReaders(open, createWorkItemTypes());
  const people = createPeople();
  const catalogue = createFieldCatalogue();
  return {
    id: providerId,
    specVersion: 1,
    capabilities: {
      readBatchSize: batchSize,
      compareAndSet: true,
      markerPlace: "remote-link",
      versionGranularityMs: 0,
      readLagMs: 1000,
      stateCategories: ["open", "active", "closed"],
      priority: "field",
      assignees: "one",
      maxLength: { title: 255, body: longestText, comment: longestText },
      requiredFields: true,
      attachmentMaxBytes: largestFile,
      comments: { edit: true, delete: true, returnsId: true, visibility: false },
      pollScope: "container",
      webhookPayload: "id-only",
      webhookProof: "secret",
      mentions: true,
    },
    describe: () => ({
      name: "Azure DevOps",
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
      await loadRichText();
    },
    connect: createConnectGroup(open),
    read: createReadGroup(openReader),
    search: createSearchGroup(openReader),
    create: createCreateGroup(openReader, { people, catalogue }),
    update: createUpdateGroup(openReader, people),
    comments: createCommentsGroup(openReader),
    changes: createChangesGroup(openReader),
    webhooks: createWebhooksGroup(open),
    form: createFormGroup(open, catalogue),
    people: createPeopleGroup(open, people),
    attachments: createAttachmentsGroup(openReader),
    containers: createContainersGroup(open),
  };
}
