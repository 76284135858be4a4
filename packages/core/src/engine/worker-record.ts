import type { Clock } from "../ports/clock.ts";
import { loggedError } from "../runtime/log-event.ts";
import { redactSecrets } from "../security/redact.ts";

/** What this process does about due work. Others may work on the same data. */
export interface WorkerHealth {
  /** `sync.start` is at work in this process. */
  readonly isRunning: boolean;
  /** When a pass of this process last ended well, milliseconds since 1970 UTC; null for none so far. */
  readonly lastPassAt: number | null;
  /** Why its newest pass failed; null where it did not. */
  readonly lastFailure: { readonly at: number; readonly code: string; readonly reason: string } | null;
}

export interface WorkerRecord {
  started(): void;
  stopped(): void;
  passed(): void;
  failed(error: unknown): void;
  health(): WorkerHealth;
}

export function createWorkerRecord(clock: Clock): WorkerRecord {
  let running = 0;
  let lastPassAt: number | null = null;
  let lastFailure: WorkerHealth["lastFailure"] = null;
  return {
    started() {
      running += 1;
    },
    stopped() {
      running -= 1;
    },
    passed() {
      lastPassAt = clock.now();
      lastFailure = null;
    },
    failed(error) {
      const { code, reason } = loggedError(error);
      lastFailure = { at: clock.now(), code, reason: redactSecrets(reason) };
    },
    health: () => ({ isRunning: running > 0, lastPassAt, lastFailure }),
  };
}
