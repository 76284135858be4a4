import type { ProviderCall } from "@backref/core/provider";
import { TransportFailure } from "./transport-failure.ts";

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** They say that nothing was done, and that the same request is to be sent elsewhere. */
const statusesForWrites = new Set([307, 308]);
const maxRedirects = 5;

export interface FollowedAnswer {
  readonly response: Response;
  /** Where the answer came from in the end. */
  readonly url: string;
  readonly redirected: boolean;
}

/** True if both URLs have the same scheme, host and port, so that one's credential may go to the other. */
export function isSameOrigin(first: string | URL, second: string | URL): boolean {
  return new URL(first).origin === new URL(second).origin;
}

/**
 * One request, with redirects followed where that is safe: to the same origin, reads always, writes where `followWrites`
 * says so and the status keeps their method (307, 308). Anything else is a `TransportFailure` that says where the answer
 * points.
 */
export async function fetchFollowing(
  call: Pick<ProviderCall, "fetch" | "logger">,
  input: string | URL | Request,
  init: RequestInit | undefined,
  signal: AbortSignal,
  followWrites = false,
): Promise<FollowedAnswer> {
  const given = input instanceof Request ? input : null;
  const method = (init?.method ?? given?.method ?? "GET").toUpperCase();
  const firstUrl = given === null ? String(input) : given.url;
  let response = await call.fetch(input, { ...init, redirect: "manual", signal });
  let url = firstUrl;
  for (let count = 0; redirectStatuses.has(response.status); count += 1) {
    const target = targetOf(response, url);
    await response.body?.cancel();
    const isSafe =
      method === "GET" || (followWrites && statusesForWrites.has(response.status) && isRepeatable(given, init?.body));
    const followed = target !== null && isSafe && count < maxRedirects && isSameOrigin(target, firstUrl);
    call.logger.log("info", followed ? "Followed a redirect" : "Refused a redirect", {
      status: response.status,
      to: describe(target),
    });
    if (!followed) {
      throw new TransportFailure({
        kind: "redirect",
        message: `The answer (${response.status}) points to ${describe(target)}.`,
        status: response.status,
        location: describe(target),
      });
    }
    url = target.href;
    const headers = init?.headers ?? given?.headers;
    const body = init?.body ?? null;
    const again = { method, redirect: "manual", signal, ...(headers && { headers }), ...(body !== null && { body }) };
    response = await call.fetch(url, again as RequestInit);
  }
  return { response, url, redirected: url !== firstUrl };
}

/** A stream is used up by the first request. */
function isRepeatable(given: Request | null, body: RequestInit["body"]): boolean {
  return given === null && !(body instanceof ReadableStream);
}

function targetOf(response: Response, base: string): URL | null {
  const location = response.headers.get("location");
  return location !== null && URL.canParse(location, base) ? new URL(location, base) : null;
}

/** Without the query: sign-in redirects carry one-time codes there. */
function describe(target: URL | null): string {
  return target === null ? "nowhere" : target.origin + target.pathname;
}
