import type { DefectChange, DefectCommentChange, DefectSnapshot } from "../defect-store/defect-store.ts";
import type { SyncField } from "../domain/fields.ts";
import type { MergeConflict } from "../merge/merge-field.ts";
import type { MarkWrite } from "../storage/commit.ts";
import type { JournalEntry } from "../storage/rows/link-rows.ts";
import { DefectMoved } from "./lease-lost.ts";
import { refusal } from "./refusals.ts";
import type { StagedChange, Workspace } from "./workspace.ts";

export interface InboundChange {
  readonly set: Readonly<Partial<Record<SyncField, string | null>>>;
  readonly comments: readonly DefectCommentChange[];
  /** Values of the host's that lose by it. */
  readonly conflicts: readonly (MergeConflict & { readonly field: SyncField })[];
}

export type InboundOutcome =
  | { readonly status: "applied"; readonly commentIds: Readonly<Record<string, string>> }
  | { readonly status: "gone" }
  | { readonly status: "refused"; readonly reason: string };

/** The defect is the hub: what came in by this link has to go out by its other links. */
export function markSiblings(work: Workspace): MarkWrite {
  return {
    type: "mark",
    table: "link",
    by: "defect",
    keys: [[work.link.defectId]],
    exceptId: work.link.id,
    afterMs: 0,
    reset: true,
  };
}

function shownFields({ set }: InboundChange): Partial<DefectSnapshot> {
  const { title, description, status, priority, assignee } = set;
  return {
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof status === "string" ? { status } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(assignee === undefined ? {} : { assignee }),
  };
}

/** What a crash between the host's commit and ours would otherwise make look like a person's edit. */
function inboundJournal(work: Workspace, change: InboundChange): readonly JournalEntry[] {
  const snapshot = work.issue?.snapshot ?? null;
  return work.codecs.flatMap((codec): JournalEntry[] => {
    const local = change.set[codec.field];
    if (local === undefined || snapshot === null) return [];
    const value = codec.readRemote(snapshot);
    const before = work.defect?.[codec.field] ?? null;
    const lost = change.conflicts.find((conflict) => conflict.field === codec.field);
    const conflict =
      lost === undefined
        ? {}
        : { conflict: { base: lost.base, local: lost.local, remote: lost.remote, winner: lost.winner } };
    const { field } = codec;
    const seen = {
      ...(work.defect === null ? {} : { revision: work.defect.revision }),
      ...(work.defect?.changedAt === undefined ? {} : { changedAt: work.defect.changedAt[field] ?? null }),
    };
    const ifVersion = snapshot.version;
    return [{ direction: "in", field, local, value, before, ifVersion, ...seen, ...conflict, at: work.pass.now() }];
  });
}

/**
 * Brings changes into the defect, under the revision they were computed from, together with `staged`. In our own storage
 * that is one transaction; elsewhere the defect comes first and `staged` follows, which a repetition makes harmless.
 */
export async function applyInbound(
  work: Workspace,
  change: InboundChange,
  staged: StagedChange,
): Promise<InboundOutcome> {
  const { defect, issue, link, pass } = work;
  if (defect === null) return { status: "gone" };
  const gateway = pass.runtime.defects;
  const full: DefectChange = {
    defectId: defect.id,
    expectedRevision: defect.revision,
    set: change.set,
    comments: change.comments,
    cause: {
      linkId: link.id,
      sourceId: link.sourceId,
      issueKey: issue?.displayKey ?? "",
      issueUrl: issue?.url ?? "",
    },
  };
  if (gateway.embedded !== null) {
    // What is already staged tells of remote effects and must not be lost if the defect has moved.
    await work.flush();
    work.stage(staged);
    const { require, write, revision } = gateway.embedded.plan(pass.scope, defect, full);
    work.stage({ require, write: [...write, markSiblings(work)] });
    await work.flush();
    work.setDefect({ ...defect, ...shownFields(change), revision });
    const added = change.comments.flatMap((comment) =>
      comment.kind === "add" ? [[comment.key, comment.key] as const] : [],
    );
    return { status: "applied", commentIds: Object.fromEntries(added) };
  }
  // What an earlier attempt left is dealt with by the plan behind this change.
  const outbound = link.journal.filter((entry) => entry.direction === "out");
  work.stage({ set: { journal: [...outbound, ...inboundJournal(work, change)] } });
  await work.flush();
  const [outcome] = await gateway.apply(pass.scope, [full]);
  if (outcome === undefined) throw new TypeError("A defect store answered fewer outcomes than changes.");
  if (outcome.status === "stale") throw new DefectMoved();
  if (outcome.status === "gone") return { status: "gone" };
  if (outcome.status === "refused") {
    const codec = work.codecs.find((candidate) => candidate.field === outcome.field);
    const remote = codec !== undefined && issue?.snapshot ? codec.readRemote(issue.snapshot) : null;
    const row = refusal(work, outcome.field, remote, outcome.reason, "in");
    work.stage({ set: { refused: [...link.refused.filter((known) => known.field !== row.field), row] } });
    work.activity("field-refused", { field: outcome.field, reason: outcome.reason, direction: "in" });
    return { status: "refused", reason: outcome.reason };
  }
  work.stage(staged);
  work.stage({ write: [markSiblings(work)] });
  await work.flush();
  work.setDefect({ ...defect, ...shownFields(change), revision: outcome.revision });
  return { status: "applied", commentIds: outcome.commentIds };
}
