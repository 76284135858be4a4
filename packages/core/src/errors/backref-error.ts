import type { JsonValue } from "../domain/json.ts";
import type { BackrefErrorCode } from "./error-codes.ts";

const marker = Symbol.for("backref.error");

/** One thing that is wrong with an input, and where. */
export interface InputIssue {
  /** Path from the argument's root, for example `["targets", 0, "container"]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * What a `BackrefError` is made of. Only `code` and `message` are required; what is absent is undefined, or empty, in
 * the error.
 */
export interface BackrefErrorOptions {
  readonly code: BackrefErrorCode;
  /** What is wrong, where, and what to do about it. Must not contain secrets. */
  readonly message: string;
  readonly providerId?: string | undefined;
  /** What was being done, for example `issue.create`. */
  readonly operation?: string | undefined;
  /** HTTP status of the tracker's answer. */
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly isRetryable?: boolean | undefined;
  /** Field of the defect or issue that is to blame. */
  readonly field?: string | undefined;
  readonly issues?: readonly InputIssue[] | undefined;
  /** Further facts, for programs. */
  readonly data?: Readonly<Record<string, JsonValue>> | undefined;
  readonly cause?: unknown;
}

/**
 * Base class of every operational error. Programmer mistakes are plain `TypeError`s.
 * @example
 * ```ts
 * import { BackrefError } from "@backref/core";
 *
 * export function statusOf(error: unknown): number {
 *   if (!BackrefError.isInstance(error)) throw error;
 *   if (error.code === "not-found") return 404;
 *   return error.code === "permission-denied" ? 403 : error.isRetryable ? 503 : 400;
 * }
 * ```
 */
export class BackrefError extends Error {
  override readonly name: string = "BackrefError";
  /** To decide by: stable within a major version. */
  readonly code: BackrefErrorCode;
  /** Whose tracker it came from; undefined for what no tracker said. */
  readonly providerId: string | undefined;
  /** What was being done, for example `issue.create`. */
  readonly operation: string | undefined;
  /** HTTP status of the tracker's answer; undefined without one. */
  readonly status: number | undefined;
  /** When to try again, milliseconds from when it was thrown; undefined where nobody says. */
  readonly retryAfterMs: number | undefined;
  /** The same call may succeed later. */
  readonly isRetryable: boolean;
  /** Field of the defect or issue that is to blame; undefined where none is, or nobody says. */
  readonly field: string | undefined;
  /** Of `invalid-input`: everything that is wrong with it. Else empty. */
  readonly issues: readonly InputIssue[];
  /** Further facts, for programs. Never a secret. */
  readonly data: Readonly<Record<string, JsonValue>>;

  constructor(options: BackrefErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.providerId = options.providerId;
    this.operation = options.operation;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.isRetryable = options.isRetryable ?? false;
    this.field = options.field;
    this.issues = options.issues ?? [];
    this.data = options.data ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for errors of any installed copy of Backref; use it instead of `instanceof`. */
  static isInstance(value: unknown): value is BackrefError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }
}
