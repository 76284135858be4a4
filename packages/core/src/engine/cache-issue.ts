import { issueRowUpdate } from "../issues/issue-cache.ts";
import type { ReadOutcome } from "../provider/groups/read.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { Workspace } from "./workspace.ts";

/** Brings the shared copy of the issue up to date, unless someone else already has. */
export async function cacheIssue(work: Workspace, outcome: ReadOutcome): Promise<void> {
  const { issue, pass } = work;
  if (issue === null) return;
  const { provider, site } = pass.session;
  const set = issueRowUpdate(issue, outcome, pass.runtime.clock.now(), (place) => provider.formatIssue(place, site));
  if (Object.keys(set).length === 0) return;
  const updated: IssueRow = { ...issue, ...set };
  work.setIssue(updated);
  await pass.commits.commit({
    require: [{ table: "issue", id: issue.id, match: { version: issue.version } }],
    write: [{ type: "update", table: "issue", id: issue.id, set }],
  });
}
