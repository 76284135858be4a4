/** How far a call over many has come. */
export interface Progress {
  /** Those that are dealt with, failed ones too. */
  readonly done: number;
  /** Null where nobody knows yet: a source's issues are counted while they are dealt with. */
  readonly total: number | null;
  /** Those of them that were refused, or could not be dealt with. */
  readonly failed: number;
}
