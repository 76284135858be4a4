import type { LogLevel } from "./logger.ts";

/** What may stand in the data of a log event. Times in milliseconds. */
export interface LogFields {
  readonly tenantId: string;
  readonly sourceId: string;
  readonly linkId: string | null;
  readonly defectId: string | null;
  /** The tracker's id of a webhook delivery. */
  readonly deliveryId: string | null;
  /** One worker of one process; stands in the leases that it holds, too. */
  readonly workerId: string;
  /** Id of a provider. */
  readonly provider: string;
  /** Group and method of the provider's contract, such as `read.issues`. */
  readonly operation: string;
  /** What is polled; an empty text is the whole source. */
  readonly container: string;
  /** A `BackrefError`'s code; `internal` for an error that nobody expected. */
  readonly code: string;
  /** The class of a failure. */
  readonly failure: string | null;
  /** HTTP status. */
  readonly status: number | null;
  /** HTTP method. */
  readonly method: string;
  /** Host name that a request went to. */
  readonly host: string;
  readonly outcome: string;
  /** Name of a synced field. */
  readonly field: string | null;
  readonly winner: string;
  readonly from: string;
  readonly to: string;
  /** An error's own words, redacted. May quote what a tracker said of a refused value. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly durationMs: number;
  readonly retryAfterMs: number | null;
  readonly waitMs: number;
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number | null;
  readonly requests: number;
  readonly processed: number;
  readonly more: boolean;
  readonly asked: number;
  readonly limit: number;
}

interface LogEventDefinition {
  readonly level: LogLevel;
  /** For people. The code is what to filter by: the words may change. */
  readonly message: string;
  readonly data: readonly (keyof LogFields)[];
}

const events = {
  "worker-started": { level: "info", message: "A worker has started", data: ["workerId"] },
  "worker-stopped": { level: "info", message: "A worker has stopped", data: ["workerId"] },
  "pass-ended": {
    level: "debug",
    message: "A sync pass has ended",
    data: ["workerId", "processed", "more", "durationMs"],
  },
  "pass-failed": {
    level: "error",
    message: "A sync pass failed; the next one follows",
    data: ["workerId", "code", "reason"],
  },
  "background-failed": { level: "error", message: "Background work failed", data: ["workerId", "code", "reason"] },
  "measuring-failed": {
    level: "debug",
    message: "The queue could not be measured",
    data: ["workerId", "code", "reason"],
  },
  "links-left": {
    level: "error",
    message: "A source's links were left to their next holder",
    data: ["tenantId", "sourceId", "code", "reason"],
  },
  "link-left": {
    level: "debug",
    message: "A link was left to its next holder",
    data: ["tenantId", "sourceId", "linkId", "defectId", "code", "reason"],
  },
  "link-ended": {
    level: "debug",
    message: "The work on a link has ended",
    data: ["tenantId", "sourceId", "linkId", "defectId", "outcome", "attempts", "durationMs"],
  },
  "link-error": {
    level: "error",
    message: "A link could not be reconciled",
    data: ["tenantId", "sourceId", "linkId", "defectId", "code", "reason"],
  },
  "link-retried-later": {
    level: "debug",
    message: "A link is tried again later",
    data: ["tenantId", "sourceId", "linkId", "defectId", "code", "failure", "attempts", "retryAfterMs", "reason"],
  },
  "link-failed": {
    level: "warn",
    message: "A link has used up its attempts",
    data: ["tenantId", "sourceId", "linkId", "defectId", "code", "field", "reason"],
  },
  "link-blocked": {
    level: "warn",
    message: "A link waits for a person",
    data: ["tenantId", "sourceId", "linkId", "defectId", "code", "field", "reason"],
  },
  "link-in-doubt": {
    level: "warn",
    message: "Nobody knows whether an issue was created",
    data: ["tenantId", "sourceId", "linkId", "defectId", "reason"],
  },
  "issue-gone": {
    level: "warn",
    message: "An issue is gone",
    data: ["tenantId", "sourceId", "linkId", "defectId", "outcome"],
  },
  "conflict-recorded": {
    level: "info",
    message: "Both sides changed a field; the loser is kept",
    data: ["tenantId", "sourceId", "linkId", "defectId", "field", "winner"],
  },
  "field-frozen": {
    level: "warn",
    message: "A field is not synced any more",
    data: ["tenantId", "sourceId", "linkId", "defectId", "field", "outcome"],
  },
  "field-refused": {
    level: "info",
    message: "A side did not take a value",
    data: ["tenantId", "sourceId", "linkId", "defectId", "field"],
  },
  "value-unmapped": {
    level: "info",
    message: "A tracker's value has no counterpart",
    data: ["tenantId", "sourceId", "linkId", "defectId", "field"],
  },
  "source-health-changed": {
    level: "warn",
    message: "The health of a source has changed",
    data: ["tenantId", "sourceId", "from", "to", "reason"],
  },
  "source-held": {
    level: "warn",
    message: "More would have come in from a source than may without a yes; the rest waits",
    data: ["tenantId", "sourceId", "reason"],
  },
  "source-released": {
    level: "info",
    message: "Changes that waited were answered",
    data: ["tenantId", "sourceId", "outcome"],
  },
  "source-waits": {
    level: "info",
    message: "A tracker asked to wait",
    data: ["tenantId", "sourceId", "waitMs", "reason"],
  },
  "poll-ended": {
    level: "debug",
    message: "A poll has ended",
    data: ["tenantId", "sourceId", "container", "outcome", "durationMs"],
  },
  "poll-failed": {
    level: "warn",
    message: "A poll failed",
    data: ["tenantId", "sourceId", "container", "code", "failure", "reason"],
  },
  "poll-left": {
    level: "error",
    message: "A poll was left to its next holder",
    data: ["tenantId", "sourceId", "code", "reason"],
  },
  "defect-feed-failed": {
    level: "warn",
    message: "The defect store did not tell what changed; the next poll asks again",
    data: ["tenantId", "sourceId", "code", "reason"],
  },
  "defect-feed-stuck": {
    level: "warn",
    message: "The defect store's cursor does not move past a full page; changes behind it are not seen",
    data: ["tenantId", "sourceId", "limit"],
  },
  "delivery-taken": {
    level: "debug",
    message: "A webhook delivery was taken",
    data: ["tenantId", "sourceId", "provider", "deliveryId", "outcome"],
  },
  "delivery-unconcerned": {
    level: "info",
    message: "A delivery of an app concerns no source",
    data: ["provider", "deliveryId"],
  },
  "delivery-refused": {
    level: "warn",
    message: "A webhook delivery was refused",
    data: ["outcome", "status", "reason"],
  },
  "delivery-not-stored": {
    level: "error",
    message: "A webhook delivery could not be stored; its sender is asked to try again",
    data: ["outcome", "status", "code", "reason"],
  },
  "delivery-unverified": {
    level: "error",
    message: "A provider failed to verify a delivery",
    data: ["code", "reason"],
  },
  "delivery-unread": { level: "error", message: "A provider failed to read a delivery", data: ["code", "reason"] },
  "webhook-secret-unreadable": {
    level: "warn",
    message: "A delivery cannot be verified: its source has no readable webhook secret",
    data: ["tenantId", "sourceId", "reason"],
  },
  "webhook-renewed": {
    level: "info",
    message: "A webhook was extended",
    data: ["tenantId", "sourceId", "container", "expiresAt"],
  },
  "webhook-not-renewed": {
    level: "warn",
    message: "A webhook could not be extended; it is tried again",
    data: ["tenantId", "sourceId", "container", "code", "reason"],
  },
  "webhook-left": {
    level: "warn",
    message: "The webhook of a former address could not be taken away",
    data: ["tenantId", "sourceId", "container", "code", "reason"],
  },
  "form-not-refreshed": {
    level: "info",
    message: "What a tracker wants of new issues could not be read anew; the stored answer is shown",
    data: ["tenantId", "sourceId", "code", "reason"],
  },
  "redelivery-asked": {
    level: "info",
    message: "Asked for deliveries that failed",
    data: ["tenantId", "sourceId", "container", "asked"],
  },
  "redelivery-failed": {
    level: "warn",
    message: "Could not ask for deliveries that failed",
    data: ["tenantId", "sourceId", "container", "code", "reason"],
  },
  "issue-unread": {
    level: "warn",
    message: "An issue was linked without being read.",
    data: ["tenantId", "sourceId", "code", "failure", "reason"],
  },
  "credential-renewal-delayed": {
    level: "warn",
    message: "A credential could not be renewed yet",
    data: ["tenantId", "sourceId", "code", "reason"],
  },
  "call-ended": {
    level: "debug",
    message: "A provider has answered",
    data: ["tenantId", "sourceId", "provider", "operation", "outcome", "requests", "durationMs"],
  },
  "request-ended": {
    level: "debug",
    message: "A request to a tracker has ended",
    data: ["tenantId", "sourceId", "provider", "operation", "method", "host", "status", "outcome", "durationMs"],
  },
  "request-held-back": {
    level: "debug",
    message: "A request waits for room in the tracker's rate limits",
    data: ["tenantId", "sourceId", "provider", "operation", "waitMs"],
  },
  "listener-failed": { level: "error", message: "A listener failed", data: ["reason"] },
} as const;

/** Code of something that is logged. Stable: to be filtered and alerted by. */
export type LogEvent = keyof typeof events | "provider-message";

export type LogEventCode = keyof typeof events;

/** What an event has to say, every field of it. */
export type LogEventData<Event extends LogEventCode> = Pick<LogFields, (typeof events)[Event]["data"][number]>;

/**
 * Everything that is logged, under the code that stands in the data as `event`. What a provider says in its own words comes as
 * `provider-message`, at the level it chose.
 */
export const logEvents: { readonly [Event in LogEventCode]: LogEventDefinition } = events;
