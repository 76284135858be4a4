import { isDeepStrictEqual } from "node:util";
import { lookAfter, polledContainers } from "../../engine/poll-scopes.ts";
import type { ActivityEvent } from "../../events/event-bus.ts";
import { formFieldsOf } from "../../forms/stored-form.ts";
import { alarmEvents, missingOf } from "../../forms/target-alarm.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { workAfresh } from "../../runtime/wake-up.ts";
import type { Write } from "../../storage/commit.ts";
import type { IssueFormRow } from "../../storage/rows/form-rows.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { ServiceContext } from "../service-context.ts";
import { checkMappings, checkTargets, parseTargetContainers } from "./source-checks.ts";
import type { ParsedUpdateSource } from "./source-input.ts";
import { targetRow } from "./source-rows.ts";
import { activeLinks, sourceInUse } from "./source-use.ts";

/** The targets as they are to be, by project. Keeps the ids of those that are replaced. */
export function nextTargets(
  runtime: Runtime,
  source: Pick<SourceRow, "tenantId" | "id">,
  existing: readonly TargetRow[],
  { upsert, delete: removed }: ParsedUpdateSource["targets"],
): ReadonlyMap<string, TargetRow> {
  const replaced = new Map(existing.map((row) => [row.projectId, row]));
  const next = new Map(replaced);
  for (const projectId of removed) next.delete(projectId);
  for (const target of upsert) {
    next.set(target.projectId, targetRow(runtime, source, target, replaced.get(target.projectId)));
  }
  return next;
}

/** True where a project's defects would be read or sent by other rules than before. */
export function changesMapping(
  existing: readonly TargetRow[],
  next: ReadonlyMap<string, Pick<TargetRow, "mapping">>,
): boolean {
  const before = new Map(existing.map((row) => [row.projectId, row.mapping]));
  return [...new Set([...before.keys(), ...next.keys()])].some(
    (projectId) => !isDeepStrictEqual(before.get(projectId) ?? {}, next.get(projectId)?.mapping ?? {}),
  );
}

/** What the stored form says that a target lacks; what a refusal has taught since stays, as long as no default answers it. */
function withKnownMissing(row: TargetRow, forms: readonly IssueFormRow[]): TargetRow {
  const form = forms.find((one) => one.container === row.container && one.issueType === (row.issueType ?? ""));
  if (form === undefined || form.isOutdated) return row;
  return { ...row, missingFields: missingOf(formFieldsOf(form), row) };
}

/** What becomes of targets and poll scopes. Throws `source-in-use` where living links would be left behind. */
export async function planTargets(
  context: ServiceContext,
  request: {
    readonly before: SourceRow;
    readonly configured: SourceRow;
    readonly parsed: ParsedUpdateSource;
    readonly provider: Provider;
    readonly existing: readonly TargetRow[];
  },
): Promise<{
  readonly writes: readonly Write[];
  readonly events: readonly ActivityEvent[];
  readonly mappingChanged: boolean;
}> {
  const { runtime, scope } = context;
  const { before, configured, parsed, provider, existing } = request;
  const upserts = parseTargetContainers(provider.describe(), parsed.targets.upsert, ["targets", "upsert"]);
  const replaced = new Map(existing.map((row) => [row.projectId, row]));
  const next = nextTargets(runtime, before, existing, { ...parsed.targets, upsert: upserts });
  const forms = await runtime.storage.find(scope, { table: "issueForm", by: "source", keys: [[before.id]] });
  const rows = [...next.values()].map((row) => withKnownMissing(row, forms));
  checkTargets(rows, configured);
  checkMappings(runtime, provider, configured, rows);
  const events = rows.flatMap((row) => {
    const old = replaced.get(row.projectId)?.missingFields ?? null;
    return alarmEvents(runtime, row, old, row.missingFields);
  });
  const isKept = (row: TargetRow) => next.get(row.projectId)?.container === row.container;
  const abandoned = existing.filter((row) => !isKept(row));
  const links = abandoned.length === 0 ? [] : await activeLinks(context, before.id);
  const inUse = abandoned.find((row) => links.some((link) => link.targetId === row.id));
  if (inUse !== undefined) {
    throw sourceInUse(
      before,
      `links live in "${inUse.container}", the target of project "${inUse.projectId}". Detach them before you change or remove that target.`,
    );
  }
  const scopes = await runtime.storage.find(scope, { table: "pollScope", by: "source", keys: [[before.id]] });
  const wanted = polledContainers(provider, rows);
  // While links live, other containers may have to be polled for those that were attached there.
  const dropped =
    abandoned.length === 0 || links.length > 0 ? [] : scopes.filter((row) => !wanted.includes(row.container));
  const isComplete = events.some(({ type }) => type === "target-fields-complete");
  const isChanged = (row: TargetRow) => !isDeepStrictEqual(row, replaced.get(row.projectId));
  return {
    events,
    mappingChanged: changesMapping(existing, next),
    writes: [
      ...existing
        .filter((row) => !next.has(row.projectId))
        .map((row): Write => ({ type: "delete", table: "target", id: row.id })),
      ...rows.filter(isChanged).map((row): Write => ({ type: "put", table: "target", row })),
      // What was refused for a field that has a default now is tried again.
      ...(isComplete ? workAfresh(before.id) : []),
      ...dropped.map((row): Write => ({ type: "delete", table: "pollScope", id: row.id })),
      ...lookAfter(
        runtime,
        before,
        wanted.filter((container) => scopes.every((row) => row.container !== container)),
      ),
    ],
  };
}
