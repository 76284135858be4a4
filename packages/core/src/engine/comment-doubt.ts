import type { LinkFailure } from "../storage/rows/link-rows.ts";
import type { Workspace } from "./workspace.ts";

const shortestLookMs = 1_000;
const longestLookMs = 60_000;

/** While a comment is in doubt, its link is looked at again, at intervals that grow with the doubt's age. */
export function doubtOf(
  work: Workspace,
  againAfterMs: number | null,
): { readonly againAfterMs: number | null; readonly failure: LinkFailure | null } {
  const now = work.pass.now();
  const doubts = work.commentLinks.filter(
    (row) => row.remoteId === null && row.intentAt !== null && row.deletedAt === null && row.refused === null,
  );
  const [first] = doubts.toSorted((a, b) => (b.intentAt ?? 0) - (a.intentAt ?? 0));
  if (first === undefined) return { againAfterMs, failure: null };
  const lookMs = Math.min(Math.max(now - (first.intentAt ?? now), shortestLookMs), longestLookMs);
  const nextAfterMs = againAfterMs === null ? lookMs : Math.min(againAfterMs, lookMs);
  const failure: LinkFailure = {
    failure: "ambiguous",
    code: "tracker-ambiguous",
    message:
      "A comment was sent and no answer came back. It is looked for, and sent again once it is certain that it did not arrive.",
    field: "comments",
    at: work.pass.runtime.clock.now(),
    retryAt: Math.ceil(now + nextAfterMs),
  };
  return { againAfterMs: nextAfterMs, failure };
}
