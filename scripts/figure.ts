/** One measured number. */
export interface Figure {
  /** What was measured, for example `core: requests to push a defect`. */
  readonly name: string;
  readonly value: number;
  /** For example `ms`, `requests` or `MiB`. */
  readonly unit: string;
  /** What it is compared with: the goal or the last release. Null where there is nothing yet. */
  readonly baseline: number | null;
}

/** What a `*.bench.ts` exports. */
export interface Benchmark {
  /** Heading of its part of docs/performance.md. */
  readonly title: string;
  /** What was done, and what it is compared with: a paragraph of Markdown. */
  readonly about: string;
  /** `grid`: names of figures are `column: row`, and a baseline that is met is not shown. @default "list" */
  readonly layout?: "list" | "grid";
  readonly figures: () => Promise<readonly Figure[]>;
}
