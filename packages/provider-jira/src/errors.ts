import type { FailureClass, ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type Explanation,
  type Operation,
  type ProviderErrors,
  type TrackerAnswer,
} from "@backref/provider-kit";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "jira" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "Jira");

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
function messagesOf(data: unknown): JiraMessages {
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
export function fromAnswer(operation: Operation, answer: TrackerAnswer, nowMs: number): ProviderError {
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
  return errors.build(operation, {
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

/** Projects that Jira has not, or does not show to this credential. */
export function unknownProjects(operation: Operation, containers: readonly string[]): ProviderError {
  const message = `One of the projects ${containers.join(", ")} was not found, or the credential cannot see it: check the keys and the permission Browse projects.`;
  return errors.build(operation, { failure: "gone", message });
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
