/** One measured number. Every `*.bench.ts` in the `bench` folder of a package exports `figures(): Promise<Figure[]>`. */
export interface Figure {
  /** What was measured, for example `core: requests to push a defect`. */
  readonly name: string;
  readonly value: number;
  /** For example `ms`, `requests` or `MiB`. */
  readonly unit: string;
  /** What it is compared with: the goal or the last release. Null where there is nothing yet. */
  readonly baseline: number | null;
}

export interface Benchmark {
  readonly figures: () => Promise<readonly Figure[]>;
}
