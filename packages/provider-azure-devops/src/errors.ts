import { type FailureClass, type InputIssue, ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type Explanation,
  hasStatus,
  type Operation,
  type ProviderErrors,
  type TrackerAnswer,
} from "@backref/provider-kit";
import { type AzureDevOpsMessages, adviceFor, fieldUnknown, messagesOf } from "./error-messages.ts";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "azure-devops" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "Azure DevOps");

/** What a 404 means for a request that concerns a whole project. */
export function projectUnknown(container: string): Explanation {
  return {
    message: `Project ${container} was not found, or the account may not see it: check the name and what the account may read.`,
    failure: "gone",
  };
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: TrackerAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const messages = messagesOf(answer.data);
  const isLimited = status === 429 || messages.code === "TF400733";
  const waitMs = isLimited ? rateLimitWaitMs(headers, nowMs) : null;
  const explanation = waitMs === null ? operation.explain?.[status] : undefined;
  const failure = explanation?.failure ?? specialFailure(status, messages);
  const [first] = messages.fields;
  const told = messages.told === "" ? "" : ` (${messages.told})`;
  const advice =
    waitMs === null
      ? (explanation?.message ?? adviceFor(status, messages))
      : `Its rate limit is used up; it asks to wait ${Math.ceil(waitMs / 1000)} s.`;
  return errors.build(operation, {
    ...classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs }),
    ...(failure !== null && { failure }),
    ...(waitMs !== null && { failure: "wait" as const, retryAfterMs: waitMs }),
    status,
    field: first?.field,
    issues: messages.fields.map(({ field, message }): InputIssue => ({ path: [field], message })),
    data: { code: messages.code, kind: messages.kind },
    message: `Azure DevOps answered ${status}${told}. ${advice}`.trim(),
  });
}

/** Refusals that come with a status of something else. */
function specialFailure(status: number, { code, kind }: AzureDevOpsMessages): FailureClass | null {
  if (code === "TF401289" || /AccessDenied|UnauthorizedRequest/i.test(kind)) return "forbidden";
  // Items that are not there are told by their message under more than one status.
  if (status === 400 && (code === "TF401232" || code === "TF200016")) return "gone";
  return null;
}

/** Something that is not there, found out without a 404. */
export function notThere(operation: Operation, message: string): ProviderError {
  return errors.build(operation, { failure: "gone", message });
}

/** A wait that the service has asked for with an earlier answer: nothing is sent before. */
export function askedToWait(operation: Operation, retryAfterMs: number): ProviderError {
  const message = `Azure DevOps asked to slow down: the next request may go out in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return errors.build(operation, { failure: "wait", retryAfterMs, message });
}

/** True if a write was refused as a whole for a field, by its reference name. Nothing of it was done. */
export function refusesField(error: unknown, field: string): error is ProviderError {
  if (!hasStatus(error, 400)) return false;
  return error.field === field || error.issues.some(({ path }) => path[0] === field);
}

/** The field that was asked for and that the organisation does not have; null for any other failure. */
export function missingField(error: unknown): string | null {
  return ProviderError.isInstance(error) && error.data["code"] === fieldUnknown ? (error.field ?? "") : null;
}

/** True if a write was refused as a whole because the account may not make tags. */
export function refusesTags(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && error.data["code"] === "TF401289";
}
