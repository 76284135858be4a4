/**
 * A fake Jira, Cloud and Data Center: stateful, one `fetch` handler, usable in process and over a port.
 * @packageDocumentation
 */
export type { Fault, FaultKind, FaultMatch, Faults } from "../fake/faults.ts";
export type { ListeningFake } from "../fake/port.ts";
export type { RequestLogEntry } from "../fake/request-log.ts";
export { createFakeJira, type FakeJira, type FakeJiraOptions, type JiraTokenOptions } from "./fake.ts";
export type {
  CategoryKey,
  CommentVisibility,
  Deployment,
  FieldKind,
  FieldRecord,
  HookRecord,
  NamedRecord,
  OptionRecord,
  Permission,
  ScreenField,
  TransitionRecord,
  WorkflowRecord,
} from "./model.ts";
export type { JiraIssueDraft, JiraIssueEdit, JiraPerson } from "./person.ts";
export type { JiraProjectOptions } from "./projects.ts";
export type { RateLimitSettings } from "./rate-limits.ts";
export type { FakeJiraComment, FakeJiraFile, FakeJiraIssue } from "./snapshot.ts";
export type { JiraDelivery, JiraWebhooks } from "./webhooks.ts";
