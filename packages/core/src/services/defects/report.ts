import { v5 } from "uuid";
import { describeActivity } from "../../activity/activity.ts";
import { categoryOf } from "../../domain/vocabulary.ts";
import type { Write } from "../../storage/commit.ts";
import type { DefectRow, OccurrenceRow } from "../../storage/rows/defect-rows.ts";
import { commitPlan, type Plan } from "../commit-plan.ts";
import { findByKeys } from "../find-by-keys.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { defectResource } from "./defect-access.ts";
import { firstOpenStatus, markDefectLinks, newDefect, planFieldChange } from "./defect-changes.ts";
import type { ParsedReport } from "./defect-input.ts";
import { fingerprintOf } from "./fingerprint.ts";

const namespace = "6f0d3a52-5a3e-4c8e-9a63-5f0f0c4b6f1d";

export interface ReportResult {
  readonly row: DefectRow;
  readonly created: boolean;
}

function detailsBlock(details: string): string {
  if (details === "") return "";
  const longest = Math.max(2, ...[...details.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${details}\n${fence}`;
}

async function planReport(context: ServiceContext, input: ParsedReport): Promise<Plan<ReportResult>> {
  const { runtime, actor, scope } = context;
  const { storage } = runtime;
  const { projectId, failure } = input;
  const details = failure.details ?? "";
  const fingerprint = failure.fingerprint ?? fingerprintOf({ ...failure, details });
  const [sameResult, sameFailure] = await Promise.all([
    failure.resultId === undefined
      ? []
      : storage.find(scope, { table: "occurrence", by: "result", keys: [[projectId, failure.resultId]] }),
    storage.find(scope, { table: "occurrence", by: "fingerprint", keys: [[projectId, fingerprint]] }),
  ]);
  const ids = [...new Set([...sameResult, ...sameFailure].map((occurrence) => occurrence.defectId))];
  const defects = await findByKeys(
    storage,
    scope,
    "defect",
    "id",
    ids.map((id) => [id]),
  );
  const reported = defects.find((row) => row.id === sameResult[0]?.defectId);
  if (reported !== undefined) return { unit: null, events: [], result: { row: reported, created: false } };

  const isOpen = (row: DefectRow) => categoryOf(runtime.vocabulary, row.status) !== "closed";
  const known = defects.find(isOpen) ?? (input.whenClosed === "reopen" ? defects.at(-1) : undefined);
  const at = failure.at ?? runtime.clock.now();
  const occurrence = (defectId: string, id: string): OccurrenceRow => ({
    tenantId: scope.tenantId,
    id,
    defectId,
    projectId,
    caseId: failure.caseId,
    runId: failure.runId ?? null,
    resultId: failure.resultId ?? null,
    fingerprint,
    at,
  });
  const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor) };
  if (known !== undefined) {
    const reopened = isOpen(known)
      ? null
      : planFieldChange(known, { status: firstOpenStatus(runtime.vocabulary) }, runtime.clock.now());
    const event = describeActivity(
      runtime,
      "defect-occurred",
      { ...subject, defectId: known.id },
      {
        caseId: failure.caseId,
        runId: failure.runId ?? null,
        reopened: reopened !== null,
        ...(reopened === null ? {} : { status: { from: known.status, to: reopened.row.status } }),
      },
    );
    const reopening: readonly Write[] = reopened === null ? [] : [reopened.write, markDefectLinks(known.id)];
    return {
      unit: {
        require: [{ table: "defect", id: known.id, match: { revision: known.revision } }],
        write: [...reopening, { type: "insert", table: "occurrence", row: occurrence(known.id, runtime.ids.id()) }],
      },
      events: [event],
      result: { row: reopened?.row ?? known, created: false },
    };
  }
  const row = newDefect(context, {
    projectId,
    title: failure.title,
    description: detailsBlock(details),
    priority: input.priority,
  });
  // The first occurrence of each defect has an id that two reporters would choose alike: the second finds it taken.
  const generation = ids.length;
  const founding = v5(JSON.stringify([scope.tenantId, projectId, fingerprint, generation]), namespace);
  const event = describeActivity(
    runtime,
    "defect-created",
    { ...subject, defectId: row.id },
    { caseId: failure.caseId, runId: failure.runId ?? null },
  );
  return {
    unit: {
      write: [
        { type: "insert", table: "defect", row },
        { type: "insert", table: "occurrence", row: occurrence(row.id, founding) },
      ],
    },
    events: [event],
    result: { row, created: true },
  };
}

/** Finds the open defect of a known failure and adds an occurrence to it, or makes a defect. */
export async function reportFailure(context: ServiceContext, input: ParsedReport): Promise<ReportResult> {
  const { runtime, authoriser, actor, scope } = context;
  await authoriser.authorise(actor, "defect.report", defectResource(scope.tenantId, input.projectId));
  return commitPlan(runtime, scope, "defect.report", () => planReport(context, input));
}
