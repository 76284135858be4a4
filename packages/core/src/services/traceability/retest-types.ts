import type { TestObject } from "../../domain/test-object.ts";
import type { Issue } from "../../issues/issue.ts";
import type { ObservedObjects } from "./coverage-types.ts";

/** Which objects may have to run again. */
export interface RetestRequest {
  readonly projectId: string;
  /** Only those that failed matter, and they need `at`. */
  readonly objects: ObservedObjects;
}

/** A defect, an issue, or both where a sync link keeps them in step. */
export interface RelatedProblem {
  readonly issue: Issue | null;
  readonly defect: { readonly id: string; readonly title: string; readonly status: string } | null;
  /** Milliseconds since 1970 UTC; null while it is open, and where nobody says. */
  readonly closedAt: number | null;
  /** `latest`: of an issue without a defect only its last change is known, so it was closed then or before. */
  readonly closedAtIs: "known" | "latest" | null;
}

/** A test object that failed, and of whose problems one at least was closed since. */
export interface RetestCandidate {
  readonly object: TestObject;
  /** Milliseconds since 1970 UTC. */
  readonly failedAt: number;
  /** True where no related problem is open any more. */
  readonly ready: boolean;
  readonly closed: readonly RelatedProblem[];
  readonly open: readonly RelatedProblem[];
}
