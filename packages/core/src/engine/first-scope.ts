import type { Runtime } from "../runtime/runtime.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";

/** The scope that does what is done once per source; undefined for a source with none. */
export async function firstScopeOf(
  runtime: Pick<Runtime, "storage">,
  source: { readonly tenantId: string; readonly id: string },
): Promise<PollScopeRow | undefined> {
  const query = { table: "pollScope", by: "source", keys: [[source.id]], limit: 1 } as const;
  const [first] = await runtime.storage.find({ tenantId: source.tenantId }, query);
  return first;
}
