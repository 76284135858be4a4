/**
 * A fake GitHub, github.com and Enterprise Server: stateful, one `fetch` handler, usable in process and over a port.
 * @packageDocumentation
 */
export type { Fault, FaultKind, FaultMatch, Faults } from "../fake/faults.ts";
export type { ListeningFake } from "../fake/port.ts";
export type { RequestLogEntry } from "../fake/request-log.ts";
export type { WebhookMode } from "../fake/webhook-mode.ts";
export {
  type AppKeys,
  type AppOptions,
  createAppKeys,
  type FakeApp,
  type FakeApps,
  type InstallationOptions,
} from "./app-actions.ts";
export type { OrganizationOptions } from "./catalog.ts";
export { createFakeGitHub, type FakeGitHub, type FakeGitHubOptions } from "./fake.ts";
export type { HookDraft } from "./hook-actions.ts";
export type { NewLabel } from "./label-actions.ts";
export type { FineGrainedPermissions, RepositoryAccess, StateReason } from "./model.ts";
export type { IssueDraft, IssueEdit, Person } from "./person.ts";
export type { RateLimitSettings, RateResource } from "./rate-limits.ts";
export type { RepositoryOptions, TokenOptions, TokenRights } from "./registry.ts";
export type { FakeComment, FakeIssue } from "./snapshot.ts";
export { type FakeGitHubState, FakeGitHubStateError } from "./state.ts";
export type { LackingFeature } from "./view.ts";
export type { WebhookDelivery, Webhooks } from "./webhooks.ts";
