import { BackrefError } from "../../errors/index.ts";
import { issueAddress } from "../../issues/issue-cache.ts";
import { inBatches, readWithin } from "../../issues/read-batch.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { askTracker } from "../ask-tracker.ts";
import { requireRunnable } from "../issues/refresh-source.ts";
import type { ServiceContext } from "../service-context.ts";

export interface PreviewReads {
  /** By the id of the issue's row. */
  readonly outcomes: ReadonlyMap<string, ReadOutcome>;
  readonly requests: number;
}

/** What the tracker says of the issues now, all within the request time limit. Nothing of it is kept. */
export async function readForPreview(
  context: ServiceContext,
  source: SourceRow,
  rows: readonly IssueRow[],
): Promise<PreviewReads> {
  const outcomes = new Map<string, ReadOutcome>();
  if (rows.length === 0) return { outcomes, requests: 0 };
  let requests = 0;
  await withDeadline(context.runtime, (deadline) =>
    askTracker(context.runtime, requireRunnable(source, "source.preview"), async (session) => {
      const { read } = session.provider;
      if (read === undefined) {
        throw new BackrefError({
          code: "capability-missing",
          message: `${session.provider.describe().name} issues cannot be read. Preview with \`fresh: false\`.`,
          providerId: session.provider.id,
          operation: "source.preview",
        });
      }
      const unread = rows.filter(({ id }) => !outcomes.has(id));
      for (const batch of inBatches(unread, session.capabilities.readBatchSize)) {
        requests += 1;
        const answers = await readWithin(deadline, session, read, batch.map(issueAddress));
        for (const [index, { id }] of batch.entries()) {
          const answer = answers[index];
          if (answer !== undefined) outcomes.set(id, answer);
        }
      }
    }),
  );
  return { outcomes, requests };
}

/** What the cached copy says; undefined where the issue was never read. */
export function cachedOutcome(row: IssueRow): ReadOutcome | undefined {
  switch (row.state) {
    case "live":
      return row.snapshot === null ? undefined : { kind: "live", issue: row.snapshot };
    case "moved":
      return { kind: "moved", to: null };
    case "deleted":
    case "no-access":
      return { kind: row.state };
  }
}
