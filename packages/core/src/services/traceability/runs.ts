import { z } from "zod";
import { categoryOf } from "../../domain/vocabulary.ts";
import { hostId, invalidInput, parseInput } from "../../input/parse-input.ts";
import { defectResource } from "../defects/defect-access.ts";
import { findAllByKeys, findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { inParts, isIterable } from "./observed-objects.ts";
import { authoriseProject } from "./traceability-access.ts";
import type { RunDefects, RunsRequest } from "./trend-types.ts";

const runsPerCall = 100;
const runsRequest = z.strictObject({ projectId: hostId });

interface Found {
  occurrences: number;
  readonly cases: Set<string>;
  readonly defectIds: Set<string>;
}

/** In the host's order, runs without failures among them. The failures of one batch of runs are counted at a time. */
export async function* runs(context: ServiceContext, request: RunsRequest): AsyncGenerator<RunDefects, void> {
  const { runIds, ...rest } = request ?? {};
  const { projectId } = parseInput(runsRequest, rest, "request");
  await authoriseProject(context, projectId);
  if (!isIterable(runIds)) {
    throw invalidInput("request", [{ path: ["runIds"], message: "must be iterable: an array, or an async iterable" }]);
  }
  for await (const batch of inParts(runIds, runsPerCall, (id) => parseInput(hostId, id, "run id"))) {
    const found = await failuresOf(context, projectId, batch);
    const closed = await closedDefects(context, projectId, found);
    for (const runId of batch) yield runDefects(runId, found.get(runId), closed);
  }
}

function runDefects(runId: string, found: Found | undefined, closed: ReadonlyMap<string, boolean>): RunDefects {
  const shown = [...(found?.defectIds ?? [])].flatMap((id) => closed.get(id) ?? []);
  const closedCount = shown.filter((isClosed) => isClosed).length;
  return {
    runId,
    occurrences: found?.occurrences ?? 0,
    cases: found?.cases.size ?? 0,
    defects: shown.length,
    open: shown.length - closedCount,
    closed: closedCount,
  };
}

async function failuresOf(
  { runtime, scope }: ServiceContext,
  projectId: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const keys = [...new Set(runIds)].map((runId) => [projectId, runId]);
  for await (const rows of findAllByKeys(runtime.storage, scope, "occurrence", "run", keys)) {
    for (const { runId, caseId, defectId } of rows) {
      const entry = found.get(runId ?? "") ?? { occurrences: 0, cases: new Set(), defectIds: new Set() };
      entry.occurrences += 1;
      entry.cases.add(caseId);
      entry.defectIds.add(defectId);
      found.set(runId ?? "", entry);
    }
  }
  return found;
}

/** Of the defects that the actor sees: whether they are closed. */
async function closedDefects(
  { runtime, authoriser, actor, scope }: ServiceContext,
  projectId: string,
  found: ReadonlyMap<string, Found>,
): Promise<ReadonlyMap<string, boolean>> {
  const ids = new Set([...found.values()].flatMap(({ defectIds }) => [...defectIds]));
  const keys = [...ids].map((id) => [id]);
  const rows = await findByKeys(runtime.storage, scope, "defect", "id", keys);
  const seen = await authoriser.filter(actor, "defect.read", rows, ({ id }) =>
    defectResource(scope.tenantId, projectId, id),
  );
  return new Map(seen.map(({ id, status }) => [id, categoryOf(runtime.vocabulary, status) === "closed"]));
}
