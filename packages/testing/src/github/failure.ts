/** One entry of GitHub's `errors` array in a 422 answer. */
export interface ValidationIssue {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
  readonly value?: unknown;
}

const documentation = "https://docs.github.com/rest";

/** An answer other than success, thrown by whatever finds the reason. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ApiFailure";
    this.status = status;
    this.body = { message, ...options.extra, documentation_url: documentation, status: String(status) };
    this.headers = options.headers ?? {};
  }
}

export function notFound(): ApiFailure {
  return new ApiFailure(404, "Not Found");
}

export function gone(message: string): ApiFailure {
  return new ApiFailure(410, message);
}

export function forbidden(message: string, headers: Record<string, string> = {}): ApiFailure {
  return new ApiFailure(403, message, { headers });
}

export function unauthorized(message: string): ApiFailure {
  return new ApiFailure(401, message);
}

/** To the place where the thing now is. GitHub uses the same words for both statuses. @default 301 */
export function movedPermanently(location: string, status: 301 | 307 = 301): ApiFailure {
  return new ApiFailure(status, "Moved Permanently", { extra: { url: location }, headers: { location } });
}

/** GitHub's 422 "Validation Failed". */
export function invalid(...errors: readonly ValidationIssue[]): ApiFailure {
  return new ApiFailure(422, "Validation Failed", { extra: { errors } });
}
