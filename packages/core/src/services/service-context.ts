import { type Actor, isSystemActor } from "../domain/actor.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Authoriser } from "../security/authoriser.ts";
import type { StorageScope } from "../storage/storage.ts";

/** What every method of a service works with. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly authoriser: Authoriser;
  readonly actor: Actor;
  readonly scope: StorageScope;
}

/** Who stands in the activity log; null for the system. */
export function actorIdOf(actor: Actor): string | null {
  return isSystemActor(actor) ? null : actor.userId;
}

/** Remote work never joins a host's transaction. @throws TypeError */
export function refuseTransaction(scope: StorageScope, method: string): void {
  if (scope.transaction === undefined) return;
  throw new TypeError(
    `${method} speaks to the tracker and cannot run inside a transaction. Call it on backref.as(actor) without one.`,
  );
}
