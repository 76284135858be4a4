import { type FailureClass, type InputIssue, ProviderError } from "@backref/core/provider";
import { classifyFailure, findProviderError, reportThrown } from "@backref/provider-kit";
import { type AzureDevOpsMessages, adviceFor, fieldUnknown, messagesOf } from "./error-messages.ts";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "azure-devops" as const;

/** What was being done, for messages and classes. */
export interface Operation {
  /** For example `issue.create`. */
  readonly name: string;
  readonly isWrite: boolean;
  /** What statuses mean here, where the general words would say too little. */
  readonly explain?: Readonly<Record<number, Explanation>> | undefined;
}

export interface Explanation {
  readonly message: string;
  /** @default the class that belongs to the status */
  readonly failure?: FailureClass;
}

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

/** What a 404 means for a request that concerns a whole project. */
export function projectUnknown(container: string): Explanation {
  return {
    message: `Project ${container} was not found, or the account may not see it: check the name and what the account may read.`,
    failure: "gone",
  };
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: FailedAnswer, nowMs: number): ProviderError {
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
  return build(operation, {
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

/** Whatever a request threw. What is classified already stays as it is. */
export function fromThrown(operation: Operation, error: unknown, nowMs: number): ProviderError {
  const { isWrite } = operation;
  return findProviderError(error) ?? build(operation, reportThrown({ tracker: "Azure DevOps", isWrite, error, nowMs }));
}

/** An answer of the wrong shape. A write is in doubt then: it was probably done. A torn one may be whole next time. */
export function unexpectedAnswer(operation: Operation, problem: string, isTorn: boolean): ProviderError {
  return build(operation, {
    failure: operation.isWrite ? "ambiguous" : isTorn ? "retry" : "permanent",
    code: "tracker-unexpected",
    message: `Azure DevOps' answer is not what its API promises: ${problem}`,
  });
}

/** What went before the failure was applied: how things stand now, only a look tells. */
export function afterOtherWrites(operation: Operation, error: unknown): unknown {
  if (!ProviderError.isInstance(error) || error.failure === "ambiguous") return error;
  const { status, message } = error;
  return build(operation, {
    failure: "ambiguous",
    status,
    message: `A part was written, the rest was not: ${message}`,
    cause: error,
  });
}

/** A request that cannot be made sense of before it is sent. */
export function refused(operation: Operation, message: string, field?: string): ProviderError {
  return build(operation, { failure: "permanent", message, field });
}

/** Something that is not there, found out without a 404. */
export function notThere(operation: Operation, message: string): ProviderError {
  return build(operation, { failure: "gone", message });
}

/** A wait that the service has asked for with an earlier answer: nothing is sent before. */
export function askedToWait(operation: Operation, retryAfterMs: number): ProviderError {
  const message = `Azure DevOps asked to slow down: the next request may go out in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return build(operation, { failure: "wait", retryAfterMs, message });
}

/** True if the tracker answered with one of the statuses. Where it refuses the credential it says nothing about the rest. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ProviderError {
  if (!ProviderError.isInstance(error) || error.failure === "auth" || error.failure === "wait") return false;
  return error.status !== undefined && statuses.includes(error.status);
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

/** True if the tracker or the credential says no, which a connection test reports instead of throwing. */
export function isRefusal(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && ["auth", "forbidden", "gone", "permanent"].includes(error.failure);
}

export function build(
  operation: Operation,
  options: Omit<ConstructorParameters<typeof ProviderError>[0], "providerId" | "operation">,
): ProviderError {
  return new ProviderError({ ...options, providerId, operation: operation.name });
}
