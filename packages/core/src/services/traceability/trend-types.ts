/** Calendar dates are `2026-11-22`, and count in the time zone. */
export interface TrendWindow {
  /** First day. */
  readonly from: string;
  /** Last day, included. At most 1,000 periods after `from`. */
  readonly to: string;
  /** Weeks begin on Monday; the first and the last may be cut by `from` and `to`. */
  readonly every: "day" | "week";
  /** IANA name, for example `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Which project's defects are counted, over which days. */
export interface DefectTrendRequest extends TrendWindow {
  readonly projectId: string;
}

/** `open` at the end = `open` of the period before (or `openBefore`) + `opened` + `reopened` - `closed`. */
export interface TrendPeriod {
  /** First day of the period. */
  readonly from: string;
  /** Last day of the period, included. */
  readonly to: string;
  /** Defects that came into being, open. */
  readonly opened: number;
  /** How often a defect was closed: one that is closed twice counts twice. */
  readonly closed: number;
  /** How often a closed defect was opened again. */
  readonly reopened: number;
  /** Defects that are open when the period ends. */
  readonly open: number;
}

/** Defects over time. */
export interface DefectTrend {
  /** Defects that were open when the first day began. */
  readonly openBefore: number;
  /** Without gaps, oldest first. */
  readonly periods: readonly TrendPeriod[];
}

/** What became of one defect. Times are milliseconds since 1970 UTC. */
export interface DefectHistory {
  readonly createdAt: number;
  /** How it was at first. */
  readonly isOpen: boolean;
  /** How it was from then on, oldest first. Repetitions of the same do not count. */
  readonly changes: readonly { readonly at: number; readonly isOpen: boolean }[];
}

/** Runs whose defects are counted. */
export interface RunsRequest {
  readonly projectId: string;
  /** Any number; taken in batches. */
  readonly runIds: AsyncIterable<string> | Iterable<string>;
}

/** What failed in one run, and how that stands now. */
export interface RunDefects {
  readonly runId: string;
  /** Failing results that were reported. */
  readonly occurrences: number;
  /** Different cases among them. */
  readonly cases: number;
  /** Different defects: `open` and `closed` together. */
  readonly defects: number;
  readonly open: number;
  readonly closed: number;
}
