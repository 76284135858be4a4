import { failureBehind } from "../engine/refused-credential.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { openSession, type SourceSession } from "../runtime/session.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";

/**
 * Asks a source's tracker something that a person waits for. Where the credential was refused because it had been replaced
 * or renewed in the meantime, it asks once more with the new one. Throws what `openSession` and the provider do.
 */
export async function askTracker<Answer>(
  runtime: Runtime,
  source: SourceRow,
  ask: (session: SourceSession) => Promise<Answer>,
): Promise<Answer> {
  let asked = source;
  for (;;) {
    const session = await openSession(runtime, asked);
    try {
      return await ask(session);
    } catch (error) {
      const behind = await failureBehind(session, error);
      if ("error" in behind) throw behind.error;
      asked = behind.renewed;
    }
  }
}
