/**
 * A fake GitLab, gitlab.com and self-managed: stateful, one `fetch` handler, usable in process and over a port.
 * @packageDocumentation
 */
export type { Fault, FaultKind, FaultMatch, Faults } from "../fake/faults.ts";
export type { ListeningFake } from "../fake/port.ts";
export type { RequestLogEntry } from "../fake/request-log.ts";
export { createFakeGitLab, type FakeGitLab, type FakeGitLabOptions, type GitLabTokenOptions } from "./fake.ts";
export type { AccessLevel, HookEvent, HookRecord, IssueKind } from "./model.ts";
export type { GitLabIssueDraft, GitLabIssueEdit, GitLabPerson } from "./person.ts";
export { extractQuickActions, type QuickAction } from "./quick-actions.ts";
export type { RateLimitSettings } from "./rate-limits.ts";
export type { FakeGitLabFile, FakeGitLabIssue, FakeGitLabNote } from "./snapshot.ts";
export type { WebhookTimes } from "./webhook-payloads.ts";
export type { GitLabDelivery, GitLabWebhooks } from "./webhooks.ts";
