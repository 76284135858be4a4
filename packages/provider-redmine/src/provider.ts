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
import { createFormGroup } from "./form.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeopleGroup } from "./people.ts";
import { createReadGroup } from "./read.ts";
import { createSearchGroup } from "./search.ts";
import { normaliseBaseUrl } from "./site.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";
import { createUpdateGroup } from "./update.ts";

/** Options of `createRedmineProvider`, for all sources at Redmine. */
export interface RedmineProviderOptions {
  /** Names the application to Redmine. @default "backref" */
  readonly userAgent?: string;
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
}

/** Redmine as a provider, for `createBackref`. */
export type RedmineProvider = Provider<typeof providerId, RedmineAuth, RedmineOptions>;

const optionKinds: Readonly<Record<keyof RedmineProviderOptions, FactoryOptionKind>> = {
  userAgent: "text",
  timeoutMs: "number",
  maxAnswerBytes: "number",
};

/** Redmine, versions 5.0 to 7.0. */
export function createRedmineProvider(options: RedmineProviderOptions = {}): RedmineProvider {
  checkFactoryOptions("createRedmineProvider", options, optionKinds);
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
      versionGranularityMs: 1000,
      readLagMs: 0,
      stateCategories: ["open", "closed"],
      itemScope: "source",
      priority: "field",
      priorityAlwaysSet: true,
      assignees: "one",
      maxLength: { title: 255 },
      comments: { edit: true, delete: true, returnsId: true, visibility: true, tellsEdits: false },
      pollScope: "container",
      mentions: true,
    },
    capabilitiesFor: ({ activeStatuses }) =>
      activeStatuses.length === 0 ? {} : { stateCategories: ["open", "active", "closed"] },
    describe: () => ({
      name: "Redmine",
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
    connect: createConnectGroup(open),
    read: createReadGroup(open),
    search: createSearchGroup(open),
    create: createCreateGroup(open),
    update: createUpdateGroup(open),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    form: createFormGroup(open),
    people: createPeopleGroup(open),
    attachments: createAttachmentsGroup(open),
    containers: createContainersGroup(open),
  };
}
