import type { TestObject } from "../../domain/test-object.ts";
import type { Issue } from "../../issues/issue.ts";

/** What a test came to. Hosts translate their own words into these. */
export type TestOutcome = "passed" | "failed" | "blocked" | "skipped";

/** A test object of the host's, with its latest outcome. */
export interface ObservedObject extends Pick<TestObject, "type" | "id"> {
  /** Absent where it was never run. */
  readonly outcome?: TestOutcome;
  /** When that was, milliseconds since 1970 UTC. */
  readonly at?: number;
}

/** As many as the host has: they are taken in batches and not kept. Each object once. */
export type ObservedObjects = AsyncIterable<ObservedObject> | Iterable<ObservedObject>;

/** Which objects cover which issues. */
export interface CoverageRequest {
  readonly projectId: string;
  readonly objects: ObservedObjects;
  /** Ids of relations by which an object covers an issue. @default every relation of the kind `general` */
  readonly relations?: readonly string[];
  /** The issues that should be covered, at most 10,000. @default every issue that the project refers to by such a relation */
  readonly issueIds?: readonly string[];
  /** How many objects each issue names, failed ones first; the counts are always of all. 0 to 1,000. @default 10 */
  readonly objectsPerIssue?: number;
  /** How many objects without any issue are named. 0 to 100,000. @default 1,000 */
  readonly objectsWithoutIssue?: number;
}

/**
 * `uncovered`: no object covers it · `failing`: one failed at least · `incomplete`: none failed, but some were not run,
 * blocked or skipped · `passing`: all passed.
 */
export type CoverageVerdict = "uncovered" | "failing" | "incomplete" | "passing";

/** How one issue is covered. */
export interface IssueCoverage {
  readonly issue: Issue;
  readonly verdict: CoverageVerdict;
  /** How many objects cover it, each once, however many relations it has to the issue. */
  readonly objects: number;
  readonly outcomes: Readonly<Record<TestOutcome | "notRun", number>>;
  /** Some of the objects, failed ones first. */
  readonly named: readonly ObservedObject[];
}

/** How a project's issues are covered by test objects. */
export interface Coverage {
  readonly totals: Readonly<Record<"issues" | "covered" | CoverageVerdict, number>> & {
    /** Objects that the host gave. */
    readonly objects: number;
    /** Those of them that cover no issue. */
    readonly objectsWithoutIssue: number;
  };
  /** Each issue, in the order in which Backref came to know them. Issues are read as they are taken; any number of times. */
  readonly issues: AsyncIterable<IssueCoverage>;
  /** The first objects without any issue. */
  readonly objectsWithoutIssue: readonly Pick<TestObject, "type" | "id">[];
}
