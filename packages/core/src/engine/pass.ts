import type { ProviderCall } from "../provider/call.ts";
import type { CallOptions } from "../runtime/guarded-fetch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import type { StorageScope } from "../storage/storage.ts";
import type { BulkGuard } from "./bulk-guard.ts";
import type { CommitCombiner } from "./commit-combiner.ts";
import type { Semaphore } from "./semaphore.ts";

/** One worker's turn at the links of one source. */
export interface Pass {
  readonly runtime: Runtime;
  readonly session: SourceSession;
  readonly scope: StorageScope;
  readonly targets: readonly TargetRow[];
  /** The storage's clock, measured from the claim. */
  readonly now: () => number;
  /** What a provider gets for one call. Nothing is sent once the lease may be over. */
  readonly call: (options?: Pick<CallOptions, "isUrgent" | "patienceMs" | "timeoutMs">) => ProviderCall;
  /** How many remote requests of this source run at once. */
  readonly slots: Semaphore;
  readonly commits: CommitCombiner;
  /** How much may come in without a person's yes. */
  readonly guard: BulkGuard;
  /** The account behind the credential, asked for once. */
  readonly account: () => Promise<string | null>;
  /** Makes sure labels exist, once per target. */
  readonly labels: (target: TargetRow, names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}
