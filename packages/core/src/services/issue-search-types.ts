import type { TestObject } from "../domain/test-object.ts";
import type { Issue } from "../issues/issue.ts";

/** What somebody who wants to link typed, and where. */
export interface IssueSearchRequest {
  /** Where somebody wants to link: its source, its containers, what was linked in it before. */
  readonly projectId: string;
  readonly sourceId: string;
  /** A key or URL, or words; up to 4,000 characters. Empty for what was linked lately. */
  readonly text: string;
  /** What is to be linked: `linkedBy` then says which issues it has already. */
  readonly object?: Pick<TestObject, "type" | "id">;
  /** 1 to 50. @default 20 */
  readonly limit?: number;
  /** Gives the search up, and a request that is on its way: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An issue to choose. Its `key` or `url` is what `references.add` and `defects.attach` take. */
export interface IssueMatch extends Omit<Issue, "id"> {
  /** Null where nothing in the project refers to it yet. */
  readonly id: string | null;
  /**
   * When it was linked last in the project, milliseconds since 1970 UTC, and whether this actor has done so lately; null
   * where nothing in the project refers to it.
   */
  readonly lastLinked: { readonly at: number; readonly byActor: boolean } | null;
  /** Ids of the relations by which `object` refers to it already. */
  readonly linkedBy: readonly string[];
}

/**
 * Why the tracker was not asked, or gave no answer:
 * - `text-too-short`: less than three characters
 * - `not-supported`: the provider cannot do it
 * - `switched-off`: `search` or `read` is not among the source's features
 * - `no-container`: nobody says where the project's issues are
 * - `not-found`: there is no issue at the URL, or the source's account may not see it
 * - `hidden`: the actor may use the source for links, and not see its issues' details
 * - `tracker`: it is away, refuses, or asks to wait
 */
export type SearchLimit =
  | "text-too-short"
  | "not-supported"
  | "switched-off"
  | "no-container"
  | "not-found"
  | "hidden"
  | "tracker";

/** Issues to choose from, and what could not be asked. */
export interface IssueSearchResult {
  /** The issue that a key or URL names; then what is known in the project, last linked first; then the tracker's own best matches. */
  readonly items: readonly IssueMatch[];
  /** Where the tracker looked for the words; empty where it was not asked for any. */
  readonly containers: readonly string[];
  /** What stood against asking the tracker, in words; null where nothing did, or nothing was to be asked. */
  readonly limited: {
    readonly reason: SearchLimit;
    readonly message: string;
    /** When to try again, milliseconds from now; null where there is nothing to wait for, or nobody knows. */
    readonly retryAfterMs: number | null;
  } | null;
}
