import { causesOf } from "./causes.ts";

/**
 * Why the transport gave no answer back.
 *
 * - `not-sent`: the caller had given up before the request went out.
 * - `timeout`: no complete answer within the time allowed.
 * - `too-large`: the answer is longer than allowed.
 * - `not-json`: a successful answer of another content type, such as a sign-in page.
 * - `redirect`: the answer points elsewhere and was not followed.
 */
export type TransportFailureKind = "not-sent" | "timeout" | "too-large" | "not-json" | "redirect";

/** What a `TransportFailure` is made of. What is absent is not known. */
export interface TransportFailureOptions {
  readonly kind: TransportFailureKind;
  readonly message: string;
  readonly status?: number | undefined;
  /** Where a redirect points: origin and path, without query. */
  readonly location?: string | undefined;
  readonly cause?: unknown;
}

/** A fact about one request. `classifyFailure` says what it means for the work behind it. */
export class TransportFailure extends Error {
  override readonly name: string = "TransportFailure";
  readonly kind: TransportFailureKind;
  readonly status: number | undefined;
  readonly location: string | undefined;

  constructor(options: TransportFailureOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.status = options.status;
    this.location = options.location;
  }
}

/** The transport failure behind an error that a client may have wrapped; null for none. */
export function findTransportFailure(error: unknown): TransportFailure | null {
  for (const cause of causesOf(error)) {
    if (cause instanceof TransportFailure) return cause;
  }
  return null;
}
