import { ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type Explanation,
  hasStatus,
  type Operation,
  type ProviderErrors,
  type TrackerAnswer,
} from "@backref/provider-kit";
import { graphqlWaitMs, isRateLimitText, rateLimitWaitMs } from "./rate-limits.ts";
import { pageOf } from "./site.ts";

export const providerId = "github" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "GitHub");

/** What a 404 means for a request that concerns a whole repository. */
export function repositoryUnknown(container: string): Explanation {
  return {
    message: `Repository ${container} was not found, or the token cannot see it: check the name and the token's repositories.`,
  };
}

export interface FailedAnswer extends TrackerAnswer {
  /** Where people see the tracker: only pages there are told on. @default none is */
  readonly webUrl?: string;
}

export interface GraphqlProblem {
  readonly type: string | null;
  /** Of a document that the server does not understand, such as `undefinedField`. */
  readonly code: string | null;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** A failed answer: any status that is no success. */
export function fromAnswer(operation: Operation, answer: FailedAnswer, nowMs: number): ProviderError {
  const { status, headers } = answer;
  const told = messageOf(answer.data);
  const waitMs = rateLimitWaitMs({ status, headers, message: told, nowMs });
  const general = classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs });
  const explanation = waitMs === null ? operation.explain?.[status] : undefined;
  const words = status === 403 && waitMs === null ? (closedAdvice(told) ?? permissionAdvice(answer, told)) : null;
  return errors.build(operation, {
    ...general,
    ...(explanation?.failure !== undefined && { failure: explanation.failure }),
    ...(waitMs !== null && { failure: "wait" as const, retryAfterMs: waitMs }),
    status,
    field: fieldOf(answer.data),
    ...(status === 410 && /deleted/i.test(told) && { data: { deleted: true } }),
    message:
      `GitHub answered ${status}${told === "" ? "" : ` (${told})`}. ${words ?? explanation?.message ?? advice(status, waitMs, told)}`.trim(),
    requestId: headers.get("x-github-request-id"),
  });
}

/** Errors that stand in a GraphQL answer of status 200. */
export function fromGraphql(
  operation: Operation,
  problems: readonly GraphqlProblem[],
  headers: Headers,
  nowMs: number,
): ProviderError {
  const told = [...new Set(problems.map((problem) => problem.message))].slice(0, 3).join("; ");
  const message = `GitHub's GraphQL API answered: ${told}`;
  const isLimit = problems.some(({ type, message: words }) => limitTypes.has(type ?? "") || isRateLimitText(words));
  if (isLimit)
    return errors.build(operation, { failure: "wait", retryAfterMs: graphqlWaitMs(headers, nowMs), message });
  const isDenied = problems.some((problem) => deniedTypes.has(problem.type ?? ""));
  if (isDenied) return errors.build(operation, { failure: "forbidden", message });
  const unknownFields = problems.flatMap((problem) => unknownFieldIn(problem) ?? []);
  if (unknownFields.length > 0 || problems.some(({ code }) => code?.startsWith("undefined"))) {
    return errors.build(operation, {
      failure: "permanent",
      code: "tracker-unexpected",
      message,
      data: { unknownFields },
    });
  }
  // Without a path it is the query that is wrong, unless GitHub took too long over it.
  const isTransient = problems.some(
    (problem) => problem.path.length > 0 || /timeout|went wrong/i.test(problem.message),
  );
  if (isTransient) return errors.build(operation, { failure: operation.isWrite ? "ambiguous" : "retry", message });
  return errors.build(operation, { failure: "permanent", code: "tracker-unexpected", message });
}

/** A field that the server's schema does not have; it then refuses the whole document. */
function unknownFieldIn({ message }: GraphqlProblem): string | null {
  return /^Field '(\w+)' doesn't exist on type/.exec(message)?.[1] ?? null;
}

/** Fields of a GraphQL document that the server does not know; empty for every other error. */
export function unknownFieldsOf(error: unknown): readonly string[] {
  const fields = ProviderError.isInstance(error) ? error.data["unknownFields"] : undefined;
  return Array.isArray(fields) ? fields.filter((field) => typeof field === "string") : [];
}

const deniedTypes = new Set(["FORBIDDEN", "INSUFFICIENT_SCOPES"]);
/** GitHub has used both. */
const limitTypes = new Set(["RATE_LIMITED", "RATE_LIMIT"]);

/** GraphQL errors that concern one item: it does not exist, or not for this token. */
export function concernsOneItem(problem: GraphqlProblem): boolean {
  return problem.path.length > 0 && (problem.type === "NOT_FOUND" || deniedTypes.has(problem.type ?? ""));
}

/** A repository that GraphQL answers nothing for. */
export function missingRepository(operation: Operation, container: string): ProviderError {
  return errors.build(operation, { failure: "gone", message: repositoryUnknown(container).message });
}

/** True for the 410 that is about one issue; issues that are switched off in a whole repository answer 410 as well. */
export function saysDeleted(error: unknown): boolean {
  return hasStatus(error, 410) && error.data["deleted"] === true;
}

/** What only the message of a 403 says: nobody, or hardly anybody, can do this there as things are. */
function closedAdvice(told: string): string | null {
  if (/archived/i.test(told)) return "Unarchive the repository, or choose another one.";
  if (/IP allow list/i.test(told)) {
    return "The organization lets in known addresses only: add the one that this application's requests come from to its IP allow list.";
  }
  if (!/is locked/i.test(told)) return null;
  return "The conversation is locked: unlock it, or give the token's account the role Write.";
}

function advice(status: number, waitMs: number | null, told: string): string {
  if (waitMs !== null) return `Its rate limit is used up; it asks to wait ${Math.ceil(waitMs / 1000)} s.`;
  if (status === 401) return "The token is expired, revoked or mistyped: give a new one.";
  if (status === 403) return "The token is good, but its owner may not do this.";
  if (status === 404) return "It does not exist, or the token cannot see it.";
  // Of a repository, and then it says nothing about any of its issues.
  if (status === 410 && /disabled/i.test(told)) return "Enable issues in the repository's settings.";
  if (status === 410) return "It was deleted, or issues are disabled in the repository.";
  return "";
}

/** Classic tokens have scopes, fine-grained ones permissions; GitHub may name what would have been enough. */
function permissionAdvice({ headers, webUrl }: FailedAnswer, told: string): string | null {
  const signOn = singleSignOnAdvice(headers, webUrl, told);
  if (signOn !== null) return signOn;
  const permissions = headers.get("x-accepted-github-permissions");
  if (permissions && /by integration/.test(told)) {
    return `The app lacks a permission; enough would be: ${permissions}. Give it that in the app's settings; then the owner of the installation has to accept it.`;
  }
  if (permissions) return `The token lacks a permission; enough would be: ${permissions}.`;
  const needed = scopesIn(headers, "x-accepted-oauth-scopes");
  const granted = scopesIn(headers, "x-oauth-scopes");
  if (needed.length === 0 || needed.some((scope) => granted.includes(scope))) return null;
  return `The token's scopes are "${granted.join(", ")}"; needed is one of: ${needed.join(", ")}.`;
}

/**
 * `X-GitHub-SSO: required; url=…`, or words alone. The header's other form, `partial-results`, comes with answers and
 * refuses nothing.
 */
function singleSignOnAdvice(headers: Headers, webUrl: string | undefined, told: string): string | null {
  const required = /^\s*required\b(?:\s*;\s*url=(\S+))?/i.exec(headers.get("x-github-sso") ?? "");
  if (required === null && !/SAML enforcement/i.test(told)) return null;
  const page = pageOf(webUrl, required?.[1]);
  const where = page === null ? "in the settings of your tokens" : `at ${page} (good for an hour)`;
  return `The organization asks for single sign-on: authorize the token for it ${where}.`;
}

/** Scopes as a header of GitHub's lists them. */
export function scopesIn(headers: Headers, name: string): readonly string[] {
  const scopes = (headers.get(name) ?? "").split(",").map((scope) => scope.trim());
  return scopes.filter((scope) => scope !== "");
}

/** GitHub's own words, with the details that stand beside them; empty where there are none. */
export function messageOf(data: unknown): string {
  const { message, errors } = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const details = (Array.isArray(errors) ? errors : [])
    .map((entry: unknown) => {
      if (typeof entry === "string") return entry;
      const { message: text, field, code } = (entry ?? {}) as Record<string, unknown>;
      return [field, code, text].filter((part) => typeof part === "string").join(" ");
    })
    .filter((detail) => detail !== "");
  const summary = typeof message === "string" ? message : "";
  return details.length === 0 ? summary : `${summary}: ${details.join(", ")}`;
}

function fieldOf(data: unknown): string | undefined {
  const { errors } = (typeof data === "object" && data !== null ? data : {}) as { errors?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { field } = (typeof first === "object" && first !== null ? first : {}) as { field?: unknown };
  return typeof field === "string" ? field : undefined;
}
