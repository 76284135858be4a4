import { type FailureClass, ProviderError } from "@backref/core/provider";
import { classifyFailure, findProviderError, reportThrown } from "@backref/provider-kit";

export const providerId = "redmine" as const;

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

/** What statuses mean for a request that concerns a whole project. */
export function projectUnknown(container: string): Operation["explain"] {
  return {
    403: {
      message: `The key's account may not see project ${container}, or issues are not among its modules: make it a member there.`,
    },
    404: { message: `There is no project ${container}: check the identifier as the project's address has it.` },
  };
}

/** Redmine explains itself in the account's language, without saying which field is meant. */
export function messagesOf(data: unknown): readonly string[] {
  const errors = typeof data === "object" && data !== null && "errors" in data ? data.errors : null;
  return Array.isArray(errors) ? errors.filter((text) => typeof text === "string" && text !== "") : [];
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: FailedAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const told = messagesOf(answer.data).join(", ");
  const explanation = operation.explain?.[status];
  return build(operation, {
    ...classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs }),
    ...(explanation?.failure !== undefined && { failure: explanation.failure }),
    status,
    message:
      `Redmine answered ${status}${told === "" ? "" : ` (${told})`}. ${explanation?.message ?? advice(status)}`.trim(),
    requestId: headers.get("x-request-id"),
  });
}

/** Whatever a request threw. What is classified already stays as it is. */
export function fromThrown(operation: Operation, error: unknown, nowMs: number): ProviderError {
  const { isWrite } = operation;
  return findProviderError(error) ?? build(operation, reportThrown({ tracker: "Redmine", isWrite, error, nowMs }));
}

/** An answer of the wrong shape. A write is in doubt then: it was probably done. A torn one may be whole next time. */
export function unexpectedAnswer(operation: Operation, problem: string, isTorn: boolean): ProviderError {
  return build(operation, {
    failure: operation.isWrite ? "ambiguous" : isTorn ? "retry" : "permanent",
    code: "tracker-unexpected",
    message: `Redmine's answer is not what its API promises: ${problem}`,
  });
}

/** What went before the failure was applied: how things stand now, only a look tells. */
export function afterOtherWrites(operation: Operation, error: unknown): unknown {
  if (!ProviderError.isInstance(error) || error.failure === "ambiguous") return error;
  const { status, message } = error;
  const words = `It was written, but what became of it could not be seen: ${message}`;
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

function advice(status: number): string {
  if (status === 401) return "The API key is mistyped, was reset, or its account is locked: give a new one.";
  if (status === 403) return "The key is good, but its account may not do this.";
  if (status === 404) return "It does not exist.";
  return "";
}
