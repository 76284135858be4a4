import { isTooOld } from "../../issues/issue-age.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { RefreshOptions, RefreshProblem, RefreshSummary } from "../issues-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { refreshSource } from "./refresh-source.ts";
import type { SelectedIssues } from "./select-issues.ts";

type Counts = { -readonly [Key in Exclude<keyof RefreshSummary, "problems">]: number };

/** Reads the issues, part by part, and of each part the sources side by side. */
export async function refreshIssues(
  context: ServiceContext,
  { total, parts }: SelectedIssues,
  options: Required<RefreshOptions>,
): Promise<RefreshSummary> {
  const { signal } = options;
  const run = new RefreshRun(context, total, options);
  for await (const rows of parts) {
    await run.take(rows);
    if (signal.aborted) break;
  }
  return await run.end();
}

/** One refresh: its sums, and what waits to fill a request. */
class RefreshRun {
  readonly #context: ServiceContext;
  readonly #total: number | null;
  readonly #options: Required<RefreshOptions>;
  readonly #counts: Counts = {
    requested: 0,
    fresh: 0,
    read: 0,
    changed: 0,
    gone: 0,
    failed: 0,
    skipped: 0,
    requests: 0,
  };
  /** By source and code. */
  readonly #problems = new Map<string, RefreshProblem>();
  readonly #waiting = new Map<string, readonly IssueRow[]>();
  /** Sources that are not asked any more, and why. */
  readonly #over = new Map<string, RefreshProblem>();
  /** Of requests in part of a source that is not summed up yet. */
  #readNow = 0;

  constructor(context: ServiceContext, total: number | null, options: Required<RefreshOptions>) {
    this.#context = context;
    this.#total = total;
    this.#options = options;
  }

  async take(rows: readonly IssueRow[]): Promise<void> {
    this.#counts.requested += rows.length;
    for (const [id, part] of Map.groupBy(rows, (row) => row.sourceId)) {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), ...part]);
    }
    await this.#work(this.#counts.requested === this.#total);
  }

  async end(): Promise<RefreshSummary> {
    await this.#work(true);
    await this.#tell(this.#counts.requested);
    return { ...this.#counts, problems: [...this.#problems.values()] };
  }

  /** Whole requests only, unless nothing more comes. */
  async #work(isLast: boolean): Promise<void> {
    const { runtime, scope } = this.#context;
    const keys = [...this.#waiting.keys()].map((id) => [id]);
    const sources = await findByKeys(runtime.storage, scope, "source", "id", keys);
    await Promise.all(
      [...this.#waiting].map(async ([sourceId, rows]) => {
        const source = sources.find(({ id }) => id === sourceId);
        const wanted = rows
          .filter((row) => this.#isWanted(source, row))
          .toSorted((left, right) => (left.fetchedAt ?? 0) - (right.fetchedAt ?? 0));
        this.#counts.fresh += rows.length - wanted.length;
        const size = this.#batchSizeOf(source);
        const count = isLast || this.#over.has(sourceId) ? wanted.length : wanted.length - (wanted.length % size);
        this.#waiting.set(sourceId, wanted.slice(count));
        await this.#refresh(sourceId, source, wanted.slice(0, count));
      }),
    );
  }

  #isWanted(source: SourceRow | undefined, row: IssueRow): boolean {
    return !this.#options.onlyStale || source === undefined || isTooOld(this.#context.runtime, source, row);
  }

  #batchSizeOf(source: SourceRow | undefined): number {
    const provider = this.#context.runtime.providers.get(source?.providerId ?? "");
    if (source === undefined || provider === undefined) return 1;
    return resolveSourceCapabilities(provider, source.options).readBatchSize;
  }

  async #refresh(sourceId: string, source: SourceRow | undefined, rows: readonly IssueRow[]): Promise<void> {
    if (rows.length === 0) return;
    const over = this.#over.get(sourceId);
    if (over !== undefined) {
      this.#counts.failed += rows.length;
      this.#note({ ...over, issues: rows.length });
      await this.#tell();
      return;
    }
    let read = 0;
    const onRead = async (count: number) => {
      read += count;
      this.#readNow += count;
      await this.#tell();
    };
    const {
      problems,
      isOver,
      requested: _,
      ...counts
    } = await refreshSource(this.#context, source, rows, {
      signal: this.#options.signal,
      onRead,
    });
    this.#readNow -= read;
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) this.#counts[name] += counts[name];
    for (const problem of problems) {
      this.#note(problem);
      if (isOver) this.#over.set(sourceId, problem);
    }
    if (counts.failed > 0) await this.#tell();
  }

  #note(problem: RefreshProblem): void {
    const key = `${problem.sourceId} ${problem.code}`;
    const before = this.#problems.get(key);
    this.#problems.set(key, { ...problem, issues: problem.issues + (before?.issues ?? 0) });
  }

  async #tell(total: number | null = this.#total): Promise<void> {
    const { fresh, read, failed } = this.#counts;
    await this.#options.onProgress({ done: fresh + read + failed + this.#readNow, total, failed });
  }
}
