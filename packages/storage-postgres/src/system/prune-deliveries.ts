import type { StorageSystem } from "@backref/core/storage";
import type { Database } from "../connection/database.ts";

/** Old deliveries, then what a source has too many of. What another process is removing is left to it, and not counted. */
export async function pruneDeliveries(
  database: Database,
  { deliveriesBefore, deliveriesPerSource, limit }: Parameters<StorageSystem["prune"]>[0],
): Promise<number> {
  const { schema } = database;
  const remove = async (condition: string, values: readonly number[]) => {
    const statement = `WITH gone AS (
      DELETE FROM ${schema}.delivery WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM ${schema}.delivery WHERE ${condition} ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
      ) RETURNING id
    ) SELECT count(*)::text AS answer FROM gone`;
    return (await database.run("system.prune", statement, values)) as number;
  };
  const old = await remove("received_at < $1", [deliveriesBefore, limit]);
  if (deliveriesPerSource === undefined || old >= limit) return old;
  // Nearly always no source has too many, which one pass over an index tells.
  const crowded = `(tenant_id, id) IN (
    SELECT extra.tenant_id, extra.id
    FROM (SELECT tenant_id, source_id FROM ${schema}.delivery GROUP BY tenant_id, source_id HAVING count(*) > $1) AS source
    CROSS JOIN LATERAL (
      SELECT tenant_id, id FROM ${schema}.delivery AS own
      WHERE own.tenant_id = source.tenant_id AND own.source_id = source.source_id
      ORDER BY received_at DESC, id DESC OFFSET $1
    ) AS extra
  )`;
  return old + (await remove(crowded, [deliveriesPerSource, limit - old]));
}
