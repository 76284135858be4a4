import type { GitLabOperation, PathParameters } from "./call.ts";
import { hookOperations } from "./hook-operations.ts";
import { issueOperations } from "./issue-operations.ts";
import { noteOperations } from "./note-operations.ts";
import { siteOperations } from "./site-operations.ts";
import { uploadOperations } from "./upload-operations.ts";

/** Every operation the fake answers. */
export const allOperations: readonly GitLabOperation[] = [
  ...siteOperations,
  ...issueOperations,
  ...noteOperations,
  ...hookOperations,
  ...uploadOperations,
];

/** The contract's name of an operation. */
export function operationName({ method, template }: Pick<GitLabOperation, "method" | "template">): string {
  return `${method} /api/v4${template}`;
}

export interface Route {
  readonly operation: GitLabOperation;
  readonly params: PathParameters;
}

const matchers = allOperations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** Finds the operation for a method and a path below `/api/v4`. */
export function findRoute(method: string, path: string): Route | null {
  for (const { operation, pattern } of matchers) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {});
    return { operation, params: Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return null;
}
