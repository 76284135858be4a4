import type { ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type Explanation,
  type Operation,
  type ProviderErrors,
  type TrackerAnswer,
} from "@backref/provider-kit";
import { rateLimitWaitMs } from "./rate-limits.ts";

export const providerId = "gitlab" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "GitLab");

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
function messagesOf(data: unknown): GitLabMessages {
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
export function fromAnswer(operation: Operation, answer: TrackerAnswer, nowMs: number): ProviderError {
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
  return errors.build(operation, {
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
