import type { FieldValue, SyncField } from "../domain/fields.ts";
import type { FieldWarning } from "../domain/issue-snapshot.ts";
import { asList, isAnswer, stateTargetOf } from "../mapping/field-codec.ts";
import { composeBlock, joinBody } from "../mapping/managed-block.ts";
import type { MergeConflict } from "../merge/merge-field.ts";
import type { IssuePatch, UpdateIssueResult } from "../provider/groups/update.ts";
import type { BasePair, JournalEntry, RefusedField } from "../storage/rows/link-rows.ts";
import { judgeMember } from "./judge-member.ts";
import type { LinkCase } from "./link-case.ts";
import { linkedFiles } from "./linked-files.ts";
import type { PlannedPush } from "./plan-fields.ts";
import { refusal } from "./refusals.ts";

/** The block of a link's issue: it leads back to the defect. */
export function blockOf(work: LinkCase): string {
  const { defect, link, pass } = work;
  if (defect === null) throw new TypeError("A link without its defect has no block.");
  const defectUrl = pass.runtime.defectUrl({ tenantId: link.tenantId, defect });
  return composeBlock({
    token: link.token,
    defectId: defect.id,
    defectUrl,
    files: linkedFiles(work),
    rules: pass.session.capabilities,
  });
}

/** How long a body is with everything that Backref adds. */
export function bodyLengthOf(work: LinkCase): (userPart: string) => number {
  return (userPart) => joinBody(userPart, blockOf(work)).length;
}

const textOf = (value: FieldValue) => (typeof value === "string" ? value : "");

/** The smallest patch that makes the issue say what the pushes want. */
export function composePatch(work: LinkCase, pushes: readonly PlannedPush[]): IssuePatch {
  let patch: IssuePatch = {};
  for (const push of pushes) {
    if (push.field === "title") patch = { ...patch, title: textOf(push.target) };
    if (push.field === "description")
      patch = { ...patch, body: push.body ?? joinBody(textOf(push.target), blockOf(work)) };
    if (push.field === "status") {
      const state = stateTargetOf(work.mapping, textOf(push.local));
      if (state !== undefined) patch = { ...patch, state };
    }
    if (push.field === "assignee") {
      const [before, target] = [asList(push.before), asList(push.target)];
      const add = target.filter((id) => !before.includes(id));
      patch = { ...patch, assigneeIds: { add, remove: before.filter((id) => !target.includes(id)) } };
    }
    if (push.field === "priority") {
      if (work.pass.session.capabilities.priority === "labels") {
        const [before, target] = [asList(push.before), asList(push.target)];
        const add = target.filter((name) => !before.includes(name));
        const remove = before.filter((name) => !target.includes(name));
        patch = { ...patch, labels: { add, remove } };
      } else {
        patch = { ...patch, priority: push.target === null ? null : textOf(push.target) };
      }
    }
  }
  return patch;
}

/** What is remembered of a write until its answer is known. Sets are remembered element by element. */
export function journalOf(pushes: readonly PlannedPush[], ifVersion: number, at: number): readonly JournalEntry[] {
  return pushes.flatMap((push): JournalEntry[] => {
    const entry = {
      direction: "out" as const,
      field: push.field,
      local: push.local,
      value: push.target,
      before: push.before,
      ifVersion,
      at,
    };
    if (!Array.isArray(push.target) && !Array.isArray(push.before)) return [entry];
    const [before, target] = [asList(push.before), asList(push.target)];
    return [
      ...target
        .filter((name) => !before.includes(name))
        .map((value) => ({ ...entry, element: { value, operation: "add" as const } })),
      ...before
        .filter((name) => !target.includes(name))
        .map((value) => ({ ...entry, element: { value, operation: "remove" as const } })),
    ];
  });
}

const warningFieldOf: Readonly<Record<SyncField, readonly FieldWarning["field"][]>> = {
  title: ["title"],
  description: ["body"],
  status: ["state"],
  priority: ["labels", "priority"],
  assignee: ["assignees"],
};

export interface SentResult {
  readonly base: Readonly<Partial<Record<SyncField, BasePair>>>;
  readonly refused: readonly RefusedField[];
  /** Where a refused way through several steps has ended: seen, and nobody's change. */
  readonly stops: Readonly<Partial<Record<SyncField, BasePair>>>;
  /** Values that the answer shows something else for: changed since, or never taken. Nobody can tell. */
  readonly replaced: readonly (MergeConflict & { readonly field: SyncField })[];
  /** The answer shows something in a synced field that nobody here knows yet. */
  readonly hasNews: boolean;
}

/**
 * Compares what the tracker answers with what was sent, field by field: taken, dropped, or already changed by someone else.
 */
export function judgeAnswer(
  work: LinkCase,
  pushes: readonly PlannedPush[],
  { issue: answer, warnings, bodyAsSent = false }: UpdateIssueResult,
): SentResult {
  const base: Partial<Record<SyncField, BasePair>> = {};
  const refused: RefusedField[] = [];
  const stops: Partial<Record<SyncField, BasePair>> = {};
  const replaced: SentResult["replaced"][number][] = [];
  let hasNews = false;
  for (const codec of work.codecs) {
    const { field } = codec;
    const answered = codec.readRemote(answer);
    const push = pushes.find((candidate) => candidate.field === field);
    const warning = warnings.find((candidate) => warningFieldOf[field].includes(candidate.field));
    const refuse = (local: FieldValue) => {
      const reason = warning?.message ?? `The tracker left the ${field} as it was and gave no reason.`;
      refused.push(refusal(work, field, local, reason));
    };
    if (push !== undefined && codec.member !== undefined) {
      const judged = judgeMember(codec, push, answer, work.link.base[field]);
      if (judged.base !== undefined) base[field] = judged.base;
      if (judged.isRefused) refuse(push.local);
      if (judged.hasNews) hasNews = true;
    } else if (push === undefined) {
      const known = work.link.base[field];
      if (known !== undefined && !codec.sameRemote(known.remote, answered)) hasNews = true;
    } else if (isAnswer(codec, push.target, answered) || (field === "description" && bodyAsSent)) {
      base[field] = { local: push.local, remote: answered };
    } else if (codec.sameRemote(answered, push.before)) {
      refuse(push.local);
    } else if (codec.inSteps === true && warning !== undefined) {
      refuse(push.local);
      stops[field] = { local: work.link.base[field]?.local ?? null, remote: answered, isApart: true };
    } else {
      base[field] = { local: push.local, remote: push.target };
      hasNews = true;
      const remote = codec.fromRemote(answered);
      if (remote === undefined || codec.sameLocal(remote, push.local)) continue;
      const before = work.link.base[field]?.local ?? null;
      replaced.push({ field, base: before, local: push.local, remote, winner: "remote" });
    }
  }
  return { base, refused, stops, replaced, hasNews };
}
