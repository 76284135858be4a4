import type { Page, PageRequest } from "../domain/page.ts";
import type { Relation, RelationKind } from "../domain/relations.ts";
import type { TestObject } from "../domain/test-object.ts";
import type { StatusCategory } from "../domain/vocabulary.ts";
import type { BackrefError } from "../errors/index.ts";
import type { Issue, IssueState } from "../issues/issue.ts";
import type { WaitUntil } from "./issues/stale-issues.ts";

/** Which test object is to be linked to which issue, and how. */
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
  /** Id of a user of yours; null for the system. */
  readonly createdBy: string | null;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
}

/** A reference that is there now. */
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

/** A reference after its relation was changed. */
export interface UpdateReferenceResult {
  readonly reference: Reference;
  /**
   * True where the object had such a reference to the issue already: that one stayed and is `reference`, and the one that
   * was to be changed is gone.
   */
  readonly merged: boolean;
}

/** Whose references become, or are copied to, whose. */
export interface TransferReferencesRequest {
  /** The object that has the references. */
  readonly from: Pick<TestObject, "type" | "id">;
  /** The object that gets them, with the project that they belong to then. */
  readonly to: TestObject;
}

/** What became of an object's references. */
export interface TransferReferencesResult {
  /** References that `to` has now and had not before. */
  readonly transferred: number;
  /** `to` had the same reference already; that one stayed as it was, and where references move, the other is gone. */
  readonly merged: number;
  /** References that are still as they were, and what stood against each. */
  readonly kept: readonly { readonly referenceId: string; readonly error: BackrefError }[];
}

/** The object whose references go. */
export interface RemoveAllReferencesRequest {
  readonly object: Pick<TestObject, "type" | "id">;
  /** Ends the living sync links of a defect first; their issues stay as they are. @default false */
  readonly detach?: boolean;
}

/** What somebody in a project may link with. */
export interface ReferenceOptions {
  readonly sources: readonly {
    readonly id: string;
    readonly name: string;
    readonly provider: string;
    /** Where a bare `#12` is looked for; null where the project has no target. */
    readonly container: string | null;
    /** The tracker's page for a new issue in the project's target; null where nobody says in which container, or without page. */
    readonly createUrl: string | null;
  }[];
  readonly relations: readonly Pick<Relation, "id" | "name" | "inverseName" | "kind">[];
}

/** Narrows references down. What is absent narrows nothing; of a list, one has to fit. */
export interface ReferenceFilter {
  readonly relationKind?: RelationKind;
  /** Id of a relation. */
  readonly relation?: string;
  readonly sourceId?: string;
  readonly objectTypes?: readonly string[];
  readonly issueStates?: readonly IssueState[];
  /** What the issue's status means. Issues without details, see `Issue.details`, have none and never fit. */
  readonly statusCategories?: readonly StatusCategory[];
}

/** What an object refers to, who refers to an issue, or everything of a project. */
export type ReferenceSelection = ReferenceFilter &
  (
    | { readonly object: Pick<TestObject, "type" | "id"> }
    | { readonly issueId: string }
    | { readonly projectId: string }
  );

/** Which references a page shows. */
export type ReferenceQuery = PageRequest & ReferenceSelection;

/** Links between test objects and issues. They only show; nothing is changed at a tracker. */
export interface ReferencesService {
  /**
   * Links a test object to an issue. The same link again changes nothing and answers the first.
   *
   * An issue never seen before is read once: if the tracker does not know it, nothing is stored (`issue-not-found`); if
   * the tracker cannot be asked, it is stored unread.
   * @throws BackrefError `issue-not-recognised`, `container-required` and `invalid-input` (ambiguous source) with `data.candidates`,
   * `container-not-allowed`, `source-not-runnable`, `not-found` or `permission-denied`.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const { reference, created } = await app.references.add({
   *   object: { type: "test-case", id: "TC-7", projectId: "web" },
   *   issue: "https://github.com/acme/web/issues/123",
   *   relation: "relates-to",
   * });
   * ```
   */
  add(input: AddReferenceInput): Promise<AddReferenceResult>;
  /** Up to 1,000 at once, sharing reads and round trips. One outcome per input, in order; one bad input harms no other. */
  addMany(inputs: readonly AddReferenceInput[]): Promise<readonly AddReferenceOutcome[]>;
  /**
   * One reference with the cached copy of its issue, at once. A copy that is too old is refreshed in the background.
   * @param options.waitUntil takes that work, as serverless hosts offer it
   */
  get(id: string, options?: { readonly waitUntil?: WaitUntil }): Promise<Reference>;
  /**
   * A page of references with the cached copies of their issues, at once; those that are too old are refreshed together, in the background.
   * With a filter, a page looks at 5,000 references at most: it may be short, or empty, and still have a `nextCursor`.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const { items } = await app.references.list({ object: { type: "test-case", id: "TC-7" } });
   * const badges = items.map(({ relation, issue }) => `${relation.name} ${issue.key}: ${issue.title}`);
   * ```
   */
  list(query: ReferenceQuery, options?: { readonly waitUntil?: WaitUntil }): Promise<Page<Reference>>;
  /**
   * The same as `list`, however many, one after the other: a batch at a time is in memory. Issues are shown as they are cached, and
   * none is refreshed for it. A reference that is there from beginning to end comes exactly once; one that is added or
   * removed meanwhile may come or not. What is wrong with the query is thrown with the first.
   */
  iterate(query: ReferenceSelection): AsyncIterable<Reference>;
  /**
   * Removes a reference. The issue stays as it is.
   * @throws BackrefError `source-in-use` for the reference of a living sync link: detach the defect instead
   */
  remove(id: string): Promise<void>;
  /**
   * Gives a reference another relation. Where the object has the same reference with that relation already, the two become
   * one, see `merged`. A reference of a source that is switched off can be changed, too.
   * @throws BackrefError `not-found` for a relation that the project may not use, `invalid-input` for one that is switched off, and
   * `source-in-use` where the reference of a living sync link would lose the kind `defect`.
   */
  update(id: string, input: { readonly relation: string }): Promise<UpdateReferenceResult>;
  /**
   * All references of one object become those of another, for hosts that merge objects, or move one to another project
   * (then `from` and `to` name the same object). They keep their ids. Any number, in many small steps: where the process
   * dies in between, the same call goes on with the rest.
   *
   * Sources and relations that are switched off come along. Kept are, with an error for each: references whose source or
   * relation may not be used in another project (`invalid-input`), and those of living sync links (`source-in-use`).
   * @throws BackrefError `not-found` or `permission-denied` where the actor may not add references in the project of `to`, or not
   * remove some that they see.
   */
  move(request: TransferReferencesRequest): Promise<TransferReferencesResult>;
  /**
   * Gives an object the references that another has, for hosts that copy objects. Copies are new references, so sources
   * and relations that are switched off (`source-not-runnable`, `capability-missing` without the feature `link`,
   * `invalid-input`) or not for the project of `to` (`invalid-input`) are kept out, with an error for each. A sync link stays
   * with its defect alone. Otherwise as `move`.
   */
  copy(request: TransferReferencesRequest): Promise<TransferReferencesResult>;
  /**
   * Removes all references of an object that the actor can see, for hosts that delete it. Issues stay as they are. Any
   * number, in many small steps; the same call again goes on with the rest.
   * @throws BackrefError `source-in-use` for a defect with a living sync link unless `detach` is set, and `permission-denied` where some
   * may not be removed; nothing has changed then.
   */
  removeAll(request: RemoveAllReferencesRequest): Promise<{ readonly removed: number }>;
  /**
   * What somebody can link with in a project: for a form. Asks no tracker.
   * @param request.draft what the pages for a new issue begin with, as far as the tracker takes it: a title of up to 1,000
   * characters, a description of up to 1,000,000
   */
  options(request: {
    readonly projectId: string;
    readonly draft?: { readonly title?: string; readonly description?: string };
  }): Promise<ReferenceOptions>;
}
