import { withDeadline } from "../../issues/with-deadline.ts";
import type { ProviderCall } from "../../provider/call.ts";
import type { SourceSession } from "../../runtime/session.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { askTracker } from "../ask-tracker.ts";
import { requireRunnable } from "../issues/refresh-source.ts";
import type { ServiceContext } from "../service-context.ts";

/** Somebody types: what finds no room within this is told to come later. */
const patienceMs = 1_000;

/**
 * One question of somebody who types. That a search has to wait says nothing about other requests (trackers count searches
 * apart), so nobody else is made to.
 *
 * Rejects with the signal's reason once it is aborted, and otherwise with `BackrefError`s.
 */
export async function askWhileTyping<Answer>(
  { runtime }: ServiceContext,
  source: SourceRow,
  signal: AbortSignal,
  ask: (session: SourceSession, call: ProviderCall) => Promise<Answer>,
): Promise<Answer> {
  const askOnce = async (session: SourceSession): Promise<Answer> => {
    signal.throwIfAborted();
    try {
      return await withDeadline(runtime, (deadline) => {
        const either = AbortSignal.any([deadline.signal, signal]);
        return ask(session, session.call({ ...deadline, signal: either, patienceMs }));
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  };
  signal.throwIfAborted();
  return await askTracker(runtime, requireRunnable(source, "issue.search"), askOnce, { sharesWaits: false });
}
