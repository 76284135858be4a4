import { type FailureClass, ProviderError } from "@backref/core/provider";
import { classifyFailure, findProviderError, reportThrown } from "@backref/provider-kit";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "gitlab" as const;

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
    message: `Project ${container} was not found, or the token cannot see it: check the path with all its groups, and that the token's account is a member.`,
  };
}

/** What a write into a project under an earlier path means where a target names it: GitLab does nothing there. */
export function projectRenamed(container: string): Explanation {
  return {
    message: `Project ${container} has another path now: a test of the source tells it. Give the target that path.`,
  };
}

/** What GitLab said: about the request as a whole, and about single fields. */
export interface GitLabMessages {
  readonly general: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

/** GitLab says `message`, as text or by field, or `error` with a description; some answers are plain text. */
export function messagesOf(data: unknown): GitLabMessages {
  // A page says nothing that helps here.
  if (typeof data === "string") return { general: /^\s*</.test(data) ? [] : [data.trim().slice(0, 200)], fields: {} };
  const { message, error, error_description: description } = asRecord(data);
  const problems = Object.entries(asRecord(message)).map(([field, problem]) => [field, wordsOf(problem)] as const);
  const ofWhole = problems.filter(([field]) => wholes.has(field)).map(([, problem]) => problem);
  const texts = [Array.isArray(message) ? wordsOf(message) : message, ...ofWhole, error, description];
  return {
    general: texts.filter((text) => typeof text === "string").filter((text) => text !== ""),
    fields: Object.fromEntries(problems.filter(([field]) => !wholes.has(field))),
  };
}

/** What stands where a field would, for the issue or the request as a whole. */
const wholes: ReadonlySet<string> = new Set(["base", "error"]);

function wordsOf(problem: unknown): string {
  return Array.isArray(problem) ? problem.filter((entry) => typeof entry === "string").join(", ") : String(problem);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: FailedAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const messages = messagesOf(answer.data);
  const fields = Object.entries(messages.fields).map(([field, text]) => `${field} ${text}`);
  const told = [...messages.general, ...fields].join(", ");
  const waitMs = status === 429 ? rateLimitWaitMs(headers, nowMs) : null;
  const explanation = waitMs === null ? operation.explain?.[status] : undefined;
  const isRenamed = status === 405 && /moved project/i.test(told);
  const [field] = Object.keys(messages.fields);
  const renamed = operation.explain?.[405]?.message ?? "The project has another path now; it is read first.";
  const words = isRenamed ? renamed : scopeAdvice(answer.data);
  return build(operation, {
    ...classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs }),
    ...(explanation?.failure !== undefined && { failure: explanation.failure }),
    ...(isRenamed && { failure: "gone" as const }),
    ...(waitMs !== null && { failure: "wait" as const, retryAfterMs: waitMs }),
    status,
    field,
    message:
      `GitLab answered ${status}${told === "" ? "" : ` (${told})`}. ${words ?? explanation?.message ?? advice(status, waitMs)}`.trim(),
    requestId: headers.get("x-request-id"),
  });
}

/** Whatever a request threw. What is classified already stays as it is. */
export function fromThrown(operation: Operation, error: unknown, nowMs: number): ProviderError {
  const { isWrite } = operation;
  return findProviderError(error) ?? build(operation, reportThrown({ tracker: "GitLab", isWrite, error, nowMs }));
}

/** An answer of the wrong shape. A write is in doubt then: it was probably done. A torn one may be whole next time. */
export function unexpectedAnswer(operation: Operation, problem: string, isTorn: boolean): ProviderError {
  return build(operation, {
    failure: operation.isWrite ? "ambiguous" : isTorn ? "retry" : "permanent",
    code: "tracker-unexpected",
    message: `GitLab's answer is not what its API promises: ${problem}`,
  });
}

/** What went before the failure was applied: how things stand now, only a look tells. */
export function afterOtherWrites(operation: Operation, error: unknown): unknown {
  if (!ProviderError.isInstance(error) || error.failure === "ambiguous") return error;
  const { status, message } = error;
  const words = `A part was written, the rest was not: ${message}`;
  return build(operation, { failure: "ambiguous", status, message: words, cause: error });
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
  options: Omit<ConstructorParameters<typeof ProviderError>[0], "providerId" | "operation"> & {
    readonly requestId?: string | null;
  },
): ProviderError {
  const { requestId = null, data, ...rest } = options;
  return new ProviderError({
    ...rest,
    providerId,
    operation: operation.name,
    data: { ...data, ...(requestId !== null && { requestId }) },
  });
}

/** A token without the scope is told by an error of its own. */
function scopeAdvice(data: unknown): string | null {
  if (asRecord(data)["error"] !== "insufficient_scope") return null;
  return "The token lacks the scope api: make one that has it.";
}

function advice(status: number, waitMs: number | null): string {
  if (waitMs !== null) return `Its rate limit is used up; waiting ${Math.ceil(waitMs / 1000)} s.`;
  if (status === 401) return "The token is expired, revoked or mistyped: give a new one.";
  if (status === 403) return "The token is good, but its account may not do this.";
  if (status === 404) return "It does not exist, or the token cannot see it.";
  return "";
}
