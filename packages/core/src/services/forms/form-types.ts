import type { JsonObject, JsonValue } from "../../domain/json.ts";
import type { IssueFormField } from "../../provider/groups/form.ts";

/** One field of the form before a push, with everything it may begin with. */
export interface PushFormField extends IssueFormField {
  /** `defect`: said by the defect itself, and changed there. `fields`: given with the push. */
  readonly by: "defect" | "fields";
  /** What the target puts where nothing is given; null for nothing. */
  readonly targetValue: JsonValue;
  /** What this person gave last in this project, as long as the field still takes it; null for nothing. Never sent by itself. */
  readonly rememberedValue: JsonValue;
  /** What the form should begin with: remembered, else the target's, else the tracker's own; null for nothing. */
  readonly value: JsonValue;
}

/** What the tracker wants to know of a new issue in a project's target. */
export interface PushForm {
  readonly sourceId: string;
  readonly projectId: string;
  readonly container: string;
  readonly issueType: string | null;
  /** Those of the defect first. */
  readonly fields: readonly PushFormField[];
  /** JSON Schema (draft 2020-12) of `fields` as `defects.push` takes them. */
  readonly schema: JsonObject;
  /** Required fields that neither the target nor the tracker fills in: a push without them is refused. */
  readonly requiredFieldsMissing: readonly string[];
  /** When the tracker was asked, milliseconds since 1970 UTC; null where it has no form, so that nothing was asked. */
  readonly fetchedAt: number | null;
  /** It is shown although it is old, or the tracker did not answer; a newer one may be on its way. */
  readonly isStale: boolean;
}

/** Which project's form before a push is asked for. */
export interface PushFormRequest {
  readonly projectId: string;
  /** @default the only source with a target for the project */
  readonly sourceId?: string;
  /** Asks the tracker now, however new the stored answer is. @default false */
  readonly fresh?: boolean;
  /** A serverless host's way to let a refresh go on after the answer. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
}
