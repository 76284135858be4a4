import type { SyncField } from "../domain/fields.ts";
import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import type { JsonObject } from "../domain/json.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import type { JournalEntry, LinkFailure, LinkRow } from "../storage/rows/link-rows.ts";
import { applyInbound, markSiblings } from "./apply-inbound.ts";
import type { BulkGuard } from "./bulk-guard.ts";
import { cacheIssue } from "./cache-issue.ts";
import { recordedConflicts } from "./conflict-row.ts";
import { digestOf } from "./digest.ts";
import { countedOnce, type GuardedPlan, guardPlan } from "./guard-look.ts";
import { DefectMoved } from "./lease-lost.ts";
import { settleLinks, withLinkedFiles } from "./linked-files.ts";
import { countAlternations } from "./loop-breaker.ts";
import { acceptSnapshot, type Observation, readIssues } from "./observe.ts";
import { bodyLengthOf, composePatch, journalOf, judgeAnswer } from "./outbound.ts";
import { type FieldPlan, type PlannedPush, planFields } from "./plan-fields.ts";
import { isRefused, refusal, stageRefusals } from "./refusals.ts";
import type { StagedChange, Workspace } from "./workspace.ts";

/** How the fields stand after this pass. */
export type FieldsOutcome =
  | { readonly kind: "settled"; readonly failure: LinkFailure | null }
  | { readonly kind: "again"; readonly afterMs: number; readonly set: Partial<LinkRow> }
  | { readonly kind: "gone"; readonly observation: Observation }
  | { readonly kind: "defect-gone" };

interface Look {
  readonly issue: IssueSnapshot;
  readonly readAt: number;
  readonly plan: FieldPlan;
  readonly guarded: GuardedPlan;
}

async function planLook(work: Workspace, issue: IssueSnapshot, readAt: number, guard: BulkGuard): Promise<Look> {
  const { runtime, now } = work.pass;
  const startedAt = now() - (runtime.clock.monotonic() - readAt);
  const planned = withLinkedFiles(work, issue, planFields(work, issue, startedAt, bodyLengthOf(work)));
  const guarded = await guardPlan(work, planned, guard);
  return { issue, readAt, plan: guarded.plan, guarded };
}

/** A refusal is over once both sides agree; a conflict that ours has won moves the base, and the tracker still refuses ours. */
function isResolved({ codecs, defect }: Workspace, plan: FieldPlan, row: LinkRow["refused"][number]): boolean {
  const codec = codecs.find((candidate) => candidate.field === row.field);
  const base = codec === undefined ? undefined : plan.base[codec.field];
  if (codec === undefined || base === undefined) return false;
  return (
    row.direction === "in" || codec.sameLocal(plan.setLocal[codec.field] ?? defect?.[codec.field] ?? null, base.local)
  );
}

const isOfField = (field: string) => (row: { readonly field: string }) => row.field === field;

/** What a plan decided without asking the tracker: base, conflicts, frozen fields, reports. It belongs into one commit. */
function decisionsOf(work: Workspace, look: Look): StagedChange & { readonly set: Partial<LinkRow> } {
  const { link, pass } = work;
  const { plan, issue, guarded } = look;
  const { write, activities: losers } = recordedConflicts(work, plan.conflicts);
  const activities: NonNullable<StagedChange["activities"]> = [
    ...losers,
    ...plan.freeze.map((field) => ["field-frozen", { field, reason: "conflict" }] as const),
    ...plan.unmapped.map(({ field, remote }) => {
      const people = field === "assignee" ? { people: issue.assignees.map((person) => person.displayName) } : {};
      return ["value-unmapped", { field, remote, ...people }] as const;
    }),
    ...plan.unplaced.map(({ field, reason }) => ["field-refused", { field, reason }] as const),
  ];
  const reported = Object.fromEntries(plan.unmapped.map(({ field, remote }) => [field, remote]));
  const set: Partial<LinkRow> = {
    base: { ...link.base, ...plan.base },
    journal: plan.journal,
    frozen: [...link.frozen, ...plan.freeze],
    reported: { ...link.reported, ...reported },
    refused: [
      ...link.refused.filter((row) => !isResolved(work, plan, row) && !plan.unplaced.some(isOfField(row.field))),
      ...plan.unplaced,
    ],
    seenVersion: issue.version,
    seenDigest: digestOf(work.codecs, issue),
    unconfirmed: null,
    ...(issue.version < link.hintVersion ? { hintVersion: issue.version } : {}),
    mappingVersion: pass.session.source.mappingVersion,
    ...guarded.staged.set,
  };
  return { set, write, activities, require: guarded.staged.require ?? [] };
}

/**
 * Both sides agree only on what they said at one moment: the defect must still be as it was when the issue was read.
 * Throws `DefectMoved` now, or at the next commit.
 */
async function holdDefect({ defect, pass, stage }: Workspace): Promise<void> {
  const { defects } = pass.runtime;
  if (defect === null) return;
  if (defects.embedded !== null) return stage({ require: [defects.embedded.unchanged(defect)] });
  const [current] = await defects.read(pass.scope, [defect.id]);
  if (current?.revision !== defect.revision) throw new DefectMoved();
}

async function bringIn(work: Workspace, look: Look): Promise<"done" | "defect-gone" | "refused"> {
  const decisions = decisionsOf(work, look);
  const fields = Object.keys(look.plan.setLocal) as SyncField[];
  const { arrived, overdue } = look.plan;
  if (overdue.length > 0) work.stage(recordedConflicts(work, overdue));
  if (arrived.length > 0) {
    const issue = work.issue?.displayKey ?? "";
    work.stage({ write: [markSiblings(work)], activities: [["defect-updated", { fields: arrived, issue }]] });
  }
  if (fields.length === 0) {
    if (Object.keys(look.plan.base).length > 0) await holdDefect(work);
    work.stage(decisions);
    return "done";
  }
  const { alternations, freeze } = countAlternations(work, fields);
  const frozen = [...(decisions.set.frozen ?? []), ...freeze];
  const outcome = await applyInbound(
    work,
    { set: look.plan.setLocal, comments: [], conflicts: look.plan.conflicts },
    {
      ...decisions,
      set: { ...decisions.set, alternations, frozen },
      activities: [
        ...(decisions.activities ?? []),
        ...freeze.map((field) => ["field-frozen", { field, reason: "loop" }] as const),
        ["defect-updated", { fields, issue: work.issue?.displayKey ?? "", ...statusChange(work, look.plan) }],
      ],
    },
  );
  if (outcome.status === "gone") return "defect-gone";
  // All or nothing: without the refused value the others can come in.
  return outcome.status === "refused" ? "refused" : "done";
}

/** The defect's status before and after, for figures over time. */
function statusChange({ defect }: Workspace, { setLocal }: FieldPlan): JsonObject {
  const { status } = setLocal;
  return defect === null || typeof status !== "string" ? {} : { status: { from: defect.status, to: status } };
}

/** What ends the look at the fields; null where it goes on. */
function afterBringIn(brought: "done" | "defect-gone" | "refused"): FieldsOutcome | null {
  if (brought === "defect-gone") return { kind: "defect-gone" };
  return brought === "refused" ? { kind: "again", afterMs: 0, set: { checkIssue: true } } : null;
}

/** Labels the tracker would not make are not sent; the rest of the write is. */
async function withoutRefusedLabels(work: Workspace, pushes: readonly PlannedPush[]): Promise<readonly PlannedPush[]> {
  const names = composePatch(work, pushes).labels?.add ?? [];
  if (names.length === 0 || work.target === null) return pushes;
  const refused = await work.pass.labels(work.target, names);
  const reason = names.map((name) => refused.get(name)).find((text) => text !== undefined);
  if (reason === undefined) return pushes;
  stageRefusals(work, [
    refusal(work, "priority", pushes.find((push) => push.field === "priority")?.local ?? null, reason),
  ]);
  return pushes.filter((push) => push.field !== "priority");
}

/** Whoever writes there all the time is waited for after so many races in a row, as after a failure. */
const racesAtOnce = 3;

async function send(work: Workspace, look: Look, pushes: readonly PlannedPush[]): Promise<FieldsOutcome | null> {
  const { pass, issue } = work;
  const { update } = pass.session.provider;
  if (update === undefined || issue === null || pushes.length === 0) return null;
  const settled = work.link.journal.map((entry): JournalEntry => {
    const push = pushes.find((candidate) => candidate.field === entry.field);
    const isRepeated = push !== undefined && JSON.stringify(push.target) === JSON.stringify(entry.value);
    return isRepeated ? { ...entry, repeated: true } : entry;
  });
  work.stage({ set: { journal: [...settled, ...journalOf(pushes, look.issue.version, pass.now())] } });
  await work.flush();
  try {
    const result = await update.update(pass.call({ patienceMs: 0 }), {
      issue: issueAddress(issue),
      patch: composePatch(work, pushes),
      ifVersion: pass.session.capabilities.compareAndSet ? look.issue.version : null,
    });
    const judged = judgeAnswer(work, pushes, result);
    const sentFields = pushes.map((push) => push.field);
    work.stage({
      set: {
        base: { ...work.link.base, ...judged.base, ...judged.stops },
        journal: settled,
        refused: work.link.refused.filter((row) => row.field === "comments" || !sentFields.includes(row.field)),
        seenVersion: Math.max(work.link.seenVersion, result.issue.version),
        seenDigest: digestOf(work.codecs, result.issue),
      },
    });
    settleLinks(work, result.issue);
    work.stage(recordedConflicts(work, judged.replaced));
    stageRefusals(work, judged.refused);
    const taken = Object.keys(judged.base);
    if (taken.length > 0) work.activity("issue-updated", { fields: taken, issue: issue.displayKey });
    await cacheIssue(work, { kind: "live", issue: result.issue });
    return judged.hasNews ? { kind: "again", afterMs: 0, set: { checkIssue: true } } : null;
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    if (error.failure !== "ambiguous") work.stage({ set: { journal: settled } });
    // The tracker's own compare-and-set refused to overwrite a change we have not seen.
    const attempts = work.link.attempts + 1;
    if (error.status === 412 && attempts <= racesAtOnce) {
      return { kind: "again", afterMs: 0, set: { checkIssue: true, attempts } };
    }
    throw error;
  }
}

/** Nothing is left to do about the fields, or what was declined is dealt with by the next look. */
function afterLook(work: Workspace, { plan, guarded }: Look): FieldsOutcome {
  if (guarded.isDeclined) return { kind: "again", afterMs: 0, set: { checkIssue: true } };
  return { kind: "settled", failure: problemOf(work, plan) };
}

function problemOf(work: Workspace, plan: FieldPlan): LinkFailure | null {
  const problem = plan.problems[0];
  if (problem === undefined) return null;
  return {
    failure: problem.code === "mapping" ? "mapping" : "permanent",
    code: problem.code === "mapping" ? "mapping-invalid" : "tracker-rejected",
    message: problem.message,
    field: problem.field,
    at: work.pass.runtime.clock.now(),
    retryAt: null,
  };
}

/** At one issue before one write, without compare-and-set: no number of looks makes a slow tracker quicker. */
const mostLooks = 3;
/** A look that took twice as long as another one says less of the tracker than of a process that stood still. */
const mostInterruptedLooks = 6;

/** @param agesMs how old each look was when it could have been written by, the newest last */
function isTooOld(agesMs: readonly number[], { readBeforeWriteMs }: { readonly readBeforeWriteMs: number }): boolean {
  const newest = agesMs.at(-1) ?? 0;
  if (newest <= readBeforeWriteMs) return false;
  const isInterrupted = newest > 2 * Math.min(...agesMs);
  return agesMs.length < (isInterrupted ? mostInterruptedLooks : mostLooks);
}

/**
 * True where everything that a plan decides goes out with one write: if the issue is not as it was remembered, the tracker
 * refuses all of it. What both sides merely agree on, no write would check.
 */
function isProvenByWrite({ plan }: Look): boolean {
  return plan.pushes.length > 0 && Object.keys(plan.base).length === 0 && plan.conflicts.length === 0;
}

/** Closes the difference between a defect's fields and its issue's. */
export async function reconcileFields(work: Workspace, observed: Observation): Promise<FieldsOutcome> {
  const { pass } = work;
  const { runtime, session } = pass;
  const guard = countedOnce(pass.guard);
  const take = async (observation: Observation): Promise<Look | FieldsOutcome> => {
    const { outcome, readAt } = observation;
    if (outcome.kind !== "live") return { kind: "gone", observation };
    const acceptance = acceptSnapshot(work, outcome.issue);
    if (acceptance.kind === "again") return acceptance;
    if (observation.isRemembered !== true) await cacheIssue(work, outcome);
    return planLook(work, outcome.issue, readAt, guard);
  };

  const lookAgain = async (look: Look, reading = pass): Promise<Look | FieldsOutcome> => {
    const fresh = (await readIssues(reading, [work])).get(work.link.id);
    return fresh === undefined ? look : take(fresh);
  };
  const known = await take(observed);
  if ("kind" in known) return known;
  const first = observed.isRemembered === true && !isProvenByWrite(known) ? await lookAgain(known) : known;
  if ("kind" in first) return first;
  if (first.plan.pushes.length === 0) {
    const brought = await bringIn(work, first);
    return afterBringIn(brought) ?? afterLook(work, first);
  }
  const allowed = await withoutRefusedLabels(work, first.plan.pushes);
  return pass.slots.run(async () => {
    let look = first;
    const agesMs: number[] = [];
    const mayOverwrite = () => {
      if (session.capabilities.compareAndSet || look.plan.pushes.length === 0) return false;
      agesMs.push(runtime.clock.monotonic() - look.readAt);
      return isTooOld(agesMs, runtime.limits);
    };
    while (mayOverwrite()) {
      const next = await lookAgain(look, { ...pass, slots: { run: (task) => task() } });
      if ("kind" in next) return next;
      look = next;
    }
    const ended = afterBringIn(await bringIn(work, look));
    if (ended !== null) return ended;
    const pushes = look.plan.pushes.filter(
      (push) => !isRefused(work, push.field, push.local) && (look !== first || allowed.includes(push)),
    );
    return (await send(work, look, pushes)) ?? afterLook(work, look);
  });
}
