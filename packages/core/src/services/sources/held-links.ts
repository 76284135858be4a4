import type { SourceRow } from "../../storage/rows/source-rows.ts";
import type { ServiceContext } from "../service-context.ts";

const countedTo = 1_000;

/** How many links wait, by source that holds changes back; counted to 1,000 each. */
export async function heldLinks(
  { runtime, scope }: ServiceContext,
  rows: readonly SourceRow[],
): Promise<ReadonlyMap<string, number>> {
  const held = rows.filter(({ heldSince }) => heldSince !== null);
  const counts = held.map(async ({ id, guardEpoch }) => {
    const keys = [[id, guardEpoch]];
    const links = await runtime.storage.find(scope, { table: "link", by: "held", keys, limit: countedTo });
    return [id, links.filter(({ active }) => active === 1).length] as const;
  });
  return new Map(await Promise.all(counts));
}
