import type { AuthorizationGroup, Provider } from "@backref/core/provider";
import { checkFactoryOptions, type FactoryOptionKind } from "@backref/provider-kit";
import { createAttachmentsGroup } from "./attachments.ts";
import { createAuthorizationGroup, type LinearApplication } from "./authorization.ts";
import { createChangesGroup } from "./changes.ts";
import { type ClientSettings, createClient, type OpenClient } from "./client.ts";
import { createCommentsGroup } from "./comments.ts";
import { createConnectGroup } from "./connect.ts";
import { createContainersGroup } from "./containers.ts";
import { createCreateGroup } from "./create.ts";
import { providerId } from "./errors.ts";
import { createFormGroup } from "./form.ts";
import { createUrl, formatIssue, parseIssue } from "./keys.ts";
import { createLabelsGroup } from "./labels.ts";
import { authForm, containerForm, optionsForm } from "./options.ts";
import { createPeopleGroup } from "./people.ts";
import { createReadGroup } from "./read.ts";
import { createSearchGroup } from "./search.ts";
import { defaultBaseUrl, normaliseBaseUrl } from "./site.ts";
import { createTeams } from "./teams.ts";
import { idOfToken } from "./token-id.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";
import { createGoneUsers } from "./unknown-user.ts";
import { createUpdateGroup } from "./update.ts";
import { createWebhooksGroup } from "./webhooks.ts";

/** Options of `createLinearProvider`, for all sources at Linear. */
export interface LinearProviderOptions {
  /** Longest time for one request, the whole answer included. @default 30000 */
  readonly timeoutMs?: number;
  /** Longest answer accepted. @default 16 MiB */
  readonly maxAnswerBytes?: number;
  /** The host's own application at Linear, for sign-in by redirect. @default none: keys and tokens are entered by hand */
  readonly oauth?: LinearApplication;
}

/** Linear as a provider, for `createBackref`. */
export type LinearProvider = Provider<typeof providerId, LinearAuth, LinearOptions>;

/** A provider whose sources people can sign in to by redirect. */
export interface LinearSignInProvider extends LinearProvider {
  readonly authorization: AuthorizationGroup<LinearAuth, LinearOptions>;
}

const optionKinds: Readonly<Record<keyof LinearProviderOptions, FactoryOptionKind>> = {
  timeoutMs: "number",
  maxAnswerBytes: "number",
  oauth: "application",
};

/** Linear, by its GraphQL API. */
export function createLinearProvider(
  options: LinearProviderOptions & { readonly oauth: LinearApplication },
): LinearSignInProvider;
export function createLinearProvider(options?: LinearProviderOptions): LinearProvider;
export function createLinearProvider(options: LinearProviderOptions = {}): LinearProvider {
  checkFactoryOptions("createLinearProvider", options, optionKinds);
  const settings: ClientSettings = {
    timeoutMs: options.timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes,
  };
  const open: OpenClient = (call) => createClient(call, settings);
  const teams = createTeams();
  const gone = createGoneUsers();
  return {
    id: providerId,
    specVersion: 1,
    capabilities: {
      readBatchSize: 250,
      idempotentCreate: true,
      markerPlace: "client-id",
      versionGranularityMs: 1,
      readLagMs: 1000,
      stateCategories: ["open", "active", "closed"],
      priority: "field",
      assignees: "one",
      comments: { edit: true, delete: true, returnsId: true, visibility: false },
      pollScope: "container",
      webhookPayload: "full",
      mentions: true,
      references: { keys: true },
      rewritesText: true,
    },
    describe: () => ({
      name: "Linear",
      defaultBaseUrl,
      containerName: "Team",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    normaliseBaseUrl,
    parseIssue,
    formatIssue,
    createUrl,
    commentIdOf: idOfToken,
    connect: createConnectGroup(open),
    read: createReadGroup(open),
    search: createSearchGroup(open),
    create: createCreateGroup(open, teams, gone),
    update: createUpdateGroup(open, teams, gone),
    comments: createCommentsGroup(open),
    changes: createChangesGroup(open),
    webhooks: createWebhooksGroup(open),
    form: createFormGroup(open),
    labels: createLabelsGroup(open, teams),
    people: createPeopleGroup(open),
    containers: createContainersGroup(open),
    attachments: createAttachmentsGroup(open, settings),
    ...(options.oauth !== undefined && { authorization: createAuthorizationGroup(options.oauth, settings) }),
  };
}
