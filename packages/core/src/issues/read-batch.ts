import type { IssueAddress } from "../domain/issue-snapshot.ts";
import { BackrefError } from "../errors/index.ts";
import type { ReadGroup, ReadOutcome } from "../provider/groups/read.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import { type Deadline, withDeadline } from "./with-deadline.ts";

/**
 * One read of at most `readBatchSize` issues, within the request time limit. One outcome per address, in order.
 * @param signal gives it up, too @default nobody does
 */
export async function readBatch(
  runtime: Runtime,
  session: SourceSession,
  read: ReadGroup<unknown, unknown>,
  issues: readonly IssueAddress[],
  signal?: AbortSignal,
): Promise<readonly ReadOutcome[]> {
  return await withDeadline(runtime, (deadline) => {
    const either = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
    return readWithin({ ...deadline, signal: either }, session, read, issues);
  });
}

/** The same within a deadline that several reads share. */
export async function readWithin(
  deadline: Deadline,
  session: SourceSession,
  read: ReadGroup<unknown, unknown>,
  issues: readonly IssueAddress[],
): Promise<readonly ReadOutcome[]> {
  const outcomes = await read.issues(session.call(deadline), { issues });
  if (outcomes.length === issues.length) return outcomes;
  throw new BackrefError({
    code: "tracker-unexpected",
    message: `Provider "${session.provider.id}" answered ${outcomes.length} outcomes for ${issues.length} issues. Report this to the provider's author.`,
    providerId: session.provider.id,
    operation: "issue.read",
  });
}

/** Consecutive parts of at most `size` items. */
export function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
