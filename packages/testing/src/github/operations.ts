import { assigneeOperations } from "./assignees.ts";
import { commentOperations } from "./comment-operations.ts";
import { type HookCreated, hookOperations } from "./hook-operations.ts";
import { issueOperations } from "./issue-operations.ts";
import { labelOperations } from "./label-operations.ts";
import { rateLimitOperations } from "./rate-limit-operations.ts";
import type { RateLimits } from "./rate-limits.ts";
import { repositoryOperations } from "./repository-operations.ts";
import type { RestOperation } from "./rest-call.ts";

/** Every REST operation the fake answers. */
export function allOperations(limits: RateLimits, onHookCreated: HookCreated): RestOperation[] {
  return [
    ...repositoryOperations,
    ...commentOperations,
    ...issueOperations,
    ...labelOperations,
    ...assigneeOperations,
    ...hookOperations(onHookCreated),
    ...rateLimitOperations(limits),
  ];
}

/** The contract's name of an operation. */
export function operationName(operation: Pick<RestOperation, "method" | "template">): string {
  return `${operation.method} ${operation.template}`;
}
