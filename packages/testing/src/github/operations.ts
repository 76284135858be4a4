import { appOperations } from "./app-operations.ts";
import { assigneeOperations } from "./assignees.ts";
import { catalogOperations } from "./catalog-operations.ts";
import { commentOperations } from "./comment-operations.ts";
import { type DeliveryDesk, deliveryOperations } from "./hook-deliveries.ts";
import { type HookCreated, hookOperations } from "./hook-operations.ts";
import { issueOperations } from "./issue-operations.ts";
import { labelOperations } from "./label-operations.ts";
import { rateLimitOperations } from "./rate-limit-operations.ts";
import type { RateLimits } from "./rate-limits.ts";
import { repositoryOperations } from "./repository-operations.ts";
import type { RestOperation } from "./rest-call.ts";
import { searchOperations } from "./search-operations.ts";

/** Every REST operation the fake answers. */
export function allOperations(
  limits: RateLimits,
  onHookCreated: HookCreated,
  random: () => number = Math.random,
  desk: DeliveryDesk = { attempts: () => [], repeat: () => {} },
): RestOperation[] {
  return [
    ...repositoryOperations,
    ...commentOperations,
    ...issueOperations,
    ...catalogOperations,
    ...labelOperations,
    ...assigneeOperations,
    ...hookOperations(onHookCreated),
    ...deliveryOperations(desk),
    ...rateLimitOperations(limits),
    ...searchOperations,
    ...appOperations(random),
  ];
}

/** The contract's name of an operation. */
export function operationName(operation: Pick<RestOperation, "method" | "template">): string {
  return `${operation.method} ${operation.template}`;
}
