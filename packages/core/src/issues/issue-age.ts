import type { Runtime } from "../runtime/runtime.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/** The latest moment of a read that is too old by now, milliseconds since 1970 UTC. */
export function tooOldSince(
  { clock, limits }: Pick<Runtime, "clock" | "limits">,
  { issueMaxAgeMs }: Pick<SourceRow, "issueMaxAgeMs">,
): number {
  return clock.now() - (issueMaxAgeMs ?? limits.issueMaxAgeMs) - 1;
}

/** True where somebody who looks at the issue should have it read again. */
export function isTooOld(
  runtime: Pick<Runtime, "clock" | "limits">,
  source: Pick<SourceRow, "issueMaxAgeMs">,
  { fetchedAt }: Pick<IssueRow, "fetchedAt">,
): boolean {
  return fetchedAt === null || fetchedAt <= tooOldSince(runtime, source);
}
