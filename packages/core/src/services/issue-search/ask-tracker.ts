import { failureBehind } from "../../engine/refused-credential.ts";
import { changeHealth } from "../../engine/source-health.ts";
import { ProviderError } from "../../errors/index.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { ProviderCall } from "../../provider/call.ts";
import type { SourceSession } from "../../runtime/session.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { runnable } from "../issues/refresh-source.ts";
import type { ServiceContext } from "../service-context.ts";

/** Somebody types: what finds no room within this is told to come later. */
const patienceMs = 1_000;

/**
 * One question of somebody who waits. A refused credential is renewed once it can be. That a search has to wait says
 * nothing about other requests (trackers count searches apart), so nobody else is made to.
 *
 * Rejects with the signal's reason once it is aborted, and otherwise with `BackrefError`s.
 */
export async function askTracker<Answer>(
  context: ServiceContext,
  asked: SourceRow,
  signal: AbortSignal,
  ask: (session: SourceSession, call: ProviderCall) => Promise<Answer>,
): Promise<Answer> {
  const { runtime } = context;
  let source = asked;
  for (;;) {
    signal.throwIfAborted();
    const session = await runnable(context, source, "issue.search");
    signal.throwIfAborted();
    try {
      return await withDeadline(runtime, (deadline) => {
        const either = AbortSignal.any([deadline.signal, signal]);
        return ask(session, session.call({ ...deadline, signal: either, patienceMs }));
      });
    } catch (error) {
      signal.throwIfAborted();
      const behind = await failureBehind(session, error);
      if ("renewed" in behind) {
        source = behind.renewed;
        continue;
      }
      if (ProviderError.isInstance(behind.error) && behind.error.failure === "auth") {
        await changeHealth(runtime, session.source, "reconnect-required", behind.error.message);
      }
      throw behind.error;
    }
  }
}
