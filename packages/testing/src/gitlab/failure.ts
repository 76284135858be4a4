/** An answer other than success, in one of the forms that GitLab has for it. */
export class GitLabFailure extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`${status} ${JSON.stringify(body)}`);
    this.name = "GitLabFailure";
    this.status = status;
    this.body = body;
  }
}

/** @param what for example `Project` */
export function notFound(what: string): GitLabFailure {
  return new GitLabFailure(404, { message: `404 ${what} Not Found` });
}

export function forbidden(): GitLabFailure {
  return new GitLabFailure(403, { message: "403 Forbidden" });
}

/** A value that is refused, by field. */
export function invalid(field: string, problem: string): GitLabFailure {
  return new GitLabFailure(400, { message: { [field]: [problem] } });
}

/** A parameter that is missing or of the wrong kind. */
export function badParameter(problem: string): GitLabFailure {
  return new GitLabFailure(400, { error: problem });
}
