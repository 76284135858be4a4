import type { Issue } from "../../issues/issue.ts";
import { isTooOld } from "../../issues/issue-age.ts";
import { issueView } from "../../issues/issue-cache.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { sourceResource } from "../sources/source-rows.ts";

export interface PresentedIssues {
  /** As this actor may see it: details only of sources that they may see. */
  view(row: IssueRow): Issue;
  /** Those that are older than their source allows and can be read again. */
  readonly stale: readonly IssueRow[];
}

/**
 * What decides how issues are shown, found out once for all of them.
 * @param known their sources, where the caller has read them already
 */
export async function presentIssues(
  context: ServiceContext,
  rows: readonly IssueRow[],
  known?: readonly SourceRow[],
): Promise<PresentedIssues> {
  const { runtime, authoriser, actor } = context;
  const sources = known ?? (await sourcesOf(context, rows));
  const seen = new Set(await authoriser.filter(actor, "source.read", sources, sourceResource));
  // What a deleted source has left belongs to those who see the reference.
  const hidden = new Set(sources.filter((source) => !seen.has(source)).map((source) => source.id));
  const byId = new Map(sources.map((source) => [source.id, source]));
  const now = runtime.clock.now();
  return {
    view: (row) => issueView(row, now, { isHidden: hidden.has(row.sourceId) }),
    stale: rows.filter((row) => {
      const source = byId.get(row.sourceId);
      return source !== undefined && isReadable(context, source) && isTooOld(runtime, source, row);
    }),
  };
}

async function sourcesOf({ runtime, scope }: ServiceContext, rows: readonly IssueRow[]): Promise<readonly SourceRow[]> {
  const keys = [...new Set(rows.map((row) => row.sourceId))].map((id) => [id]);
  return await findByKeys(runtime.storage, scope, "source", "id", keys);
}

function isReadable({ runtime }: ServiceContext, source: SourceRow): boolean {
  if (!source.enabled || source.health === "reconnect-required") return false;
  return runtime.providers.has(source.providerId) && providerFor(runtime, source).read !== undefined;
}
