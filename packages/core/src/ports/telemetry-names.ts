/** Attributes of spans and measurements. Names with `http.`, `server.` and `error.` are OpenTelemetry's own. */
export interface TelemetryAttributes {
  readonly "backref.tenant.id"?: string;
  readonly "backref.source.id"?: string;
  readonly "backref.link.id"?: string;
  readonly "backref.defect.id"?: string;
  /** The tracker's id of a webhook delivery. */
  readonly "backref.delivery.id"?: string;
  /** Id of a provider, such as `github`. */
  readonly "backref.provider"?: string;
  /** Group and method of the provider's contract, such as `read.issues`. */
  readonly "backref.operation"?: string;
  readonly "backref.outcome"?: string;
  /** Links or poll scopes that a pass worked on; links of a batch. */
  readonly "backref.work.count"?: number;
  /** `link` or `poll-scope`. */
  readonly "backref.work.kind"?: string;
  /** Requests that one call of a provider sent. */
  readonly "backref.request.count"?: number;
  /** Failed attempts at a link before this one. */
  readonly "backref.attempt"?: number;
  /** Name of a synced field. */
  readonly "backref.field"?: string;
  /** Which side's value stayed: `local`, `remote` or `none`. */
  readonly "backref.winner"?: string;
  /** Class of a failure, such as `retry`. */
  readonly "backref.failure"?: string;
  readonly "http.request.method"?: string;
  readonly "http.response.status_code"?: number;
  readonly "server.address"?: string;
  readonly "server.port"?: number;
  /** Status of the answer, code of the error, or name of its class. */
  readonly "error.type"?: string;
}

/** Name of something that a span or a measurement tells about itself. */
export type TelemetryAttribute = keyof TelemetryAttributes;

interface SpanDefinition {
  readonly description: string;
  readonly attributes: readonly TelemetryAttribute[];
}

const spans = {
  "backref.push": {
    description: "A push or attach that somebody waits for",
    attributes: [
      "backref.tenant.id",
      "backref.source.id",
      "backref.link.id",
      "backref.defect.id",
      "backref.outcome",
      "error.type",
    ],
  },
  "backref.pass": { description: "One pass of a worker", attributes: ["backref.work.count", "error.type"] },
  "backref.links": {
    description: "Links of one source that are worked on together",
    attributes: ["backref.tenant.id", "backref.source.id", "backref.provider", "backref.work.count", "error.type"],
  },
  "backref.link": {
    description: "The reconcile of one link",
    attributes: [
      "backref.tenant.id",
      "backref.source.id",
      "backref.link.id",
      "backref.defect.id",
      "backref.attempt",
      "backref.outcome",
      "error.type",
    ],
  },
  "backref.poll": {
    description: "One turn of a poll scope",
    attributes: ["backref.tenant.id", "backref.source.id", "backref.provider", "backref.outcome", "error.type"],
  },
  "backref.webhook": {
    description: "A delivery that is verified, stored and answered",
    attributes: ["backref.provider", "http.response.status_code", "backref.outcome", "error.type"],
  },
  "backref.delivery": {
    description: "What one source makes of a delivery",
    attributes: [
      "backref.tenant.id",
      "backref.source.id",
      "backref.provider",
      "backref.delivery.id",
      "backref.outcome",
    ],
  },
  "backref.call {operation}": {
    description: "One call of a provider, with all requests it takes",
    attributes: [
      "backref.tenant.id",
      "backref.source.id",
      "backref.provider",
      "backref.operation",
      "backref.request.count",
      "backref.outcome",
      "error.type",
    ],
  },
  "{method}": {
    description: "One request to a tracker, from sending to the head of the answer",
    attributes: [
      "http.request.method",
      "server.address",
      "server.port",
      "http.response.status_code",
      "backref.provider",
      "backref.operation",
      "error.type",
    ],
  },
} as const;

/** Every span there is. `{…}` in a name stands for a word of a closed set. */
export const telemetrySpans: { readonly [Name in keyof typeof spans]: SpanDefinition } = spans;

interface MetricDefinition {
  readonly kind: "counter" | "histogram" | "gauge";
  /** As OpenTelemetry writes it (UCUM). */
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly TelemetryAttribute[];
}

const metrics = {
  "backref.request.duration": {
    kind: "histogram",
    unit: "s",
    description: "Requests to trackers; its count is their number",
    attributes: [
      "backref.provider",
      "backref.operation",
      "backref.outcome",
      "http.request.method",
      "http.response.status_code",
      "error.type",
    ],
  },
  "backref.rate_limit.wait": {
    kind: "histogram",
    unit: "s",
    description: "How long requests waited for room in the tracker's documented limits",
    attributes: ["backref.provider", "backref.operation", "backref.outcome"],
  },
  "backref.tracker.waits": {
    kind: "counter",
    unit: "{wait}",
    description: "Times a tracker asked all of a credential's work to wait",
    attributes: ["backref.provider"],
  },
  "backref.link.duration": {
    kind: "histogram",
    unit: "s",
    description: "Reconciles of links; its count is their number",
    attributes: ["backref.provider", "backref.outcome"],
  },
  "backref.link.retries": {
    kind: "counter",
    unit: "{retry}",
    description: "Reconciles that failed and are tried again by themselves",
    attributes: ["backref.provider", "backref.failure"],
  },
  "backref.conflicts": {
    kind: "counter",
    unit: "{conflict}",
    description: "Fields that both sides had changed",
    attributes: ["backref.field", "backref.winner"],
  },
  "backref.polls": {
    kind: "counter",
    unit: "{poll}",
    description: "Turns of poll scopes",
    attributes: ["backref.provider", "backref.outcome"],
  },
  "backref.deliveries": {
    kind: "counter",
    unit: "{delivery}",
    description: "Webhook deliveries",
    attributes: ["backref.provider", "backref.outcome"],
  },
  "backref.work.due": {
    kind: "gauge",
    unit: "{item}",
    description: "Due work that nobody has taken yet, counted up to 1,000; the same from every process",
    attributes: ["backref.work.kind"],
  },
  "backref.work.oldest_due_age": {
    kind: "gauge",
    unit: "s",
    description: "How long the oldest of it has been due; the same from every process",
    attributes: ["backref.work.kind"],
  },
} as const;

/** One of `telemetryMetrics`. */
export type TelemetryMetric = keyof typeof metrics;

/** Every metric there is. None tells tenants, sources or hosts apart, so that the number of series stays small. */
export const telemetryMetrics: { readonly [Metric in TelemetryMetric]: MetricDefinition } = metrics;
