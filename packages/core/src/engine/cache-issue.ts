import { type IssueColumns, issueRowUpdate } from "../issues/issue-cache.ts";
import { findTwin, planIssueMerge } from "../issues/merge-issues.ts";
import type { ReadOutcome } from "../provider/groups/read.ts";
import type { CommitOutcome } from "../storage/commit.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { Workspace } from "./workspace.ts";

/** Brings the shared copy of the issue up to date, unless someone else already has. */
export async function cacheIssue(work: Workspace, outcome: ReadOutcome): Promise<void> {
  const { issue, pass } = work;
  if (issue === null) return;
  // What the row was just made of; it may even wait for its first commit.
  if (outcome.kind === "live" && outcome.issue === issue.snapshot) return;
  const { provider, site } = pass.session;
  const set = issueRowUpdate(issue, outcome, pass.runtime.clock.now(), (place) => provider.formatIssue(place, site));
  if (Object.keys(set).length === 0) return;
  const committed = await update(work, issue, set);
  const isKept = committed.status !== "taken" || (await mergeTwin(work, issue, set));
  if (isKept) {
    work.setIssue({ ...issue, ...set });
    return;
  }
  // Another defect's link lives on the issue that ours has become. Which of them stays is for people to decide.
  const { fetchedAt = issue.fetchedAt } = set;
  const gone: IssueColumns = { state: "moved", fetchedAt };
  await update(work, issue, gone);
  work.setIssue({ ...issue, ...gone });
}

function update({ pass }: Workspace, issue: IssueRow, set: IssueColumns): Promise<CommitOutcome> {
  return pass.commits.commit({
    require: [{ table: "issue", id: issue.id, match: { version: issue.version } }],
    write: [{ type: "update", table: "issue", id: issue.id, set }],
  });
}

/** What the read showed has a row of its own already, perhaps for a reference: the two are one, and it follows ours. */
async function mergeTwin({ pass }: Workspace, issue: IssueRow, set: IssueColumns): Promise<boolean> {
  const { runtime, scope } = pass;
  const [twin, [current]] = await Promise.all([
    findTwin(runtime.storage, scope, { ...issue, ...set }),
    runtime.storage.find(scope, { table: "issue", by: "id", keys: [[issue.id]] }),
  ]);
  if (twin === null || current === undefined) return false;
  const unit = await planIssueMerge(runtime.storage, scope, { winner: current, loser: twin, set });
  return unit !== null && (await pass.commits.commit(unit)).status === "committed";
}
