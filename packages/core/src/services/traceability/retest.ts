import { z } from "zod";
import { hostId, invalidInput, parseInput } from "../../input/parse-input.ts";
import type { ServiceContext } from "../service-context.ts";
import type { ObservedObject } from "./coverage-types.ts";
import { objectBatches, objectKey } from "./observed-objects.ts";
import { type DatedProblem, relatedProblems } from "./related-problems.ts";
import type { RelatedProblem, RetestCandidate, RetestRequest } from "./retest-types.ts";
import { authoriseProject } from "./traceability-access.ts";

const retestRequest = z.strictObject({ projectId: hostId });

/** In the host's order. What belongs to one batch of objects is in memory, and nothing else. */
export async function* retestCandidates(
  context: ServiceContext,
  request: RetestRequest,
): AsyncGenerator<RetestCandidate, void> {
  const { objects, ...rest } = request ?? {};
  const { projectId } = parseInput(retestRequest, rest, "request");
  await authoriseProject(context, projectId);
  for await (const batch of objectBatches(objects)) {
    const failed = batch.filter(({ outcome }) => outcome === "failed").map(failedObject);
    const problems = await relatedProblems(context, projectId, failed);
    for (const object of failed) {
      const candidate = candidateOf(projectId, object, problems.get(objectKey(object)) ?? []);
      if (candidate !== null) yield candidate;
    }
  }
}

type FailedObject = ObservedObject & { readonly at: number };

function failedObject(object: ObservedObject): FailedObject {
  const { type, id, at } = object;
  if (at !== undefined) return { ...object, at };
  throw invalidInput(`object ${type} "${id}"`, [
    { path: ["at"], message: "say when it failed, in milliseconds since 1970 UTC" },
  ]);
}

/** Null where nothing was closed since. What had been closed before it failed is not what it failed by. */
function candidateOf(
  projectId: string,
  { type, id, at: failedAt }: FailedObject,
  problems: readonly DatedProblem[],
): RetestCandidate | null {
  const open = problems.filter(({ isClosed }) => !isClosed).map(shown);
  const closed = problems
    .filter(({ isClosed, closedAt }) => isClosed && (closedAt === null || closedAt > failedAt))
    .map(shown);
  if (closed.length === 0) return null;
  return { object: { type, id, projectId }, failedAt, ready: open.length === 0, closed, open };
}

function shown({ issue, defect, closedAt, closedAtIs }: DatedProblem): RelatedProblem {
  return { issue, defect, closedAt, closedAtIs };
}
