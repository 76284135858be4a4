import type { CommitOutcome } from "@backref/core/storage";

/** Numbers of those who do something at the same time. */
export const writers: readonly number[] = Array.from({ length: 20 }, (_, index) => index + 1);

/** What several do at the same time, each with a number from 1. */
export function atOnce<Result>(
  count: number,
  task: (writer: number) => Promise<Result>,
): Promise<readonly Awaited<Result>[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => task(index + 1)));
}

export function countOf(outcomes: readonly CommitOutcome[], status: CommitOutcome["status"]): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

/** Lets some read while others write: `read` is called again and again until all of `writes` have ended. */
export async function readDuring(
  writes: readonly Promise<unknown>[],
  readers: number,
  read: () => Promise<void>,
): Promise<void> {
  let isOver = false;
  const writing = Promise.all(writes).finally(() => {
    isOver = true;
  });
  const reading = async () => {
    while (!isOver) await read();
  };
  await Promise.all([writing, ...Array.from({ length: readers }, reading)]);
}
