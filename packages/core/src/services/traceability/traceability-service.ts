import { z } from "zod";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { OccurrenceRow } from "../../storage/rows/defect-rows.ts";
import type { AccessPath } from "../../storage/tables.ts";
import { defectView, occurrenceViews } from "../defects/defect-view.ts";
import type { Defect, Occurrence, SyncLink } from "../defects/defects-types.ts";
import { viewLinks } from "../defects/link-view.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

/** A defect with the failures that were asked for, and how it stands at the trackers. */
export interface TracedDefect<Words extends Vocabulary = Vocabulary> {
  readonly defect: Defect<Words>;
  /** Those of the run or case, oldest first. */
  readonly occurrences: readonly Occurrence[];
  readonly links: readonly SyncLink[];
}

export interface TraceabilityService<Words extends Vocabulary = Vocabulary> {
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
}

const runRequest = z.strictObject({ projectId: hostId, runId: hostId });
const caseRequest = z.strictObject({ projectId: hostId, caseId: hostId });

/** From test objects to defects and their issues, over defects in Backref's own tables. */
export function createTraceabilityService<Words extends Vocabulary>(
  context: ServiceContext,
): TraceabilityService<Words> {
  const { runtime, authoriser, actor, scope } = context;
  const { storage } = runtime;

  const trace = async (
    by: AccessPath<"occurrence">,
    projectId: string,
    id: string,
  ): Promise<readonly TracedDefect<Words>[]> => {
    await authoriser.authorise(actor, "traceability.read", {
      kind: "traceability",
      tenantId: scope.tenantId,
      projectIds: [projectId],
    });
    const occurrences = await storage.find(scope, { table: "occurrence", by, keys: [[projectId, id]] });
    const keys = [...new Set(occurrences.map((occurrence) => occurrence.defectId))].map((defectId) => [defectId]);
    const [defects, links] = await Promise.all([
      findByKeys(storage, scope, "defect", "id", keys),
      findByKeys(storage, scope, "link", "defect", keys),
    ]);
    const views = await viewLinks(context, links);
    const ofDefect = Map.groupBy<string, OccurrenceRow>(occurrences, (occurrence) => occurrence.defectId);
    return defects.map((row) => ({
      defect: defectView<Words>(row),
      occurrences: occurrenceViews(ofDefect.get(row.id) ?? []),
      links: views.filter((link) => link.defectId === row.id),
    }));
  };

  return {
    async defectsOfRun(request) {
      const { projectId, runId } = parseInput(runRequest, request, "query");
      return trace("run", projectId, runId);
    },
    async defectsOfCase(request) {
      const { projectId, caseId } = parseInput(caseRequest, request, "query");
      return trace("case", projectId, caseId);
    },
  };
}
