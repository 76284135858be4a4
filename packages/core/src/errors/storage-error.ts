import { BackrefError } from "./backref-error.ts";

const marker = Symbol.for("backref.storage-error");

/** What a storage throws when it cannot serve a call. A requirement that does not hold is an outcome, not an error. */
export class StorageError extends BackrefError {
  override readonly name: string = "StorageError";

  constructor(options: {
    readonly code:
      | "storage-unavailable"
      | "storage-conflict"
      | "storage-version"
      | "storage-permission"
      | "transaction-unsupported"
      | "closed";
    readonly message: string;
    readonly operation?: string;
    readonly cause?: unknown;
  }) {
    super({ ...options, isRetryable: options.code === "storage-unavailable" || options.code === "storage-conflict" });
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for storage errors of any installed copy of Backref. */
  static override isInstance(value: unknown): value is StorageError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }
}
