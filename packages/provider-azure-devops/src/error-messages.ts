/** One field that a rule of the process refuses. */
interface FieldProblem {
  /** Reference name, for example `Custom.Cause`. */
  readonly field: string;
  readonly message: string;
}

/** What Azure DevOps said: about the request as a whole, and about single fields. */
export interface AzureDevOpsMessages {
  readonly told: string;
  /** For example `TF401232`; empty for none. */
  readonly code: string;
  /** For example `RuleValidationException`; empty for none. */
  readonly kind: string;
  readonly fields: readonly FieldProblem[];
}

const longest = 500;
/** Nobody has a field of this name. */
export const fieldUnknown = "TF51535";

/** The shape that all services of Azure DevOps share for errors; rules of the process stand in `customProperties`. */
export function messagesOf(data: unknown): AzureDevOpsMessages {
  const { message, typeKey, customProperties } = asRecord(data);
  const text = typeof message === "string" ? message.slice(0, longest) : "";
  const kind = typeof typeKey === "string" ? typeKey : "";
  const code = /\b(?:TF|VS)\d{5,6}\b/.exec(text)?.[0] ?? "";
  return { told: text.replace(/\.$/, ""), code, kind, fields: fieldsOf(asRecord(customProperties), text) };
}

function fieldsOf(properties: Readonly<Record<string, unknown>>, message: string): readonly FieldProblem[] {
  const { RuleValidationErrors: rules, FieldReferenceName: single } = properties;
  const listed = (Array.isArray(rules) ? rules : []).flatMap((rule: unknown): readonly FieldProblem[] => {
    const { fieldReferenceName: field, errorMessage } = asRecord(rule);
    if (typeof field !== "string" || field === "") return [];
    return [{ field, message: typeof errorMessage === "string" ? errorMessage : message }];
  });
  if (listed.length > 0) return listed;
  const named = typeof single === "string" && single !== "" ? single : nameIn(message);
  return named === undefined ? [] : [{ field: named, message }];
}

/** Paths that are not there and fields that nobody has are told in words alone; custom fields may be named by a GUID. */
function nameIn(message: string): string | undefined {
  const found = /\bfield '([\w-]+(?:\.[\w-]+)+)'|\bCannot find field ([\w-]+(?:\.[\w-]+)+)/.exec(message);
  return found?.[1] ?? found?.[2];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What a person can do about it. */
export function adviceFor(status: number, { fields, code }: AzureDevOpsMessages): string {
  if (code === "TF401289") return "Give the account the permission Create tag definition in the project.";
  if (code === fieldUnknown)
    return "There is no such field: correct its reference name, in the source's options or the target's defaults.";
  if (code === "TF401347")
    return "The project has no such area or iteration: correct it, for example in the target's defaults.";
  if (status === 401) return "The credential is expired, revoked or mistyped, or lacks a scope: give a new one.";
  if (status === 403) return "The credential is good, but its account may not do this.";
  if (status === 404) return "It does not exist, or the account may not see it.";
  if (status === 412) return "Somebody else changed it meanwhile.";
  const [first] = fields;
  if (status !== 400 || first === undefined) return "";
  const names = fields.map(({ field }) => field).join(", ");
  return /required|empty/i.test(first.message)
    ? `Give ${names} a value: among the target's defaults, or with the push.`
    : `Rules of the process do not allow the value of ${names}: correct it.`;
}
