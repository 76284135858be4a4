import { type FailureClass, ProviderError } from "@backref/core/provider";
import { classifyFailure, findProviderError, reportThrown } from "@backref/provider-kit";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "jira" as const;

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
    message: `Project ${container} was not found, or the account may not browse it: check the key and the permission Browse Projects.`,
  };
}

/** What Jira said: about the request as a whole, and about single fields. */
export interface JiraMessages {
  readonly general: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

/** Jira's `errorMessages` and `errors`; the gateway and Data Center also say `message`. */
export function messagesOf(data: unknown): JiraMessages {
  const { errorMessages, errors, message, error_description: description } = asRecord(data);
  const general = (Array.isArray(errorMessages) ? errorMessages : [message, description]).filter(
    (text) => typeof text === "string",
  );
  const fields = Object.entries(asRecord(errors)).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { general: general.filter((text) => text !== ""), fields: Object.fromEntries(fields) };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: FailedAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const messages = messagesOf(answer.data);
  const told = [
    ...messages.general,
    ...Object.entries(messages.fields).map(([field, text]) => `${field}: ${text}`),
  ].join(" ");
  const waitMs = status === 429 ? rateLimitWaitMs(headers, nowMs) : null;
  const explanation = waitMs === null ? operation.explain?.[status] : undefined;
  const failure = explanation?.failure ?? specialFailure(status, told);
  const [field] = Object.keys(messages.fields);
  return build(operation, {
    ...classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs }),
    ...(failure !== null && { failure }),
    ...(waitMs !== null && { failure: "wait" as const, retryAfterMs: waitMs }),
    status,
    field,
    issues: Object.entries(messages.fields).map(([id, message]) => ({ path: [id], message })),
    message:
      `Jira answered ${status}${told === "" ? "" : ` (${told})`}. ${explanation?.message ?? advice(status, waitMs, told, messages)}`.trim(),
  });
}

/** Scopes that are missing are told by 401, and rights that are missing by 400: neither is about the credential or the content. */
function specialFailure(status: number, told: string): FailureClass | null {
  if (status === 401 && /scope does not match/i.test(told)) return "forbidden";
  if (status === 400 && /do(?:es)? not have (?:the )?permission/i.test(told)) return "forbidden";
  return null;
}

/** Whatever a request threw. What is classified already stays as it is. */
export function fromThrown(operation: Operation, error: unknown, nowMs: number): ProviderError {
  const { isWrite } = operation;
  return findProviderError(error) ?? build(operation, reportThrown({ tracker: "Jira", isWrite, error, nowMs }));
}

/** An answer of the wrong shape. A write is in doubt then: it was probably done. A torn one may be whole next time. */
export function unexpectedAnswer(operation: Operation, problem: string, isTorn: boolean): ProviderError {
  return build(operation, {
    failure: operation.isWrite ? "ambiguous" : isTorn ? "retry" : "permanent",
    code: "tracker-unexpected",
    message: `Jira's answer is not what its API promises: ${problem}`,
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

/** Projects that Jira has not, or does not show to this credential. */
export function unknownProjects(operation: Operation, containers: readonly string[]): ProviderError {
  const message = `One of the projects ${containers.join(", ")} was not found, or the credential cannot see it: check the keys and the permission Browse projects.`;
  return build(operation, { failure: "gone", message });
}

/** A request that cannot be made sense of before it is sent. */
export function refused(operation: Operation, message: string, field?: string): ProviderError {
  return build(operation, { failure: "permanent", message, field });
}

/** True if the tracker answered with one of the statuses. Where it refuses the credential it says nothing about the rest. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ProviderError {
  if (!ProviderError.isInstance(error) || error.failure === "auth") return false;
  return error.status !== undefined && statuses.includes(error.status);
}

/** True if the tracker or the credential says no, which a connection test reports instead of throwing. */
export function isRefusal(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && refusals.has(error.failure);
}

const refusals: ReadonlySet<FailureClass> = new Set<FailureClass>(["auth", "forbidden", "gone", "permanent"]);

export function build(
  operation: Operation,
  options: Omit<ConstructorParameters<typeof ProviderError>[0], "providerId" | "operation">,
): ProviderError {
  return new ProviderError({ ...options, providerId, operation: operation.name });
}

function advice(status: number, waitMs: number | null, told: string, { fields }: JiraMessages): string {
  if (waitMs !== null) return `Its rate limit is used up; it asks to wait ${Math.ceil(waitMs / 1000)} s.`;
  if (status === 401 && /scope does not match/i.test(told))
    return "The sign-in lacks a scope: sign in again with all that are asked for.";
  if (status === 401) return "The credential is expired, revoked or mistyped: give a new one.";
  if (status === 403) return "The credential is good, but its account may not do this.";
  if (status === 404) return "It does not exist, or the account may not see it.";
  const [field, text = ""] = Object.entries(fields)[0] ?? [];
  if (status !== 400 || field === undefined) return "";
  if (/required/i.test(text)) return `Give the field ${field} a value: among the target's defaults, or with the push.`;
  if (/appropriate screen/i.test(text))
    return `Put the field ${field} on the project's screen, or leave it out of the mapping.`;
  return `Correct the field ${field}.`;
}
