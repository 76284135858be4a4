import type { ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type Operation,
  type ProviderErrors,
  type TrackerAnswer,
} from "@backref/provider-kit";

export const providerId = "redmine" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "Redmine");

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
function messagesOf(data: unknown): readonly string[] {
  const errors = typeof data === "object" && data !== null && "errors" in data ? data.errors : null;
  return Array.isArray(errors) ? errors.filter((text) => typeof text === "string" && text !== "") : [];
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: TrackerAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const told = messagesOf(answer.data).join(", ");
  const explanation = operation.explain?.[status];
  return errors.build(operation, {
    ...classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs }),
    ...(explanation?.failure !== undefined && { failure: explanation.failure }),
    status,
    message:
      `Redmine answered ${status}${told === "" ? "" : ` (${told})`}. ${explanation?.message ?? advice(status)}`.trim(),
    requestId: headers.get("x-request-id"),
  });
}

function advice(status: number): string {
  if (status === 401) return "The API key is mistyped, was reset, or its account is locked: give a new one.";
  if (status === 403) return "The key is good, but its account may not do this.";
  if (status === 404) return "It does not exist.";
  return "";
}

/** Writes are answered without a body: what they made of the issue is read behind them. */
export const writtenUnseen = "It was written, but what became of it could not be seen";
