import { type FailureClass, ProviderError, type ProviderErrorOptions } from "@backref/core/provider";
import { findProviderError } from "./causes.ts";
import type { Operation } from "./operation.ts";
import { reportThrown } from "./report-thrown.ts";

/** What is known about one failure. */
export interface ProviderErrorFacts extends Omit<ProviderErrorOptions, "providerId" | "operation"> {
  /** The tracker's own name of the request, kept in the error's data. */
  readonly requestId?: string | null;
}

type NamedOperation = Pick<Operation, "name" | "isWrite">;

/** Makes the errors of one provider. What a status or a message of its tracker means, the provider says itself. */
export interface ProviderErrors {
  /** An error of this provider, of facts that the caller has classified. */
  build(operation: NamedOperation, facts: ProviderErrorFacts): ProviderError;
  /** A request that cannot be made sense of before it is sent. */
  refused(operation: NamedOperation, message: string, field?: string): ProviderError;
  /** Whatever a request threw. What is classified already stays as it is. */
  fromThrown(operation: NamedOperation, error: unknown, nowMs: number): ProviderError;
  /** An answer of the wrong shape. A write is in doubt then: it was probably done. A torn one may be whole next time. */
  unexpectedAnswer(operation: NamedOperation, problem: string, isTorn: boolean): ProviderError;
  /**
   * What went before the failure was applied: how things stand now, only a look tells. Anything but a `ProviderError` comes
   * back as it is.
   * @param told what was applied @default "A part was written, the rest was not"
   */
  afterOtherWrites(operation: NamedOperation, error: unknown, told?: string): unknown;
}

/**
 * Makes what makes a provider's errors.
 * @param tracker the tracker's name, for messages
 */
export function createProviderErrors(providerId: string, tracker: string): ProviderErrors {
  const build: ProviderErrors["build"] = (operation, { requestId = null, data, ...facts }) =>
    new ProviderError({
      ...facts,
      providerId,
      operation: operation.name,
      data: { ...data, ...(requestId !== null && { requestId }) },
    });
  return {
    build,
    refused: (operation, message, field) => build(operation, { failure: "permanent", message, field }),
    fromThrown(operation, error, nowMs) {
      const { isWrite } = operation;
      return findProviderError(error) ?? build(operation, reportThrown({ tracker, isWrite, error, nowMs }));
    },
    unexpectedAnswer: (operation, problem, isTorn) =>
      build(operation, {
        failure: operation.isWrite ? "ambiguous" : isTorn ? "retry" : "permanent",
        code: "tracker-unexpected",
        message: `${possessive(tracker)} answer is not what its API promises: ${problem}`,
      }),
    afterOtherWrites(operation, error, told = "A part was written, the rest was not") {
      if (!ProviderError.isInstance(error) || error.failure === "ambiguous") return error;
      const { status, message } = error;
      return build(operation, { failure: "ambiguous", status, message: `${told}: ${message}`, cause: error });
    },
  };
}

function possessive(name: string): string {
  return name.endsWith("s") ? `${name}'` : `${name}'s`;
}

/**
 * True if the tracker answered with one of the statuses. Where it refuses the credential, or asks to wait, it says nothing
 * about the rest.
 */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ProviderError {
  if (!ProviderError.isInstance(error) || error.failure === "auth" || error.failure === "wait") return false;
  return error.status !== undefined && statuses.includes(error.status);
}

const refusals: ReadonlySet<FailureClass> = new Set<FailureClass>(["auth", "forbidden", "gone", "permanent"]);

/** True if the tracker or the credential says no, which a connection test reports instead of throwing. */
export function isRefusal(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && refusals.has(error.failure);
}
