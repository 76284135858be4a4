import { recordActivity } from "../activity/activity.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { fieldWords, isBlank } from "../forms/missing-fields.ts";
import { formFieldsOf } from "../forms/stored-form.ts";
import { alarmEvents } from "../forms/target-alarm.ts";
import type { CreateIssueRequest } from "../provider/groups/create.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import type { Workspace } from "./workspace.ts";

/** What a defect says itself is changed there, not given with a push. */
const ofDefect: readonly string[] = ["title", "description", "body", "priority", "status", "state"];

/** Fields that a refusal names, in its order, as far as a push can give them. */
function namedFields({ field, issues }: ProviderError): readonly string[] {
  const named = [field, ...issues.map(({ path }) => path[0])];
  const ids = named.filter((id): id is string => typeof id === "string" && !ofDefect.includes(id));
  return [...new Set(ids)];
}

interface NamedField {
  readonly id: string;
  readonly name: string;
}

/** The tracker wants more than the stored form says: it is read anew before it is shown, and people are told once. */
async function raiseAlarm(
  { pass }: Workspace,
  target: TargetRow,
  formId: string | null,
  missing: readonly NamedField[],
): Promise<void> {
  const { runtime, scope } = pass;
  const [now] = await runtime.storage.find(scope, { table: "target", by: "id", keys: [[target.id]] });
  const isSame = now?.container === target.container && now.issueType === target.issueType;
  if (!isSame) return;
  const known = now.missingFields ?? [];
  const added = missing.filter(({ id }) => known.every((field) => field.id !== id) && isBlank(now.defaults[id]));
  const next = added.length === 0 ? now.missingFields : [...known, ...added];
  const events = alarmEvents(runtime, now, now.missingFields, next);
  const [outcome] = await runtime.storage.commit(scope, [
    {
      require: [{ table: "target", id: now.id, match: { container: now.container, issueType: now.issueType } }],
      write: [
        { type: "update", table: "target", id: now.id, set: { missingFields: next } },
        ...events.map(recordActivity),
      ],
    },
    // By itself: a form that is gone keeps nobody from being told.
    ...(formId === null
      ? []
      : [{ write: [{ type: "update" as const, table: "issueForm" as const, id: formId, set: { isOutdated: true } }] }]),
  ]);
  if (outcome?.status === "committed") runtime.events.emit(events);
}

/** A create that the tracker refused, in words that name its field and say what to do. Anything else stays as it is. */
export async function explainRefusal(work: Workspace, request: CreateIssueRequest, error: unknown): Promise<unknown> {
  const { pass, target } = work;
  if (!ProviderError.isInstance(error) || error.failure !== "permanent" || target === null) return error;
  const ids = namedFields(error);
  const [first] = ids;
  if (first === undefined) return error;
  const keys = [[pass.session.source.id, target.container, target.issueType ?? ""]];
  const [form] = await pass.runtime.storage.find(pass.scope, { table: "issueForm", by: "place", keys });
  const nameOf = (id: string) => {
    const fields = form === undefined ? [] : formFieldsOf(form);
    return fields.find((candidate) => candidate.id === id)?.name ?? id;
  };
  const named = ids.map((id): NamedField => ({ id, name: nameOf(id) }));
  const sent: CreateIssueRequest["fields"] = { ...request.fields, labels: request.labels };
  const missing = named.filter(({ id }) => isBlank(sent[id]));
  if (missing.length > 0) await raiseAlarm(work, target, form?.id ?? null, missing);
  const words = (fields: readonly NamedField[]) => fields.map(fieldWords).join(", ");
  const example = JSON.stringify(named[0]?.id ?? "");
  const what =
    missing.length > 0
      ? `The tracker wants ${words(missing)} of a new issue.`
      : `The tracker does not take what was given for ${words(named)}.`;
  return new ProviderError({
    failure: error.failure,
    providerId: error.providerId ?? pass.session.provider.id,
    operation: error.operation ?? "issue.create",
    status: error.status,
    field: first,
    issues: error.issues,
    message: `${what} It said: ${error.message} Push again with { fields: { ${example}: … } }, or give the target a default.`,
    cause: error,
  });
}
