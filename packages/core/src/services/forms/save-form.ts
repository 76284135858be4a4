import type { JsonValue } from "../../domain/json.ts";
import { alarmOf } from "../../forms/target-alarm.ts";
import type { IssueFormField } from "../../provider/groups/form.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { IssueFormRow } from "../../storage/rows/form-rows.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { commitPlan } from "../commit-plan.ts";
import type { FormPlace } from "./load-form.ts";

/** The key of a form's row. */
export function formPlace({ source, target }: FormPlace): readonly [string, string, string] {
  return [source.id, target.container, target.issueType ?? ""];
}

/** Keeps what the tracker answered, and tells once of what targets lack now. */
export async function saveForm(
  runtime: Runtime,
  scope: StorageScope,
  request: {
    readonly source: SourceRow;
    readonly target: Pick<TargetRow, "container" | "issueType">;
    readonly fields: readonly IssueFormField[];
    readonly fetchedAt: number;
  },
): Promise<void> {
  const { source, target, fields, fetchedAt } = request;
  const key = formPlace(request);
  await commitPlan(runtime, scope, "form.fields", async () => {
    const [[sourceNow], [known], targets] = await Promise.all([
      runtime.storage.find(scope, { table: "source", by: "id", keys: [[source.id]] }),
      runtime.storage.find(scope, { table: "issueForm", by: "place", keys: [key] }),
      runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] }),
    ]);
    const isLate = known !== undefined && known.fetchedAt > fetchedAt;
    if (sourceNow?.credentialVersion !== source.credentialVersion || isLate) {
      return { unit: null, events: [], result: undefined };
    }
    const row: IssueFormRow = {
      tenantId: scope.tenantId,
      id: known?.id ?? runtime.ids.id(),
      sourceId: source.id,
      container: target.container,
      issueType: target.issueType ?? "",
      fields: JSON.parse(JSON.stringify(fields)) as readonly JsonValue[],
      credentialVersion: source.credentialVersion,
      fetchedAt,
      isOutdated: false,
    };
    const here = targets.filter((one) => one.container === target.container && one.issueType === target.issueType);
    const alarms = here.map((one) => alarmOf(runtime, one, fields));
    return {
      unit: {
        // Defaults that are being edited decide what is missing.
        require: [{ table: "source", id: source.id, match: { revision: sourceNow.revision } }],
        write: [{ type: "put", table: "issueForm", row }, ...alarms.flatMap(({ write }) => write)],
      },
      events: alarms.flatMap(({ events }) => events),
      result: undefined,
    };
  });
}
