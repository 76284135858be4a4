import { z } from "zod";
import { categoryOf } from "../../domain/vocabulary.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import { inBatches } from "../../issues/read-batch.ts";
import type { DefectRow } from "../../storage/rows/defect-rows.ts";
import type { ActivityRow } from "../../storage/rows/feed-rows.ts";
import { defectResource } from "../defects/defect-access.ts";
import { findAll, findAllByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";
import { authoriseProject } from "./traceability-access.ts";
import { createTrendCounter, type TrendCounter } from "./trend.ts";
import type { DefectHistory, DefectTrend, DefectTrendRequest } from "./trend-types.ts";

const historiesPerCall = 100;
const projectOnly = z.strictObject({ projectId: hostId });

/**
 * Reads the project's defects in parts, and the activity only of those whose status changed within the window or behind it:
 * of all others it is known already how they stood.
 */
export async function defectTrend(context: ServiceContext, request: DefectTrendRequest): Promise<DefectTrend> {
  const { runtime, authoriser, actor, scope } = context;
  const { projectId: given, ...window } = request ?? {};
  const { projectId } = parseInput(projectOnly, { projectId: given }, "request");
  const counter = createTrendCounter(window);
  await authoriseProject(context, projectId);
  for await (const all of findAll(runtime.storage, scope, "defect", "project", [projectId])) {
    const defects = await authoriser.filter(actor, "defect.read", all, ({ id }) =>
      defectResource(scope.tenantId, projectId, id),
    );
    const changed: DefectRow[] = [];
    for (const defect of defects) {
      const history = knownHistory(context, counter, defect);
      if (history === null) changed.push(defect);
      else counter.add(history);
    }
    for (const batch of inBatches(changed, historiesPerCall)) {
      for (const history of await readHistories(context, batch)) counter.add(history);
    }
  }
  return counter.result();
}

/** Null where the activity has to be read. */
function knownHistory(context: ServiceContext, counter: TrendCounter, defect: DefectRow): DefectHistory | null {
  const { createdAt } = defect;
  const changedAt = statusChangedAt(defect);
  const isOpen = isOpenStatus(context, defect.status);
  return changedAt <= createdAt || counter.dayOf(changedAt) < counter.firstDay
    ? { createdAt, isOpen, changes: [] }
    : null;
}

function statusChangedAt({ changedAt, createdAt }: DefectRow): number {
  return changedAt["status"] ?? createdAt;
}

/** A word that the vocabulary does not have any more is not known to be closed. */
function isOpenStatus({ runtime }: ServiceContext, status: string): boolean {
  return categoryOf(runtime.vocabulary, status) !== "closed";
}

async function readHistories(
  context: ServiceContext,
  defects: readonly DefectRow[],
): Promise<readonly DefectHistory[]> {
  const { runtime, scope } = context;
  const steps = new Map<string, StatusStep[]>();
  const keys = defects.map(({ id }) => [id]);
  for await (const rows of findAllByKeys(runtime.storage, scope, "activity", "defect", keys)) {
    for (const row of rows) {
      const step = statusStep(context, row);
      if (step !== null) steps.set(row.defectId ?? "", [...(steps.get(row.defectId ?? "") ?? []), step]);
    }
  }
  return defects.map((defect) => historyOf(context, defect, steps.get(defect.id) ?? []));
}

interface StatusStep {
  readonly at: number;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
}

function statusStep(context: ServiceContext, { at, data }: ActivityRow): StatusStep | null {
  const { status } = data;
  if (typeof status !== "object" || status === null || Array.isArray(status)) return null;
  const { from, to } = status as Readonly<Record<string, unknown>>;
  if (typeof from !== "string" || typeof to !== "string") return null;
  return { at, wasOpen: isOpenStatus(context, from), isOpen: isOpenStatus(context, to) };
}

/** Where the activity does not lead to how the defect stands, the last step is missing, and the defect itself knows when it was. */
function historyOf(context: ServiceContext, defect: DefectRow, steps: readonly StatusStep[]): DefectHistory {
  const { createdAt } = defect;
  const [first] = steps;
  const last = steps.at(-1);
  const isOpenNow = isOpenStatus(context, defect.status);
  const changedAt = statusChangedAt(defect);
  const missing =
    last !== undefined && last.isOpen !== isOpenNow && changedAt > last.at
      ? [{ at: changedAt, isOpen: isOpenNow }]
      : [];
  return { createdAt, isOpen: first?.wasOpen ?? isOpenNow, changes: [...steps, ...missing] };
}
