import { attachmentOperations } from "./attachment-operations.ts";
import type { AzureDevOpsOperation, PathParameters } from "./call.ts";
import { commentOperations } from "./comment-operations.ts";
import { directoryOperations } from "./directory-operations.ts";
import { hookOperations } from "./hook-operations.ts";
import { issueOperations } from "./issue-operations.ts";
import { queryOperations } from "./query-operations.ts";
import { recycleBinOperations } from "./recycle-bin-operations.ts";
import { revisionOperations } from "./revision-operations.ts";
import { siteOperations } from "./site-operations.ts";

/** Every operation the fake answers. */
export const allOperations: readonly AzureDevOpsOperation[] = [
  ...siteOperations,
  ...directoryOperations,
  ...issueOperations,
  ...commentOperations,
  ...revisionOperations,
  ...recycleBinOperations,
  ...attachmentOperations,
  ...queryOperations,
  ...hookOperations,
];

/** The contract's name of an operation. */
export function operationName({ method, template }: Pick<AzureDevOpsOperation, "method" | "template">): string {
  return `${method} /{organization}${template}`;
}

export interface Route {
  readonly operation: AzureDevOpsOperation;
  readonly params: PathParameters;
}

/** Where the contract names a project or a team, the service does without one too. */
function patternOf(template: string): RegExp {
  const source = template
    .replaceAll("$", "\\$")
    .replace("/{project}", "(?:/(?<project>(?!_apis)[^/]+))?")
    .replace("/{team}", "(?:/(?<team>(?!_apis)[^/]+))?")
    .replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}/?$`, "i");
}

const matchers = allOperations.map((operation) => ({ operation, pattern: patternOf(operation.template) }));

/** Finds the operation for a method and a path below the organisation; case does not matter. */
export function findRoute(method: string, path: string): Route | null {
  for (const { operation, pattern } of matchers) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    return { operation, params: Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return null;
}
