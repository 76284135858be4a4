/**
 * A fake Azure DevOps, Services and Server: stateful, one `fetch` handler, usable in process and over a port.
 * @packageDocumentation
 */
export type { Fault, FaultKind, FaultMatch, Faults } from "../fake/faults.ts";
export type { ListeningFake } from "../fake/port.ts";
export type { RequestLogEntry } from "../fake/request-log.ts";
export {
  type AzureDevOpsTokenOptions,
  createFakeAzureDevOps,
  type FakeAzureDevOps,
  type FakeAzureDevOpsOptions,
} from "./fake.ts";
export type {
  Deployment,
  FieldKind,
  FieldRecord,
  Permission,
  RelationRecord,
  Scope,
  StateCategory,
  StateRecord,
  SubscriptionRecord,
  SubscriptionStatus,
  TextFormat,
  TypeRecord,
} from "./model.ts";
export type { AzureDevOpsIssueDraft, AzureDevOpsIssueEdit, AzureDevOpsPerson } from "./person.ts";
export { customType, field, priorityField } from "./process.ts";
export type { AzureDevOpsProjectOptions } from "./projects.ts";
export type { RateLimitSettings } from "./rate-limits.ts";
export type { SignInAnswer } from "./service.ts";
export type { FakeAzureDevOpsComment, FakeAzureDevOpsIssue } from "./snapshot.ts";
export type { AzureDevOpsDelivery, AzureDevOpsWebhooks } from "./webhooks.ts";
