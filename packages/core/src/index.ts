/**
 * Backref: link test objects and defects to issues in any tracker, and keep them in step.
 *
 * Plugins import `@backref/core/provider` or `@backref/core/storage` instead.
 * @packageDocumentation
 */
export type { Backref, BackrefFor, BackrefOptions, HostOwnedDefects } from "./backref-types.ts";
export { createBackref } from "./create-backref.ts";
export type {
  DefectApplyOutcome,
  DefectChange,
  DefectComment,
  DefectCommentChange,
  DefectSnapshot,
  DefectStore,
} from "./defect-store/defect-store.ts";
export type { Actor, ProjectRole, SystemActor, TenantRole, UserActor } from "./domain/actor.ts";
export type { ConflictPolicy, FieldDirection, FieldValue, SyncField } from "./domain/fields.ts";
export type { JsonObject, JsonValue } from "./domain/json.ts";
export type { FieldRule, PriorityMapping, StatusMapping, SyncMappingInput } from "./domain/mapping.ts";
export type { Page, PageRequest } from "./domain/page.ts";
export type { Relation, RelationKind } from "./domain/relations.ts";
export { type SourceFeature, sourceFeatures } from "./domain/source-features.ts";
export type { BuiltInTestObjectType, TestObject, TestObjectType } from "./domain/test-object.ts";
export {
  type DefaultVocabulary,
  defaultVocabulary,
  type PriorityOf,
  type StatusCategory,
  type StatusOf,
  type Vocabulary,
} from "./domain/vocabulary.ts";
export type { SyncRunResult, SyncService } from "./engine/engine.ts";
export type { BlockedReason, LinkStatus } from "./engine/link-status.ts";
export type { WorkerHealth } from "./engine/worker-record.ts";
export {
  BackrefError,
  type BackrefErrorCode,
  errorCodes,
  type FailureClass,
  type InputIssue,
  ProviderError,
  StorageError,
} from "./errors/index.ts";
export { type ActivityEvent, type ActivityType, activityTypes } from "./events/event-bus.ts";
export type { Issue, IssueDetails, IssueState } from "./issues/issue.ts";
export type { MappingProblem, MappingProblemKind } from "./mapping/check-mapping.ts";
export type { ResolveName } from "./outgoing/checked-lookup.ts";
export { type ClosableFetch, createOutgoingFetch, type OutgoingFetchOptions } from "./outgoing/outgoing-fetch.ts";
export {
  type Clock,
  type FetchFunction,
  type LogEvent,
  type LogFields,
  type Logger,
  type LogLevel,
  logEvents,
  type OutgoingConnection,
  type OutgoingFetch,
  type Random,
  type Scheduler,
  type SpanRequest,
  systemClock,
  systemRandom,
  systemScheduler,
  type Telemetry,
  type TelemetryAttribute,
  type TelemetryAttributes,
  type TelemetryCause,
  type TelemetryMetric,
  type TelemetrySpan,
  telemetryMetrics,
  telemetrySpans,
} from "./ports/index.ts";
export type { IssueFormField, IssueFormFieldType, IssueFormValue } from "./provider/groups/form.ts";
export type { CredentialName, CredentialVault } from "./runtime/credentials.ts";
export { defaultLimits, type Limits } from "./runtime/limits.ts";
export type { AttachmentFile, AttachmentFiles, AttachmentUrl, DefectUrl } from "./runtime/runtime.ts";
export { type Action, actionTable } from "./security/actions.ts";
export { generateSecretKey, type SecretKey } from "./security/key-ring.ts";
export type { Policy, PolicyRequest, Resource } from "./security/policy.ts";
export type { RewrapSummary, UnreadableSecret } from "./security/rewrap-secrets.ts";
export type { ActivityQuery, ActivityService } from "./services/activity-types.ts";
export type { Comment, CommentsService } from "./services/comments/comments-service.ts";
export type {
  CreateDefectInput,
  Defect,
  DefectLinksService,
  DefectsService,
  LinkFile,
  Occurrence,
  PushAttachment,
  PushManyOptions,
  PushOptions,
  PushOutcome,
  ReportInput,
  SyncLink,
  UpdateDefectInput,
} from "./services/defects/defects-types.ts";
export type { DurableEvent, EventsService } from "./services/durable-events.ts";
export type { PushForm, PushFormField, PushFormRequest } from "./services/forms/form-types.ts";
export {
  type Health,
  type HealthReason,
  type HealthReasonCode,
  type HealthRequest,
  type HealthStatus,
  healthReasons,
} from "./services/health/health-types.ts";
export type {
  IssueMatch,
  IssueSearchRequest,
  IssueSearchResult,
  SearchLimit,
} from "./services/issue-search-types.ts";
export type {
  IssuesService,
  RefreshOptions,
  RefreshProblem,
  RefreshRequest,
  RefreshSummary,
} from "./services/issues-types.ts";
export { methodActions } from "./services/method-actions.ts";
export type {
  FoundPerson,
  Identity,
  IdentityInput,
  IdentitySuggestion,
  PeopleSearchRequest,
  PeopleService,
  SuggestRequest,
} from "./services/people-types.ts";
export type { Progress } from "./services/progress.ts";
export type { ProviderGroup, ProviderInfo, ProvidersService } from "./services/providers-types.ts";
export type {
  AddReferenceInput,
  AddReferenceOutcome,
  AddReferenceResult,
  Reference,
  ReferenceFilter,
  ReferenceOptions,
  ReferenceQuery,
  ReferenceSelection,
  ReferencesService,
  RemoveAllReferencesRequest,
  TransferReferencesRequest,
  TransferReferencesResult,
  UpdateReferenceResult,
} from "./services/references-types.ts";
export type { CreateRelationInput, RelationsService, UpdateRelationInput } from "./services/relations-types.ts";
export type { CreateSourceInput, TargetInput, UpdateSourceInput } from "./services/source-input-types.ts";
export type {
  PreviewedField,
  PreviewedLink,
  PreviewedSide,
  PreviewOutcome,
  PreviewRequest,
  PreviewStep,
  SourcePreview,
} from "./services/source-preview-types.ts";
export type {
  DeclineChangesRequest,
  HeldChanges,
  RedirectInput,
  Source,
  SourceCertificate,
  SourcesService,
  Target,
  WebhookRedelivery,
  WebhookRegistration,
} from "./services/sources-types.ts";
export type {
  Coverage,
  CoverageRequest,
  CoverageVerdict,
  IssueCoverage,
  ObservedObject,
  ObservedObjects,
  TestOutcome,
} from "./services/traceability/coverage-types.ts";
export type {
  ExportedReference,
  ExportFormat,
  ExportReferencesRequest,
  TraceabilityExport,
} from "./services/traceability/export-types.ts";
export type { RelatedProblem, RetestCandidate, RetestRequest } from "./services/traceability/retest-types.ts";
export type {
  ReferenceTraceabilityService,
  TraceabilityService,
  TracedDefect,
} from "./services/traceability/traceability-types.ts";
export { countDefectTrend } from "./services/traceability/trend.ts";
export type {
  DefectHistory,
  DefectTrend,
  DefectTrendRequest,
  RunDefects,
  RunsRequest,
  TrendPeriod,
  TrendWindow,
} from "./services/traceability/trend-types.ts";
export type { SourceHealth } from "./storage/rows/source-rows.ts";
export type { HostTransaction, Storage } from "./storage/storage.ts";
export type { AppWebhookOptions } from "./webhooks/app-secrets.ts";
export type { WebhookOptions, WebhooksService, WebhookTarget } from "./webhooks/webhook-intake.ts";
