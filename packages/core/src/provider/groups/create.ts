import type { FieldWarning, IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { JsonObject, JsonValue } from "../../domain/json.ts";
import type { StatusCategory } from "../../domain/vocabulary.ts";
import type { ProviderCall } from "../call.ts";

/** The state an issue shall be in: a category, or a particular state of it. */
export interface StateTarget {
  readonly category: StatusCategory;
  /** A state's id or name; absent for the provider's choice within the category. */
  readonly state?: string;
  /** Closed reason, where the tracker has such a thing. */
  readonly reason?: string;
}

/**
 * A new issue. Labels, priority, type and assignees are the tracker's own names and ids; null and empty leave them to
 * the tracker.
 */
export interface CreateIssueRequest {
  readonly container: string;
  readonly title: string;
  /** Markdown, final: with the managed block, and with the marker where `markerPlace` is `body`. */
  readonly body: string;
  /** Never repeated for another issue. Goes to the declared marker place. */
  readonly token: string;
  readonly labels: readonly string[];
  /** Null for the tracker's usual one. */
  readonly priority: string | null;
  /** Name or id; null for the source's usual one. */
  readonly type: string | null;
  /** `RemotePerson.id` of each. */
  readonly assigneeIds: readonly string[];
  /** The target's defaults for new issues, already merged with what the caller gave. */
  readonly fields: JsonObject;
}

/** The issue that was made. */
export interface CreateIssueResult {
  /** As the tracker answered: what it dropped is missing here. */
  readonly issue: IssueSnapshot;
  readonly warnings: readonly FieldWarning[];
  /**
   * The token had its issue already, made by an earlier request: `issue` is as it is now, and people may have changed it.
   * @default false
   */
  readonly existed?: boolean;
  /**
   * The issue's body is what was sent, as the tracker writes it: where it reads otherwise, that is nobody's edit.
   * @default false
   */
  readonly bodyAsSent?: boolean;
}

/** What to look for after a create whose answer was lost. */
export interface FindCreatedRequest {
  readonly container: string;
  readonly token: string;
  /** Who sent the create. Candidates by anybody else are copies. Null where the provider has no group `connect`. */
  readonly accountId: string | null;
  /** Candidates created before this (tracker's clock, skew already allowed for) are copies or strangers. */
  readonly createdAfter: number;
  /** What `probe` returned before the create; null without one. */
  readonly probe: JsonValue;
  /** An empty answer is taken for absence: look also where an issue may have been moved to. @default false */
  readonly thorough?: boolean;
}

/** Absent: defects cannot be pushed to this tracker. */
export interface CreateGroup<Auth, Options> {
  /**
   * Sends one create request and never repeats it.
   * @throws ProviderError of the class `ambiguous` whenever it may have been applied
   */
  create(call: ProviderCall<Auth, Options>, request: CreateIssueRequest): Promise<CreateIssueResult>;
  /**
   * Looks for an issue that carries the token, without relying on a search index.
   * Every candidate that fits the account and time, oldest first; an empty list means "not seen yet".
   */
  findCreated(call: ProviderCall<Auth, Options>, request: FindCreatedRequest): Promise<readonly IssueSnapshot[]>;
  /** Where lookups should start, such as the container's highest number. Absent: `findCreated` needs no hint. */
  probe?(call: ProviderCall<Auth, Options>, request: { readonly container: string }): Promise<JsonValue>;
}
