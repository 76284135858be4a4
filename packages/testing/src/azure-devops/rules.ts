import type { RuleProblem } from "./failure.ts";
import type { FieldRecord, TypeRecord, WorkItemRecord } from "./model.ts";

type Saved = Pick<WorkItemRecord, "fields" | "type">;

/** Fills in what the type gives where nobody did: the first state, its usual reason, default values. */
export function withDefaults(type: TypeRecord, item: Saved["fields"], before: Saved | null): Saved["fields"] {
  const filled: Record<string, unknown> = { ...item };
  if (before === null) {
    for (const { referenceName, defaultValue } of type.fields)
      if (defaultValue !== null && filled[referenceName] === undefined) filled[referenceName] = defaultValue;
    filled["System.State"] ??= type.states[0]?.name;
  }
  const { "System.State": state, "System.Reason": reason } = filled;
  const isMoved = before === null || before.fields["System.State"] !== state;
  const isGiven = before === null ? reason !== undefined : before.fields["System.Reason"] !== reason;
  if (isMoved && !isGiven) filled["System.Reason"] = type.states.find(({ name }) => name === state)?.reasons[0];
  return filled;
}

/** What the rules of the type refuse in an item that is about to be saved. */
export function brokenRules(type: TypeRecord, after: Saved, before: Saved | null): RuleProblem[] {
  return [...type.fields.flatMap((field) => brokenFieldRules(field, after)), ...brokenStateRules(type, after, before)];
}

function brokenFieldRules(field: FieldRecord, { fields }: Saved): RuleProblem[] {
  const { referenceName, name, allowedValues } = field;
  if (field.readOnly === true) return [];
  const value = fields[referenceName];
  const limited = allowedValues.length === 0 ? "" : "hasValues, limitedToValues, allowsOldValue, ";
  const isRequired = field.alwaysRequired || (field.requiredInStates ?? []).includes(String(fields["System.State"]));
  if (value === undefined)
    return isRequired ? [{ referenceName, name, flags: `required, ${limited}invalidEmpty` }] : [];
  const isAllowed = allowedValues.length === 0 || allowedValues.some((allowed) => String(allowed) === String(value));
  return isAllowed ? [] : [{ referenceName, name, flags: `${limited}invalidListValue` }];
}

/** New items stand in the first state; later ones follow the transitions of the type. */
function brokenStateRules(type: TypeRecord, after: Saved, before: Saved | null): RuleProblem[] {
  const to = String(after.fields["System.State"]);
  const from = before === null ? null : String(before.fields["System.State"]);
  const state = type.states.find(({ name }) => name === to);
  const flags = "hasValues, limitedToValues, allowsOldValue, invalidListValue";
  const refused = [{ referenceName: "System.State", name: "State", flags }];
  if (state === undefined) return refused;
  const isRetyped = before !== null && before.type !== after.type;
  if (from === null && to !== type.states[0]?.name) return refused;
  const isStep = from === null || from === to || isRetyped || type.transitions === null;
  if (!isStep && !(type.transitions?.[from] ?? []).includes(to)) return refused;
  const reason = String(after.fields["System.Reason"]);
  const isReason = from === to || state.reasons.includes(reason);
  return isReason ? [] : [{ referenceName: "System.Reason", name: "Reason", flags }];
}
