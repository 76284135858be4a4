import { attachmentOperations } from "./attachment-operations.ts";
import type { JiraOperation, PathParameters } from "./call.ts";
import { commentOperations } from "./comment-operations.ts";
import { extraOperations } from "./extra-operations.ts";
import { issueOperations } from "./issue-operations.ts";
import { searchOperations } from "./search-operations.ts";
import { siteOperations } from "./site-operations.ts";
import { webhookOperations } from "./webhook-operations.ts";

/** Every operation the fake answers. */
export const allOperations: readonly JiraOperation[] = [
  ...siteOperations,
  ...issueOperations,
  ...searchOperations,
  ...commentOperations,
  ...extraOperations,
  ...attachmentOperations,
  ...webhookOperations,
];

/** The contract's name of an operation. */
export function operationName({ method, template }: Pick<JiraOperation, "method" | "template">): string {
  return `${method} /rest/api/3${template}`;
}

export interface Route {
  readonly operation: JiraOperation;
  readonly params: PathParameters;
}

const matchers = allOperations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** Finds the operation for a method and a path below `/rest/api/N`. */
export function findRoute(method: string, path: string, deployment: "cloud" | "data-center"): Route | null {
  for (const { operation, pattern } of matchers) {
    const isThere = operation.only === undefined || operation.only === deployment;
    const match = operation.method === method && isThere ? pattern.exec(path) : null;
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {});
    return { operation, params: Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return null;
}
