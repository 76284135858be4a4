import type { JsonObject } from "../fake/json.ts";

/** One field that a rule refuses, as `customProperties.RuleValidationErrors` tells it. */
export interface RuleProblem {
  readonly referenceName: string;
  readonly name: string;
  /** For example `required, invalidEmpty`. */
  readonly flags: string;
  /** @default "TF401320: Rule Error for field …" */
  readonly message?: string;
}

/** An answer other than success, in the shape that all services of Azure DevOps share. */
export class AzureDevOpsFailure extends Error {
  readonly status: number;
  readonly typeKey: string;
  readonly customProperties: JsonObject | null;

  constructor(status: number, typeKey: string, message: string, customProperties: JsonObject | null = null) {
    super(message);
    this.name = "AzureDevOpsFailure";
    this.status = status;
    this.typeKey = typeKey;
    this.customProperties = customProperties;
  }
}

export function errorBody(failure: AzureDevOpsFailure): JsonObject {
  const { typeKey, message, customProperties } = failure;
  const area = "Microsoft.TeamFoundation.WorkItemTracking.Server";
  return {
    $id: "1",
    ...(customProperties !== null && { customProperties }),
    innerException: null,
    message,
    typeName: `${area}.${typeKey}, ${area}`,
    typeKey,
    errorCode: 0,
    eventId: 3200,
  };
}

export function workItemNotFound(id: number | string): AzureDevOpsFailure {
  const message = `TF401232: Work item ${id} does not exist, or you do not have permissions to read it.`;
  return new AzureDevOpsFailure(404, "WorkItemUnauthorizedAccessException", message);
}

export function projectNotFound(name: string): AzureDevOpsFailure {
  const message = `TF200016: The following project does not exist: ${name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`;
  return new AzureDevOpsFailure(404, "ProjectDoesNotExistWithNameException", message);
}

export function typeNotFound(name: string): AzureDevOpsFailure {
  const message = `VS402323: Work item type ${name} does not exist in project or you do not have permission to access it.`;
  return new AzureDevOpsFailure(404, "WorkItemTypeNotFoundException", message);
}

export function fieldNotFound(name: string): AzureDevOpsFailure {
  return new AzureDevOpsFailure(
    400,
    "WorkItemTrackingFieldDefinitionNotFoundException",
    `TF51535: Cannot find field ${name}.`,
  );
}

export function invalid(message: string, typeKey: string = "VssPropertyValidationException"): AzureDevOpsFailure {
  return new AzureDevOpsFailure(400, typeKey, message);
}

export function forbidden(message: string): AzureDevOpsFailure {
  return new AzureDevOpsFailure(403, "AccessCheckException", message);
}

/** The first problem gives the message; all are listed by field. */
export function ruleFailure(problems: readonly RuleProblem[]): AzureDevOpsFailure {
  const errors = problems.map((problem) => ({
    fieldReferenceName: problem.referenceName,
    fieldStatusFlags: problem.flags,
    errorMessage: problem.message ?? ruleMessage(problem),
    fieldStatusCode: 524_289,
    ruleValidationErrors: null,
  }));
  const message = errors[0]?.errorMessage ?? "";
  return new AzureDevOpsFailure(400, "RuleValidationException", message, {
    FieldReferenceName: null,
    FieldStatusFlags: "none",
    ErrorMessage: message,
    FieldStatusCode: 0,
    RuleValidationErrors: errors,
  });
}

function ruleMessage({ name, flags }: RuleProblem): string {
  const codes = flags.split(", ").map((flag) => `${flag.charAt(0).toUpperCase()}${flag.slice(1)}`);
  return `TF401320: Rule Error for field ${name}. Error code: ${codes.join(", ")}.`;
}
