import type { Vocabulary } from "../../domain/vocabulary.ts";
import type { Defect, Occurrence, SyncLink } from "../defects/defects-types.ts";
import type { Coverage, CoverageRequest } from "./coverage-types.ts";
import type { ExportReferencesRequest, TraceabilityExport } from "./export-types.ts";
import type { RetestCandidate, RetestRequest } from "./retest-types.ts";
import type { DefectTrend, DefectTrendRequest, RunDefects, RunsRequest } from "./trend-types.ts";

/** A defect with the failures that were asked for, and how it stands at the trackers. */
export interface TracedDefect<Words extends Vocabulary = Vocabulary> {
  readonly defect: Defect<Words>;
  /** Those of the run or case, oldest first. */
  readonly occurrences: readonly Occurrence[];
  readonly links: readonly SyncLink[];
}

/** What can be told from references, whoever owns the defects. */
export interface ReferenceTraceabilityService {
  /**
   * References as a document: a batch at a time is in memory, however many there are. What the actor may not see is not in
   * it. Issues stand as they are cached; `issues.refresh` beforehand brings them up to date.
   * @throws BackrefError `not-found` for a project out of reach, `invalid-input`
   */
  exportReferences(request: ExportReferencesRequest): Promise<TraceabilityExport>;
  /**
   * Which issues are covered by test objects, and how those came out. The host gives its objects with their latest outcomes;
   * what is kept meanwhile is a count per issue.
   * @throws BackrefError `not-found` for a project, relation or named issue out of reach, `invalid-input`
   */
  coverage(request: CoverageRequest): Promise<Coverage>;
  /**
   * Test objects that failed, and of whose defects and issues some were closed since: what to run again. In the order of the
   * host's objects, which are taken as the answer is. What is wrong with the request is thrown with the first.
   */
  retestCandidates(request: RetestRequest): AsyncIterable<RetestCandidate>;
}

/** What can be told where the defects are in Backref's own tables. */
export interface TraceabilityService<Words extends Vocabulary = Vocabulary> extends ReferenceTraceabilityService {
  /** Defects that failed in a run, oldest first. */
  defectsOfRun(request: {
    readonly projectId: string;
    readonly runId: string;
  }): Promise<readonly TracedDefect<Words>[]>;
  /** Defects that a test case ever failed with, oldest first. */
  defectsOfCase(request: {
    readonly projectId: string;
    readonly caseId: string;
  }): Promise<readonly TracedDefect<Words>[]>;
  /**
   * How many defects failed in each run, and how they stand now; runs without failures are zeros. In the order of the host's
   * ids. What is wrong with the request is thrown with the first.
   */
  runs(request: RunsRequest): AsyncIterable<RunDefects>;
  /**
   * Defects opened, closed and reopened per day or week, and how many were open at the end of each. Of the defects that
   * there are: one that was deleted was never there. A status that a tracker changed counts from when it came in.
   */
  defectTrend(request: DefectTrendRequest): Promise<DefectTrend>;
}
