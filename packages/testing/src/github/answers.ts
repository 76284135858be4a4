import { createHash } from "node:crypto";
import { ApiFailure } from "./failure.ts";
import type { TokenRecord } from "./model.ts";
import type { RateResource, RateState } from "./rate-limits.ts";
import type { RestAnswer } from "./rest-call.ts";

/** Headers every answer of GitHub's carries, whatever it says. */
export interface CommonHeaders {
  readonly requestId: string;
  readonly now: number;
  readonly apiVersion: string;
  readonly token: TokenRecord | null;
  readonly resource: RateResource;
  readonly rate: RateState;
}

export function commonHeaders(common: CommonHeaders): Record<string, string> {
  const { rate, token } = common;
  return {
    date: new Date(common.now).toUTCString(),
    "cache-control": "private, max-age=60, s-maxage=60",
    vary: "Accept, Authorization, Cookie, X-GitHub-OTP",
    "x-github-request-id": common.requestId,
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": common.apiVersion,
    "x-ratelimit-limit": String(rate.limit),
    "x-ratelimit-remaining": String(rate.remaining),
    "x-ratelimit-used": String(rate.used),
    "x-ratelimit-reset": String(rate.reset),
    "x-ratelimit-resource": common.resource,
    ...(token === null || token.permissions !== null
      ? {}
      : { "x-oauth-scopes": token.scopes.join(", "), "x-accepted-oauth-scopes": "repo" }),
  };
}

/** What a failure looks like as an answer; anything unforeseen is thrown on. */
export function failureAnswer(error: unknown): RestAnswer {
  if (!(error instanceof ApiFailure)) throw error;
  return { status: error.status, body: error.body, headers: error.headers };
}

/** Adds validators to a successful read and turns it into a 304 when the client already has it. */
export function withValidators(answer: RestAnswer, request: Headers): RestAnswer {
  if (answer.status !== 200) return answer;
  const { link = "" } = answer.headers ?? {};
  const digest = createHash("sha256").update(JSON.stringify(answer.body)).update(link).digest("hex");
  const etag = `W/"${digest}"`;
  const modified = answer.lastModified === undefined ? undefined : new Date(answer.lastModified).toUTCString();
  const headers = {
    ...answer.headers,
    etag,
    ...(modified === undefined ? {} : { "last-modified": modified }),
  };
  return isKnown(request, etag, answer.lastModified) ? { status: 304, headers } : { ...answer, headers };
}

function isKnown(request: Headers, etag: string, lastModified: number | undefined): boolean {
  const tags = request.get("if-none-match");
  if (tags !== null) {
    const bare = etag.replace("W/", "");
    return tags.split(",").some((tag) => tag.trim().replace("W/", "") === bare);
  }
  const since = request.get("if-modified-since");
  return since !== null && lastModified !== undefined && lastModified <= Date.parse(since);
}

const messages: Readonly<Record<number, string>> = {
  401: "Bad credentials",
  403: "Forbidden",
  404: "Not Found",
  410: "Gone",
  500: "Server Error",
  502: "Server Error",
  503: "Service Unavailable",
  504: "We couldn't respond to your request in time. Sorry about that.",
};

/** The body of an injected error status. */
export function statusBody(status: number): { readonly message: string } {
  return { message: messages[status] ?? "Error" };
}
