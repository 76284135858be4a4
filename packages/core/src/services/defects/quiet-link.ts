import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { ServiceContext } from "../service-context.ts";

const quietTriesMost = 100;
const quietTryMs = 50;

/** The link once no worker holds it, for as long as one pass may reasonably take; what it is about to write could be changed. */
export async function quietLink<Found extends LinkRow | undefined>(
  { runtime }: ServiceContext,
  load: () => Promise<Found>,
): Promise<Found> {
  let link = await load();
  for (let tries = 0; (link?.leaseOwner ?? null) !== null && tries < quietTriesMost; tries += 1) {
    await runtime.scheduler.sleep(quietTryMs);
    link = await load();
  }
  return link;
}
