import type { DefectCommentChange } from "../defect-store/defect-store.ts";
import type { JsonObject } from "../domain/json.ts";
import type { ActivityType } from "../events/event-bus.ts";
import type { InsertWrite } from "../storage/commit.ts";
import type { CommentLinkRow, RefusedField } from "../storage/rows/link-rows.ts";
import { applyInbound } from "./apply-inbound.ts";
import { agreed, newRow, putRow } from "./comment-rows.ts";
import { recordConflict } from "./conflict-row.ts";
import type { CommentStep } from "./plan-comments.ts";
import type { Workspace } from "./workspace.ts";

type Brought = "done" | "refused" | "defect-gone";

const inbound: ReadonlySet<CommentStep["kind"]> = new Set(["bring-in", "bring-edit", "bring-delete"]);

/**
 * Everything that comes in is one change of the defect, so it costs one revision. Where the host refuses that, each comment
 * is tried alone, so that those it would take do not wait for those it does not.
 */
export async function bringComments(work: Workspace, all: readonly CommentStep[]): Promise<Brought> {
  const steps = all.filter(({ kind }) => inbound.has(kind));
  let brought = await bringTogether(work, steps, true);
  if (brought === "refused" && steps.length > 1) {
    brought = "done";
    for (const step of steps) {
      const one = await bringTogether(work, [step], false);
      if (one === "defect-gone") return one;
      if (one === "refused") brought = one;
    }
  }
  const isRefused = ({ field, direction }: RefusedField) => field === "comments" && direction === "in";
  if (brought === "done" && steps.length > 0 && work.link.refused.some(isRefused)) {
    work.stage({ set: { refused: work.link.refused.filter((row) => !isRefused(row)) } });
  }
  return brought;
}

async function bringTogether(work: Workspace, steps: readonly CommentStep[], recordsLosers: boolean): Promise<Brought> {
  const changes: DefectCommentChange[] = [];
  const activities: (readonly [ActivityType, JsonObject])[] = [];
  const conflicts: InsertWrite[] = [];
  const recorded: (readonly [ActivityType, JsonObject])[] = [];
  const { pass } = work;
  const hasNew = steps.some(({ kind }) => kind === "bring-in");
  const identities = hasNew ? await pass.runtime.identities.bookOf(pass.scope, pass.session.source) : null;
  const isEmbedded = work.pass.runtime.defects.embedded !== null;
  const rows: { readonly row: CommentLinkRow; readonly key: string | null }[] = [];
  for (const step of steps) {
    if (step.kind === "bring-in") {
      const row = step.row ?? agreed(work, newRow(work, { origin: "tracker" }), step.body, step.remote);
      const { insteadOf } = step;
      if (insteadOf !== null) work.stage({ write: [{ type: "delete", table: "commentLink", id: insteadOf.id }] });
      const author = step.remote.author?.displayName ?? "unknown";
      const authorId = (step.remote.author && identities?.userOf(step.remote.author.id)) ?? null;
      const key = row.id;
      const { createdAt } = step.remote;
      changes.push({ kind: "add", key, body: step.body, authorName: author, authorId, createdAt });
      rows.push({ row, key });
      // Over a host's own store the key is kept first: after a crash the same key adds nothing twice.
      if (!isEmbedded && step.row === null) putRow(work, row);
      activities.push(["comment-added", { author, origin: "tracker" }]);
    }
    if (step.kind === "bring-edit") {
      changes.push({ kind: "edit", commentId: step.commentId, body: step.body });
      rows.push({ row: agreed(work, step.row, step.body, step.remote), key: null });
      if (step.loser !== null) {
        const base = step.row.base?.local ?? null;
        const sides = { base, local: step.loser, remote: step.body, winner: "remote" } as const;
        recorded.push(["conflict-recorded", { field: "comments", commentId: step.commentId, ...sides }]);
        conflicts.push(recordConflict(work.pass.runtime, work.link, "comments", sides));
      }
      activities.push(["comment-edited", { commentId: step.commentId, origin: "tracker" }]);
    }
    if (step.kind === "bring-delete") {
      const { row, deleteLocal } = step;
      if (deleteLocal && row.commentId !== null) changes.push({ kind: "delete", commentId: row.commentId });
      rows.push({ row: { ...row, deletedAt: work.pass.runtime.clock.now() }, key: null });
      activities.push([
        "comment-deleted",
        { commentId: row.commentId ?? "", origin: "tracker", keptInHost: !deleteLocal },
      ]);
    }
  }
  if (changes.length === 0) {
    for (const { row } of rows) putRow(work, row);
    work.stage({ activities });
    return "done";
  }
  // In our own store a comment's id is its key, so that row and comment are one commit; a host's store names its own.
  const early = isEmbedded ? rows.map(({ row, key }) => (key === null ? row : { ...row, commentId: key })) : [];
  const write = early.map((row) => ({ type: "put" as const, table: "commentLink" as const, row }));
  const losers = { write: conflicts, activities: recorded };
  // Over a host's own store the losers are written down first: after a crash nobody could tell them any more.
  if (!isEmbedded && recordsLosers) work.stage(losers);
  const also = isEmbedded ? losers : { write: [], activities: [] };
  const staged = { write: [...write, ...also.write], activities: [...activities, ...also.activities] };
  const outcome = await applyInbound(work, { set: {}, comments: changes, conflicts: [] }, staged);
  if (outcome.status === "gone") return "defect-gone";
  if (outcome.status === "refused") return "refused";
  if (isEmbedded) for (const row of early) work.setCommentLink(row);
  else {
    for (const { row, key } of rows)
      putRow(work, key === null ? row : { ...row, commentId: outcome.commentIds[key] ?? null });
  }
  return "done";
}
