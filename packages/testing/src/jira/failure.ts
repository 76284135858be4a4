/** An answer other than success, with Jira's two kinds of messages: general ones, and one per field. */
export class JiraFailure extends Error {
  readonly status: number;
  readonly errorMessages: readonly string[];
  readonly errors: Readonly<Record<string, string>>;

  constructor(status: number, errorMessages: readonly string[], errors: Readonly<Record<string, string>> = {}) {
    super([...errorMessages, ...Object.values(errors)].join(" "));
    this.name = "JiraFailure";
    this.status = status;
    this.errorMessages = errorMessages;
    this.errors = errors;
  }
}

export function issueNotFound(): JiraFailure {
  return new JiraFailure(404, ["Issue does not exist or you do not have permission to see it."]);
}

export function projectNotFound(key: string): JiraFailure {
  return new JiraFailure(404, [`No project could be found with key '${key}'.`]);
}

export function invalidFields(errors: Readonly<Record<string, string>>): JiraFailure {
  return new JiraFailure(400, [], errors);
}

export function invalid(message: string): JiraFailure {
  return new JiraFailure(400, [message]);
}

export function forbidden(message: string): JiraFailure {
  return new JiraFailure(403, [message]);
}
