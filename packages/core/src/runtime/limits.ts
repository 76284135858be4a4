/** Numbers a host may change. Durations in milliseconds. */
export interface Limits {
  /** How long `push` works before it returns whatever is true by then. @default 10_000 */
  readonly pushWaitMs: number;
  /** How long a worker may hold a link. @default 60_000 */
  readonly leaseMs: number;
  /** One remote request may take this long. @default 20_000 */
  readonly requestTimeoutMs: number;
  /** Links claimed at once. @default 50 */
  readonly claimBatch: number;
  /** Remote requests for links of one source at the same time, in one process. @default 8 */
  readonly concurrencyPerSource: number;
  /** Without compare-and-set, an issue is read at most this long before it is written. @default 2_000 */
  readonly readBeforeWriteMs: number;
  /** After a create in doubt, absence is concluded only after this long. @default 600_000 */
  readonly createGraceMs: number;
  /** What becomes of an issue or comment in doubt after the grace: `recreate`, or `wait` for a person. @default "recreate" */
  readonly createInDoubt: "recreate" | "wait";
  /** Failed attempts before a link is `failed`. @default 20 */
  readonly maxAttempts: number;
  /** Time between polls of one scope. @default 60_000 */
  readonly pollIntervalMs: number;
  /**
   * Every so often a hundred idle links of a source are read by id, in turn: that shows what polling cannot, such as
   * deletions. Deliveries that failed since are asked for again, too. @default 3_600_000
   */
  readonly sweepIntervalMs: number;
  /** Cached issue details older than this are refreshed in the background when read, unless the source says otherwise. @default 300_000 */
  readonly issueMaxAgeMs: number;
  /** What a tracker wants to know of new issues is asked again once it is older than this. @default 3_600_000 */
  readonly formMaxAgeMs: number;
  /** Most files of one push, and of one link. @default 20 */
  readonly attachmentCount: number;
  /** Largest file, bytes. @default 50_000_000 */
  readonly attachmentBytes: number;
  /** All files of a link together, bytes. @default 200_000_000 */
  readonly attachmentTotalBytes: number;
  /** Sending one file may take this long, in place of `requestTimeoutMs`. @default 45_000 */
  readonly attachmentTimeoutMs: number;
  /** Failed attempts before a file is given up, which the link then says. @default 5 */
  readonly attachmentAttempts: number;
  /** How long before its end a credential is warned about. @default 1_209_600_000, two weeks */
  readonly credentialWarningMs: number;
  /** Largest webhook body, bytes. @default 5_000_000 */
  readonly webhookBodyBytes: number;
  /** The body of a delivery has to arrive within this time. @default 10_000 */
  readonly webhookBodyMs: number;
  /** Deliveries of one source, app or stranger worked on at the same time, in one process. More are answered 503. @default 100 */
  readonly webhooksAtOnce: number;
  /** Genuine deliveries of one source, or installation of an app, in a minute and one process. More are answered 429. @default 5_000 */
  readonly webhooksPerMinute: number;
  /**
   * Values that come in to defects from one source within ten minutes. More wait for a yes, see `sources.confirmChanges`; null
   * lets everything in. A source may have another number. @default 200
   */
  readonly bulkGuardChanges: number | null;
  /** Deliveries are remembered this long. @default 604_800_000 */
  readonly deliveryRetentionMs: number;
  /** And of one source at most so many, the newest; what is more is removed once an hour. @default 50_000 */
  readonly deliveriesPerSource: number;
}

/** What holds where the option `limits` says nothing else. */
export const defaultLimits: Limits = {
  pushWaitMs: 10_000,
  leaseMs: 60_000,
  requestTimeoutMs: 20_000,
  claimBatch: 50,
  concurrencyPerSource: 8,
  readBeforeWriteMs: 2_000,
  createGraceMs: 600_000,
  createInDoubt: "recreate",
  maxAttempts: 20,
  pollIntervalMs: 60_000,
  sweepIntervalMs: 3_600_000,
  issueMaxAgeMs: 300_000,
  formMaxAgeMs: 3_600_000,
  attachmentCount: 20,
  attachmentBytes: 50_000_000,
  attachmentTotalBytes: 200_000_000,
  attachmentTimeoutMs: 45_000,
  attachmentAttempts: 5,
  credentialWarningMs: 1_209_600_000,
  webhookBodyBytes: 5_000_000,
  webhookBodyMs: 10_000,
  webhooksAtOnce: 100,
  webhooksPerMinute: 5_000,
  bulkGuardChanges: 200,
  deliveryRetentionMs: 604_800_000,
  deliveriesPerSource: 50_000,
};
