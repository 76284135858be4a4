/**
 * The provider contract: everything a tracker plugin may import from core. Types, errors and a few constants only.
 * @packageDocumentation
 */

export type {
  CommentVisibility,
  FieldWarning,
  FormattedIssue,
  IssueAddress,
  IssueLocation,
  IssueSnapshot,
  RemoteComment,
  RemotePerson,
  RemoteState,
} from "../domain/issue-snapshot.ts";
export type { JsonObject, JsonValue } from "../domain/json.ts";
export type { Page, PageRequest } from "../domain/page.ts";
export type { StatusCategory } from "../domain/vocabulary.ts";
export * from "../errors/index.ts";
export type { Clock } from "../ports/clock.ts";
export type { FetchFunction } from "../ports/fetch.ts";
export type { Logger, LogLevel } from "../ports/logger.ts";
export type { Random } from "../ports/random.ts";
export type { Scheduler } from "../ports/scheduler.ts";
export type { ProviderCall } from "./call.ts";
export type { MarkerPlace, ProviderCapabilities, QuietUrls } from "./capabilities.ts";
export type { Form, ParseResult, ProviderDescription } from "./form.ts";
export type { AttachmentsGroup, RemoteAttachment, UploadRequest } from "./groups/attachments.ts";
export type { AuthorizationGroup } from "./groups/authorization.ts";
export type { ChangesGroup, ChangesPage, ChangesRequest } from "./groups/changes.ts";
export type { CommentsGroup, CreateCommentRequest } from "./groups/comments.ts";
export type { ConnectGroup, ConnectionReport, ContainerReport } from "./groups/connect.ts";
export type { ContainersGroup } from "./groups/containers.ts";
export type {
  CreateGroup,
  CreateIssueRequest,
  CreateIssueResult,
  FindCreatedRequest,
  StateTarget,
} from "./groups/create.ts";
export type { FormGroup, IssueFormField, IssueFormFieldType, IssueFormValue } from "./groups/form.ts";
export type { EnsureLabelsResult, LabelDefinition, LabelsGroup } from "./groups/labels.ts";
export type { PeopleGroup } from "./groups/people.ts";
export type { RateLimit, RateLimitsGroup } from "./groups/rate-limits.ts";
export type { ReadGroup, ReadOutcome } from "./groups/read.ts";
export type { SearchGroup } from "./groups/search.ts";
export type { IssuePatch, UpdateGroup, UpdateIssueRequest, UpdateIssueResult } from "./groups/update.ts";
export type { WebhookDelivery, WebhookEvent, WebhookHint, WebhooksGroup } from "./groups/webhooks.ts";
export type { IssueDraft, IssueSite, Provider } from "./provider.ts";
export { type ResolvedCapabilities, resolveCapabilities, resolveSourceCapabilities } from "./resolved-capabilities.ts";
