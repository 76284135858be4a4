import { z } from "zod";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { OccurrenceRow } from "../../storage/rows/defect-rows.ts";
import type { AccessPath } from "../../storage/tables.ts";
import { defectView, occurrenceViews } from "../defects/defect-view.ts";
import { viewLinks } from "../defects/link-view.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { coverage } from "./coverage.ts";
import { defectTrend } from "./defect-trend.ts";
import { exportReferences } from "./export-references.ts";
import { retestCandidates } from "./retest.ts";
import { runs } from "./runs.ts";
import { authoriseProject } from "./traceability-access.ts";
import type { ReferenceTraceabilityService, TraceabilityService, TracedDefect } from "./traceability-types.ts";

const runRequest = z.strictObject({ projectId: hostId, runId: hostId });
const caseRequest = z.strictObject({ projectId: hostId, caseId: hostId });

/** What references tell, also of defects that a host keeps. */
export function createReferenceTraceabilityService(context: ServiceContext): ReferenceTraceabilityService {
  return {
    exportReferences: (request) => exportReferences(context, request),
    coverage: (request) => coverage(context, request),
    retestCandidates: (request) => retestCandidates(context, request),
  };
}

/** From test objects to defects and their issues, over defects in Backref's own tables. */
export function createTraceabilityService<Words extends Vocabulary>(
  context: ServiceContext,
): TraceabilityService<Words> {
  const { runtime, scope } = context;
  const { storage } = runtime;

  const trace = async (
    by: AccessPath<"occurrence">,
    projectId: string,
    id: string,
  ): Promise<readonly TracedDefect<Words>[]> => {
    await authoriseProject(context, projectId);
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
    ...createReferenceTraceabilityService(context),
    runs: (request) => runs(context, request),
    defectTrend: (request) => defectTrend(context, request),
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
