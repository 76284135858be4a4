import type { TestObject } from "../domain/test-object.ts";
import type { BackrefErrorCode } from "../errors/index.ts";
import type { Issue } from "../issues/issue.ts";
import type { IssueSearchRequest, IssueSearchResult } from "./issue-search-types.ts";
import type { WaitUntil } from "./issues/stale-issues.ts";
import type { Progress } from "./progress.ts";

/** Which issues: by id, of one object's references, of a project's references, or of a source. */
export type RefreshRequest =
  | { readonly ids: readonly string[] }
  | { readonly object: Pick<TestObject, "type" | "id"> }
  | { readonly projectId: string }
  | { readonly sourceId: string };

/** Why issues of one source were not all read, in words. */
export interface RefreshProblem {
  readonly sourceId: string;
  readonly code: BackrefErrorCode;
  readonly message: string;
  /** How many issues it concerns. */
  readonly issues: number;
  /** When to try again, milliseconds from now; null where the tracker does not say. */
  readonly retryAfterMs: number | null;
}

/** What a refresh did. Each issue counts once, however many refer to it. */
export interface RefreshSummary {
  /** Different issues within reach. */
  readonly requested: number;
  /** Issues that were left alone because they were read lately, with `onlyStale`. */
  readonly fresh: number;
  /** Issues the tracker answered for; those that are gone are among them. */
  readonly read: number;
  /** Issues whose content or state is another now. */
  readonly changed: number;
  /** Issues that are deleted, moved away or out of reach. */
  readonly gone: number;
  /** Issues that were not read; `problems` says why. */
  readonly failed: number;
  /** Issues that were come across and left alone, because the signal was aborted. */
  readonly skipped: number;
  /** Read requests sent. */
  readonly requests: number;
  readonly problems: readonly RefreshProblem[];
}

/** Which issues a refresh leaves alone, who is told, and what ends it. */
export interface RefreshOptions {
  /**
   * Leaves alone what is younger than its source's `issueMaxAgeMs`: with it, a call goes on where one before it had to end.
   * @default false
   */
  readonly onlyStale?: boolean;
  /** Told after each request, and at the end. What it throws ends the call; what was read stays. */
  readonly onProgress?: (progress: Progress) => unknown;
  /** Ends the call early, which is no error: what was read until then stays. */
  readonly signal?: AbortSignal;
}

/** Cached copies of the trackers' issues. They come with references and links; there is nothing to create here. */
export interface IssuesService {
  /**
   * The cached copy, at once. An old one is refreshed in the background where somebody keeps the process alive for it.
   * @throws BackrefError `not-found`
   * @param options.waitUntil takes the background work, as serverless hosts offer it; that work never rejects
   */
  get(id: string, options?: { readonly waitUntil?: WaitUntil }): Promise<Issue>;
  /**
   * For a picker: issues of one source to link with. A key or URL finds its issue, known ones without a request. Words are
   * looked for among what the project's latest links are about, and by the tracker in the containers that the project may
   * use; an empty text shows the latest links, this actor's first, and asks nobody. Nothing is stored.
   *
   * A later search of the same person at the same source gives this one up (`AbortError`): somebody types on. A tracker in
   * trouble is no exception, see `limited`. It looks into 12 containers at most.
   *
   * @throws BackrefError `not-found`, `permission-denied`, `source-not-runnable`, `capability-missing` (the source is not for links),
   * `container-not-allowed`, and `issue-not-recognised` for a URL that is none of the source's issues.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const sourceId = "0199c0de-0000-7000-8000-000000000001";
   * const { items, limited } = await app.issues.search({ projectId: "web", sourceId, text: "voucher total" });
   * ```
   */
  search(request: IssueSearchRequest): Promise<IssueSearchResult>;
  /**
   * Reads issues now, each once, as many per request as the tracker allows. Those of a project or a source are come across
   * and read in parts of 1,000, so any number takes little memory; oldest first within a part. Trouble at a tracker is no
   * exception: `problems` tells it.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const { read, problems } = await app.issues.refresh({ projectId: "web" }, { onlyStale: true });
   * for (const { message } of problems) console.warn(message);
   * ```
   */
  refresh(request: RefreshRequest, options?: RefreshOptions): Promise<RefreshSummary>;
}
