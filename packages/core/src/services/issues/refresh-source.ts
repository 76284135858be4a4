import { BackrefError } from "../../errors/index.ts";
import { issueAddress } from "../../issues/issue-cache.ts";
import { inBatches, readBatch } from "../../issues/read-batch.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { SourceSession } from "../../runtime/session.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { redactSecrets } from "../../security/redact.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { askTracker } from "../ask-tracker.ts";
import type { RefreshProblem, RefreshSummary } from "../issues-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { applyReads, type IssueRead } from "./apply-reads.ts";

type SourceSummary = Omit<RefreshSummary, "fresh"> & {
  /** True where there is no use in asking the source for more now. */
  readonly isOver: boolean;
};
type Counts = { -readonly [Key in Exclude<keyof SourceSummary, "problems" | "isOver">]: SourceSummary[Key] };

/** Somebody who looks on. */
export interface RefreshWatch {
  readonly signal: AbortSignal;
  /** So many were read by one request. */
  onRead(count: number): Promise<void>;
}

/** Ids of what was read. */
type Done = Set<string>;

/** Reads issues of one source, in the order given. What goes wrong concerns this source alone and ends its part. */
export async function refreshSource(
  context: ServiceContext,
  source: SourceRow | undefined,
  rows: readonly IssueRow[],
  watch: RefreshWatch,
): Promise<SourceSummary> {
  const counts: Counts = { requested: rows.length, read: 0, changed: 0, gone: 0, failed: 0, skipped: 0, requests: 0 };
  if (rows.length === 0) return { ...counts, problems: [], isOver: false };
  const done: Done = new Set();
  const problems: RefreshProblem[] = [];
  const sourceId = rows[0]?.sourceId ?? "";
  let isOver = false;
  try {
    if (!watch.signal.aborted) {
      // With a new credential what is left goes on.
      await askTracker(context.runtime, requireRunnable(source), async (session) => {
        try {
          await readAll(context, session, { rows, counts, done, watch });
        } catch (error) {
          if (!watch.signal.aborted) throw error;
        }
      });
    }
  } catch (error) {
    if (!BackrefError.isInstance(error)) throw error;
    // A container that is lost is found to be so at the end, and says nothing of the others.
    isOver = error.data["containers"] === undefined;
    problems.push({
      sourceId,
      code: error.code,
      message: redactSecrets(error.message),
      issues: rows.length - counts.read,
      retryAfterMs: error.retryAfterMs ?? null,
    });
  }
  const left = rows.length - counts.read;
  const isSkipped = watch.signal.aborted && problems.length === 0;
  return { ...counts, ...(isSkipped ? { skipped: left } : { failed: left }), problems, isOver };
}

/** The source, where its tracker can be asked at all. @throws BackrefError `source-not-runnable` */
export function requireRunnable(source: SourceRow | undefined, operation = "issue.refresh"): SourceRow {
  if (source?.enabled === true && source.health !== "reconnect-required") return source;
  const why =
    source === undefined
      ? "The source was deleted; what is known of its issues stays as it is."
      : source.enabled
        ? `Source "${source.name}" waits for a new credential.`
        : `Source "${source.name}" is switched off.`;
  throw new BackrefError({ code: "source-not-runnable", message: why, operation });
}

async function readAll(
  context: ServiceContext,
  session: SourceSession,
  {
    rows,
    counts,
    done,
    watch,
  }: {
    readonly rows: readonly IssueRow[];
    readonly counts: Counts;
    readonly done: Done;
    readonly watch: RefreshWatch;
  },
): Promise<void> {
  const { provider, site, source } = session;
  const { read } = provider;
  if (read === undefined) {
    throw new BackrefError({
      code: "capability-missing",
      message: isAbleToRead(context, source)
        ? `Source "${source.name}" shows keys and URLs only: "read" is not among its features.`
        : `${provider.describe().name} issues show their key and URL only; this provider cannot read them.`,
      providerId: provider.id,
      operation: "issue.refresh",
    });
  }
  const containers = new ContainerCheck(context, session);
  const unread = rows.filter((row) => !done.has(row.id));
  for (const batch of inBatches(unread, session.capabilities.readBatchSize)) {
    if (watch.signal.aborted) return;
    counts.requests += 1;
    const outcomes = await readBatch(context.runtime, session, read, batch.map(issueAddress), watch.signal);
    const reads = batch.flatMap((row, index): readonly IssueRead[] => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ row, outcome }];
    });
    for (const { row, outcome } of reads) if (outcome.kind === "live") containers.sawAnswer(row.container);
    const sure: IssueRead[] = [];
    for (const one of reads) {
      if (one.outcome.kind !== "no-access" || (await containers.answers(one.row.container))) sure.push(one);
    }
    counts.changed += await applyReads(context, sure, (place) => provider.formatIssue(place, site));
    counts.read += sure.length;
    for (const { row } of sure) done.add(row.id);
    await watch.onRead(sure.length);
    counts.gone += sure.filter(({ outcome }) => outcome.kind !== "live").length;
  }
  if (containers.lost.length > 0) throw containerLost(session, containers.lost);
}

function isAbleToRead({ runtime }: ServiceContext, source: SourceRow): boolean {
  return providerOf(runtime, source.providerId).read !== undefined;
}

/** A hidden issue and a lost container look alike; only a container that answers proves that the issue is hidden. */
class ContainerCheck {
  readonly #context: ServiceContext;
  readonly #session: SourceSession;
  readonly #answers = new Map<string, boolean>();

  constructor(context: ServiceContext, session: SourceSession) {
    this.#context = context;
    this.#session = session;
  }

  get lost(): readonly string[] {
    return [...this.#answers].filter(([, answers]) => !answers).map(([container]) => container);
  }

  sawAnswer(container: string): void {
    this.#answers.set(container, true);
  }

  async answers(container: string): Promise<boolean> {
    const known = this.#answers.get(container);
    if (known !== undefined) return known;
    const { connect } = this.#session.provider;
    const answers =
      connect === undefined ||
      (await withDeadline(this.#context.runtime, (deadline) =>
        connect.probe(this.#session.call(deadline), { container }),
      ));
    this.#answers.set(container, answers);
    return answers;
  }
}

function containerLost({ source }: SourceSession, containers: readonly string[]): BackrefError {
  return new BackrefError({
    code: "tracker-forbidden",
    message: `The account of "${source.name}" cannot reach ${containers.join(", ")} any more. Give it access again, or test the source.`,
    providerId: source.providerId,
    operation: "issue.refresh",
    data: { containers },
  });
}
