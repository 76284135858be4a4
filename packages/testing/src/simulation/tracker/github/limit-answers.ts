import { toResponse } from "../../../fake/response.ts";
import { failureAnswer } from "../../../github/answers.ts";
import { primaryExceeded, secondaryExceeded } from "../../../github/rate-limits.ts";

/** What GitHub answers when there were too many requests: in an hour (primary), or too many at once (secondary). */
export function limitAnswer(request: {
  readonly kind: "primary" | "secondary";
  readonly retryAfterSeconds: number;
  readonly login: string;
  readonly now: number;
}): Response {
  const { kind, retryAfterSeconds, login, now } = request;
  const reset = Math.ceil(now / 1_000) + retryAfterSeconds;
  const limit = { "x-ratelimit-limit": "5000", "x-ratelimit-reset": String(reset) };
  const failure = kind === "primary" ? primaryExceeded(login, limit) : secondaryExceeded(retryAfterSeconds);
  const { status, headers, body } = failureAnswer(failure);
  return toResponse(status, { date: new Date(now).toUTCString(), ...headers }, body);
}
