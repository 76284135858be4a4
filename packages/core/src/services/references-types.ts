import type { Page, PageRequest } from "../domain/page.ts";
import type { Relation } from "../domain/relations.ts";
import type { TestObject } from "../domain/test-object.ts";
import type { BackrefError } from "../errors/index.ts";
import type { Issue } from "../issues/issue.ts";
import type { WaitUntil } from "./issues/stale-issues.ts";

export interface AddReferenceInput {
  readonly object: TestObject;
  /** Found by the URL, or by the project's target, where it is absent. */
  readonly sourceId?: string;
  /** A key or URL, as people type and paste it. */
  readonly issue: string;
  /** Id of a relation, for example `relates-to`. */
  readonly relation: string;
}

/** Test object, relation, issue. */
export interface Reference {
  readonly id: string;
  readonly object: TestObject;
  readonly relation: Pick<Relation, "id" | "name" | "inverseName" | "kind">;
  readonly issue: Issue;
  readonly sourceId: string;
  readonly createdBy: string | null;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
}

export interface AddReferenceResult {
  readonly reference: Reference;
  readonly issue: Issue;
  /** False where the same reference was there already. */
  readonly created: boolean;
}

/** What became of one of many. */
export type AddReferenceOutcome =
  | ({ readonly ok: true } & AddReferenceResult)
  | { readonly ok: false; readonly error: BackrefError };

/** What somebody in a project may link with. */
export interface ReferenceOptions {
  readonly sources: readonly {
    readonly id: string;
    readonly name: string;
    readonly provider: string;
    /** Where a bare `#12` is looked for; null where the project has no target. */
    readonly container: string | null;
    /** The tracker's page for a new issue there; null without container, or where it has none. */
    readonly createUrl: string | null;
  }[];
  readonly relations: readonly Pick<Relation, "id" | "name" | "inverseName" | "kind">[];
}

export type ReferenceQuery = PageRequest &
  (
    | { readonly object: Pick<TestObject, "type" | "id"> }
    | { readonly issueId: string }
    | { readonly projectId: string }
  );

export interface ReferencesService {
  /**
   * Links a test object to an issue. The same link again changes nothing and answers the first.
   * An issue never seen before is read once: if the tracker does not know it, nothing is stored (`issue-not-found`); if
   * the tracker cannot be asked, it is stored unread.
   *
   * Throws `issue-not-recognised`, `container-required` and `invalid-input` (ambiguous source) with `data.candidates`,
   * `container-not-allowed`, `source-not-runnable`, `not-found` or `permission-denied`.
   */
  add(input: AddReferenceInput): Promise<AddReferenceResult>;
  /** Up to 1,000 at once, sharing reads and round trips. One outcome per input, in order; one bad input harms no other. */
  addMany(inputs: readonly AddReferenceInput[]): Promise<readonly AddReferenceOutcome[]>;
  /**
   * With the cached copy of the issue, at once. One that is too old is refreshed in the background.
   * @param options.waitUntil takes that work, as serverless hosts offer it
   */
  get(id: string, options?: { readonly waitUntil?: WaitUntil }): Promise<Reference>;
  /** With the cached copies of their issues, at once; those that are too old are refreshed together, in the background. */
  list(query: ReferenceQuery, options?: { readonly waitUntil?: WaitUntil }): Promise<Page<Reference>>;
  /** Throws `source-in-use` for the reference of a living sync link: detach the defect instead. */
  remove(id: string): Promise<void>;
  options(request: { readonly projectId: string }): Promise<ReferenceOptions>;
}
