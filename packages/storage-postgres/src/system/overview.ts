import type { StorageOverview } from "@backref/core/storage";
import type { Database } from "../connection/database.ts";
import { schemaVersion } from "../migrations/index.ts";

/**
 * Claimable work: how much, and since when. Sources with due work are found by a loose index scan, one probe each, as for a
 * claim.
 */
function dueWork(schema: string, table: "link_work" | "poll_scope_work", claimable: string): string {
  const first = (after: string) => `SELECT w.tenant_id, w.source_id, w.due_at FROM ${schema}.${table} w
    WHERE w.due_at IS NOT NULL ${claimable} ${after} ORDER BY w.tenant_id, w.source_id, w.due_at LIMIT 1`;
  const ready = (limit: string) => `SELECT w.due_at FROM ${schema}.${table} w, clock
    WHERE w.tenant_id = runnable.tenant_id AND w.source_id = runnable.source_id AND w.due_at <= clock.now ${claimable}
      AND (w.lease_until IS NULL OR w.lease_until <= clock.now) ORDER BY w.due_at LIMIT ${limit}`;
  return `(
    WITH RECURSIVE clock AS (SELECT ${schema}.storage_now() AS now), waiting AS (
      (${first("")})
      UNION ALL
      SELECT next.* FROM waiting, LATERAL (${first("AND (w.tenant_id, w.source_id) > (waiting.tenant_id, waiting.source_id)")}) next
    ), runnable AS MATERIALIZED (
      SELECT waiting.tenant_id, waiting.source_id FROM clock, waiting
      JOIN ${schema}.source s ON s.tenant_id = waiting.tenant_id AND s.id = waiting.source_id
        AND s.enabled AND s.health <> 'reconnect-required'
      LEFT JOIN ${schema}.budget b ON b.tenant_id = s.tenant_id AND b.id = s.budget_id
      WHERE waiting.due_at <= clock.now AND coalesce(b.blocked_until, 0) <= clock.now
    )
    SELECT json_build_object(
      'count', (SELECT count(*) FROM (SELECT 1 FROM runnable, LATERAL (${ready("$1")}) item LIMIT $1) counted),
      'oldestForMs', (SELECT clock.now - min(item.due_at) FROM clock, runnable, LATERAL (${ready("1")}) item GROUP BY clock.now))
  )`;
}

/** Of a schema that is too old to say more. */
function outdated(version: number): StorageOverview {
  const due = { count: 0, oldestForMs: null };
  return {
    schema: { version, expected: schemaVersion },
    installationId: null,
    sources: { disabled: 0, reconnectRequired: 0, degraded: 0, ok: 0 },
    heldSources: 0,
    links: { stopped: 0, retrying: 0, frozen: 0, refused: 0 },
    due: { link: due, pollScope: due },
    lastDeliveryAt: null,
  };
}

/** One statement, however much there is; a schema that lacks what it asks for is asked for its version alone. */
export async function readOverview(database: Database, limit: number): Promise<StorageOverview> {
  try {
    return await readAll(database, limit);
  } catch (error) {
    const statement = `SELECT max(version)::text AS answer FROM ${database.schema}.migration`;
    const version = Number(await database.run("system.overview", statement, []).catch(() => schemaVersion));
    if (version < schemaVersion) return outdated(version);
    throw error;
  }
}

async function readAll(database: Database, limit: number): Promise<StorageOverview> {
  const { schema } = database;
  const statement = `SELECT json_build_object(
    'schema', json_build_object('version', (SELECT max(version) FROM ${schema}.migration), 'expected', ${schemaVersion}),
    'installationId', (SELECT id FROM ${schema}.installation),
    'sources', (
      SELECT json_build_object(
        'disabled', count(*) FILTER (WHERE NOT enabled),
        'reconnectRequired', count(*) FILTER (WHERE enabled AND health = 'reconnect-required'),
        'degraded', count(*) FILTER (WHERE enabled AND health = 'degraded'),
        'ok', greatest(0, (SELECT count(*) FROM (SELECT 1 FROM ${schema}.source LIMIT $1) counted) - count(*)))
      FROM (SELECT enabled, health FROM ${schema}.source WHERE NOT enabled OR health <> 'ok' LIMIT $1) unwell
    ),
    'heldSources', (SELECT count(*) FROM (
      SELECT 1 FROM ${schema}.source WHERE held_since IS NOT NULL AND enabled LIMIT $1) held),
    'links', (
      SELECT json_build_object(
        'stopped', count(*) FILTER (WHERE failure IS NOT NULL AND failure ->> 'retryAt' IS NULL),
        'retrying', count(*) FILTER (WHERE failure ->> 'retryAt' IS NOT NULL),
        'frozen', count(*) FILTER (WHERE failure IS NULL AND frozen <> '{}'),
        'refused', count(*) FILTER (WHERE failure IS NULL AND frozen = '{}'))
      FROM (
        SELECT failure, frozen FROM ${schema}.link
        WHERE active = 1 AND (failure IS NOT NULL OR frozen <> '{}' OR refused <> '[]'::jsonb) LIMIT $1
      ) troubled
    ),
    'due', json_build_object(
      'link', ${dueWork(schema, "link_work", "AND w.ended_at IS NULL AND w.paused_at IS NULL")},
      'pollScope', ${dueWork(schema, "poll_scope_work", "")}),
    'lastDeliveryAt', (SELECT max(received_at) FROM ${schema}.delivery)
  )::text AS answer`;
  return (await database.run("system.overview", statement, [limit])) as StorageOverview;
}
