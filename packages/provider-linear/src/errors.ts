import { type FailureClass, type IssueAddress, ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createProviderErrors,
  type ProviderErrors,
  type Operation as RequestOperation,
} from "@backref/provider-kit";
import { waitMsOf } from "./rate-limits.ts";

export const providerId = "linear" as const;

export const errors: ProviderErrors = createProviderErrors(providerId, "Linear");

/** What was being done, for messages and classes. */
export interface Operation extends Pick<RequestOperation, "name" | "isWrite"> {
  /** A member of the same document that is tried beside: what is wrong with it alone is not this operation's failure. */
  readonly beside?: string;
}

/** One entry of `errors` in an answer. */
export interface GraphqlProblem {
  readonly message: string;
  /** For example `INPUT_ERROR` or `RATELIMITED`. */
  readonly code: string | null;
  /** Linear's own kind, for example `invalid input`. */
  readonly type: string | null;
  /** What people may read. */
  readonly words: string | null;
  /** The member of the document that it is about; null for the whole. */
  readonly member: string | null;
}

interface Verdict {
  readonly failure: FailureClass;
  readonly advice: string;
  readonly data?: Readonly<Record<string, boolean>>;
}

/**
 * What an error inside an answer means. Linear's codes and kinds are those of its SDK's `errors.ts`; what is only told in
 * words is recognised by them.
 */
function verdictOf({ message, code, type, words }: GraphqlProblem, isWrite: boolean): Verdict {
  const told = `${message} ${words ?? ""}`;
  const kind = `${code ?? ""} ${type ?? ""}`.toLowerCase();
  if (/authentication/.test(kind)) {
    return { failure: "auth", advice: "The key or token is expired, revoked or mistyped: give a new one." };
  }
  if (/forbidden|feature.?not.?accessible|usage.?limit/.test(kind)) {
    return { failure: "forbidden", advice: "The credential is good, but its owner may not do this." };
  }
  if (/conflict on insert|already exists/i.test(told)) {
    return { failure: "permanent", advice: "It was made before.", data: { isThere: true } };
  }
  if (/(?:entity not found:|could not find referenced) user\b/i.test(told)) {
    return { failure: "permanent", advice: "The account was deleted.", data: { unknownUser: true } };
  }
  if (/(?:entity not found:|could not find referenced) (?:workflowstate|issuelabel|label)\b/i.test(told)) {
    return { failure: "permanent", advice: "It was taken away meanwhile.", data: { staleTeam: true } };
  }
  if (/not exclusive child labels/i.test(told)) {
    return { failure: "permanent", advice: "", data: { otherOfGroup: true } };
  }
  if (/entity not found|could not find referenced/i.test(told)) {
    return { failure: "gone", advice: "It does not exist, or the credential cannot see it." };
  }
  if (/too complex|complexity/i.test(told)) return { failure: "permanent", advice: "", data: { tooComplex: true } };
  if (/internal|lock.?timeout|bootstrap|network/.test(kind)) {
    return { failure: isWrite ? "ambiguous" : "retry", advice: "Linear itself had trouble." };
  }
  return { failure: "permanent", advice: "" };
}

/** Errors that stand in an answer of any status. The one that explains most comes first. */
export function fromProblems(
  operation: Operation,
  problems: readonly GraphqlProblem[],
  answer: { readonly status: number; readonly headers: Headers; readonly nowMs: number },
): ProviderError {
  const told = [...new Set(problems.map(({ message, words }) => words ?? message))].slice(0, 3).join("; ");
  if (problems.some(({ code, type }) => /ratelimited/i.test(`${code} ${type}`))) {
    const retryAfterMs = waitMsOf(answer.headers, answer.nowMs);
    const message = `Linear's rate limit is used up; it asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
    return errors.build(operation, { failure: "wait", retryAfterMs, status: answer.status, message });
  }
  const own = problems.filter(({ member }) => member === null || member !== operation.beside);
  if (own.length === 0 && problems.length > 0) {
    return errors.build(operation, { failure: "permanent", message: told, data: { onlyBeside: true } });
  }
  const order: readonly FailureClass[] = ["auth", "forbidden", "ambiguous", "retry", "gone", "permanent"];
  const verdicts = own.map((problem) => verdictOf(problem, operation.isWrite));
  const [verdict] = verdicts.toSorted((a, b) => order.indexOf(a.failure) - order.indexOf(b.failure));
  const { failure, advice, data }: Verdict = verdict ?? { failure: "permanent", advice: "" };
  return errors.build(operation, {
    failure,
    status: answer.status === 200 ? undefined : answer.status,
    message: `Linear answered: ${told}. ${advice}`.trim(),
    ...(data !== undefined && { data }),
  });
}

/** An answer that has no errors in it and is no success either, such as a proxy's. */
export function fromStatus(operation: Operation, status: number, headers: Headers, nowMs: number): ProviderError {
  const verdict = classifyFailure({ isWrite: operation.isWrite, status, headers, nowMs });
  const advice = status === 401 ? "The key or token is expired, revoked or mistyped: give a new one." : "";
  return errors.build(operation, { ...verdict, status, message: `Linear answered ${status}. ${advice}`.trim() });
}

export function unknownTeam(operation: Operation, container: string): ProviderError {
  const message = `Team ${container} was not found, or the credential cannot see it: check the key and what the credential reaches.`;
  return errors.build(operation, { failure: "gone", message });
}

export function unknownIssue(operation: Operation, { container, item }: IssueAddress): ProviderError {
  const message = `${container}-${item} was not found, or the credential cannot see it.`;
  return errors.build(operation, { failure: "gone", message });
}

/** @param status absent where nothing was sent */
export function signInNeeded(operation: Operation, status?: number): ProviderError {
  const message = "Linear does not accept the sign-in: sign in again.";
  return errors.build(operation, { failure: "auth", status, message });
}

/** A credential that names another workspace than its own, whose deliveries it would be sent. */
export function foreignWorkspace(operation: Operation): ProviderError {
  const message = "The credential is not good for the workspace that it names: sign in again.";
  return errors.build(operation, { failure: "auth", message });
}

/** Nothing was written: what the issue was like before may not be so any more. */
export function lookedTooLongAgo(operation: Operation, workMs: number): ProviderError {
  const message = `Reading the team took ${Math.round(workMs)} ms, so the issue is looked at once more before it is changed.`;
  return errors.build(operation, { failure: "retry", message });
}

/** True where a create met what an earlier one of the same id had made. */
export function saysThere(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.data["isThere"] === true;
}

/** True where all was done but what the operation tries beside. */
export function failedBesideOnly(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && error.data["onlyBeside"] === true;
}

/** True where a query asks for more at once than Linear allows. */
export function saysTooComplex(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.data["tooComplex"] === true;
}

/** True where what was asked for is not there, or not for this credential. */
export function isGone(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && error.failure === "gone";
}

/** True where a write was refused as a whole because the account that it assigns is not there. */
export function namesUnknownUser(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.data["unknownUser"] === true;
}

/** True where a write was refused as a whole because another label of a group is set already. */
export function meetsOtherOfGroup(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.data["otherOfGroup"] === true;
}

/** True where a write was refused as a whole for a state or label of the team that is not there any more. */
export function namesStaleTeam(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.data["staleTeam"] === true;
}
