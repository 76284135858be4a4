import type { FieldWarning, IssueAddress, IssueSnapshot } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";
import type { StateTarget } from "./create.ts";

/** Only what changed: what is absent stays as it is. Sets travel as additions and removals, never whole. */
export interface IssuePatch {
  readonly title?: string;
  /** Markdown, final, as for create. */
  readonly body?: string;
  readonly state?: StateTarget;
  readonly priority?: string | null;
  readonly labels?: { readonly add: readonly string[]; readonly remove: readonly string[] };
  readonly assigneeIds?: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

/** What to change of which issue. */
export interface UpdateIssueRequest {
  readonly issue: IssueAddress;
  readonly patch: IssuePatch;
  /** Given only to providers that declare `compareAndSet`: the write must fail as `gone` with status 412 if it changed since. */
  readonly ifVersion: number | null;
}

/** The issue after the write. */
export interface UpdateIssueResult {
  /** As the tracker answered after the last write, read back where a write answers without a body. */
  readonly issue: IssueSnapshot;
  readonly warnings: readonly FieldWarning[];
  /** As for create, where the patch had a body. @default false */
  readonly bodyAsSent?: boolean;
}

/** Absent: changes of the defect do not go out after the create. */
export interface UpdateGroup<Auth, Options> {
  /** Applies the patch with as few requests as the tracker needs. May be partly applied when it throws `ambiguous`. */
  update(call: ProviderCall<Auth, Options>, request: UpdateIssueRequest): Promise<UpdateIssueResult>;
}
