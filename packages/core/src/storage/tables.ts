import type { DefectCommentRow, DefectRow, OccurrenceRow } from "./rows/defect-rows.ts";
import type { ActivityRow, DeliveryRow } from "./rows/feed-rows.ts";
import type { IssueFormRow, RememberedFieldsRow } from "./rows/form-rows.ts";
import type { CommentLinkRow, ConflictRow, LinkRow } from "./rows/link-rows.ts";
import type { IssueRow, ReferenceRow, RelationRow } from "./rows/reference-rows.ts";
import type { BudgetRow, IdentityRow, PollScopeRow, SecretRow, SourceRow, TargetRow } from "./rows/source-rows.ts";

/** Every table and its row. `(tenantId, id)` is the primary key everywhere. */
export interface Tables {
  readonly source: SourceRow;
  readonly target: TargetRow;
  readonly secret: SecretRow;
  readonly pollScope: PollScopeRow;
  readonly budget: BudgetRow;
  readonly identity: IdentityRow;
  readonly relation: RelationRow;
  readonly issue: IssueRow;
  readonly reference: ReferenceRow;
  readonly defect: DefectRow;
  readonly occurrence: OccurrenceRow;
  readonly defectComment: DefectCommentRow;
  readonly link: LinkRow;
  readonly commentLink: CommentLinkRow;
  readonly conflict: ConflictRow;
  readonly issueForm: IssueFormRow;
  readonly rememberedFields: RememberedFieldsRow;
  readonly delivery: DeliveryRow;
  readonly activity: ActivityRow;
}

/** Name of a table. */
export type TableName = keyof Tables;
/** Tables whose rows are claimed as work. */
export type WorkTableName = "link" | "pollScope";
/** A row of a table. */
export type Row<Table extends TableName> = Tables[Table];

/** Columns with a plain value, which keys and requirements compare. */
export type Scalar = string | number | boolean | null;

type ColumnOf<Table extends TableName> = Extract<keyof Tables[Table], string>;

/** Keys and access paths of a table. */
export interface TableDefinition<Table extends TableName> {
  /**
   * Unique keys beside the primary key. The tenant is part of each, except where `global` says so.
   * A key with a null in it is not compared with any other.
   */
  readonly unique: Readonly<Record<string, { readonly columns: readonly ColumnOf<Table>[]; readonly global?: true }>>;
  /** Further access paths. The tenant comes first in each. */
  readonly indexes: Readonly<Record<string, readonly ColumnOf<Table>[]>>;
}

/**
 * The keys and access paths of every table: what a storage has to enforce and to make fast.
 * `find` reads by `id`, by a unique key or by an index of this list, and by nothing else.
 */
export const tableDefinitions = {
  source: { unique: { endpoint: { columns: ["endpoint"], global: true } }, indexes: { all: [] } },
  target: {
    unique: { sourceProject: { columns: ["sourceId", "projectId"] } },
    indexes: { source: ["sourceId"], project: ["projectId"] },
  },
  secret: { unique: { name: { columns: ["sourceId", "name"] } }, indexes: { source: ["sourceId"], all: [] } },
  pollScope: {
    unique: { container: { columns: ["sourceId", "container"] } },
    indexes: { source: ["sourceId"] },
  },
  budget: { unique: {}, indexes: {} },
  identity: {
    unique: {
      remote: { columns: ["sourceId", "remoteUserId"] },
      host: { columns: ["sourceId", "hostUserId", "preferred"] },
    },
    indexes: { source: ["sourceId"], hostUser: ["sourceId", "hostUserId"] },
  },
  relation: { unique: { name: { columns: ["name"] } }, indexes: { all: [] } },
  issue: {
    unique: {
      remoteId: { columns: ["sourceId", "remoteId"] },
      canonicalKey: { columns: ["sourceId", "canonicalKey"] },
    },
    indexes: { source: ["sourceId"] },
  },
  reference: {
    unique: { link: { columns: ["objectType", "objectId", "relationId", "issueId"] } },
    indexes: {
      object: ["objectType", "objectId"],
      issue: ["issueId"],
      project: ["projectId"],
      source: ["sourceId"],
      relation: ["relationId"],
    },
  },
  defect: { unique: {}, indexes: { project: ["projectId"] } },
  occurrence: {
    unique: { result: { columns: ["projectId", "resultId"] } },
    indexes: {
      defect: ["defectId"],
      fingerprint: ["projectId", "fingerprint"],
      run: ["projectId", "runId"],
      case: ["projectId", "caseId"],
    },
  },
  defectComment: { unique: {}, indexes: { defect: ["defectId"] } },
  link: {
    unique: {
      token: { columns: ["token"] },
      defectSource: { columns: ["defectId", "sourceId", "active"] },
      issue: { columns: ["issueId", "active"] },
    },
    indexes: { defect: ["defectId"], source: ["sourceId"], issueAll: ["issueId"], held: ["sourceId", "heldEpoch"] },
  },
  commentLink: {
    unique: {
      token: { columns: ["token"] },
      remoteId: { columns: ["linkId", "remoteId"] },
      comment: { columns: ["linkId", "commentId"] },
    },
    indexes: { link: ["linkId"] },
  },
  conflict: { unique: {}, indexes: { link: ["linkId"], defect: ["defectId"] } },
  issueForm: {
    unique: { place: { columns: ["sourceId", "container", "issueType"] } },
    indexes: { source: ["sourceId"] },
  },
  rememberedFields: {
    unique: { person: { columns: ["sourceId", "projectId", "userId"] } },
    indexes: { source: ["sourceId"] },
  },
  delivery: {
    unique: { delivery: { columns: ["endpoint", "deliveryId"], global: true } },
    indexes: { unrouted: ["sourceId", "remoteId", "routed"] },
  },
  activity: {
    unique: {},
    indexes: { source: ["sourceId"], link: ["linkId"], defect: ["defectId"], reference: ["referenceId"], all: [] },
  },
} as const;

type Definitions = typeof tableDefinitions;

/** Names of a table's access paths. */
export type AccessPath<Table extends TableName> =
  | "id"
  | Extract<keyof Definitions[Table]["unique"], string>
  | Extract<keyof Definitions[Table]["indexes"], string>;
