/** How far a call over many has come. */
export interface Progress {
  /** Those that are dealt with, failed ones too. */
  readonly done: number;
  readonly total: number;
  /** Those of them that were refused, or could not be dealt with. */
  readonly failed: number;
}
