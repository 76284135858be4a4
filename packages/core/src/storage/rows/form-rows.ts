import type { JsonObject, JsonValue } from "../../domain/json.ts";

/** What a tracker wants to know of a new issue in one place. Unique: source, container and issue type. */
export interface IssueFormRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly container: string;
  /** Empty string for the tracker's own default type. */
  readonly issueType: string;
  /** As the provider told them: `IssueFormField`s. */
  readonly fields: readonly JsonValue[];
  /** Another credential may be shown other fields. */
  readonly credentialVersion: number;
  /** Our wall clock. */
  readonly fetchedAt: number;
  /** The tracker has asked for something else since: not to be shown again before it was read anew. */
  readonly isOutdated: boolean;
}

/** What somebody gave last for new issues of a project. Unique: source, project and user. */
export interface RememberedFieldsRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly projectId: string;
  /** Host user id. */
  readonly userId: string;
  readonly fields: JsonObject;
  /** Our wall clock. */
  readonly updatedAt: number;
}
