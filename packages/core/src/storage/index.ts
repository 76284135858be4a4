/**
 * The storage contract: everything a storage plugin may import from core. Types, errors and the table definitions.
 * @packageDocumentation
 */

export type { ConflictPolicy, FieldDirection, FieldValue, SyncField } from "../domain/fields.ts";
export type { JsonObject, JsonValue } from "../domain/json.ts";
export { BackrefError, type BackrefErrorCode, StorageError } from "../errors/index.ts";
export { type Clock, systemClock } from "../ports/clock.ts";
export type {
  BlockWrite,
  CommitOutcome,
  CommitUnit,
  DeleteWrite,
  InsertWrite,
  MarkWrite,
  PutWrite,
  ReleaseWrite,
  Requirement,
  UpdateWrite,
  Write,
} from "./commit.ts";
export type { DueOverview, StorageOverview } from "./overview.ts";
export type { ReserveItem, ReserveRequest, ReserveResult, ReserveWindow } from "./reserve.ts";
export { reserveUnits } from "./reserve-units.ts";
export type { DefectCommentRow, DefectRow, OccurrenceRow } from "./rows/defect-rows.ts";
export type { ActivityRow, DeliveryRow } from "./rows/feed-rows.ts";
export type { IssueFormRow, RememberedFieldsRow } from "./rows/form-rows.ts";
export type {
  BasePair,
  CommentLinkRow,
  ConflictRow,
  CreateIntent,
  JournalEntry,
  LinkAttachment,
  LinkFailure,
  LinkRow,
  RefusedField,
} from "./rows/link-rows.ts";
export type { IssueRow, ReferenceRow, RelationRow } from "./rows/reference-rows.ts";
export type {
  BudgetRow,
  GuardAnswer,
  IdentityRow,
  PollScopeRow,
  SecretRow,
  SourceRow,
  TargetRow,
} from "./rows/source-rows.ts";
export { idleWork, type WorkColumns } from "./rows/work-columns.ts";
export type {
  ClaimRequest,
  ClaimResult,
  FindQuery,
  HostTransaction,
  Storage,
  StorageScope,
  StorageSystem,
} from "./storage.ts";
export {
  type AccessPath,
  type Row,
  type Scalar,
  type TableDefinition,
  type TableName,
  type Tables,
  tableDefinitions,
  type WorkTableName,
} from "./tables.ts";
