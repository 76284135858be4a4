import { claimedColumns, runnableSources } from "./claim-parts.ts";

/** Claims and the feed: what spans tenants. */
export const systemFunctions: string = `
CREATE FUNCTION {schema}.make_claim_functions(p_table text, p_claimable text) RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
  v_columns text;
  v_runnable text;
BEGIN
${claimedColumns}

${runnableSources}

  -- Leases due rows: of each source that may run as many as asked for, the one that was served longest ago first, until
  -- there is no more room. Answers the claim's moment and the leased rows.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_owner text, p_lease_ms bigint, p_limit bigint, p_per_source bigint)
    RETURNS json LANGUAGE plpgsql {settings} AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
      v_rows json;
    BEGIN
      WITH RECURSIVE %2$s, turns AS MATERIALIZED (
        SELECT runnable.tenant_id, runnable.source_id, row_number() OVER (
          ORDER BY coalesce(t.turn, 0), runnable.tenant_id, runnable.source_id) AS place
        FROM runnable
        LEFT JOIN {schema}.source_turn t ON t.tenant_id = runnable.tenant_id AND t.source_id = runnable.source_id AND t.kind = %6$L
        WHERE runnable.due_at <= v_now AND runnable.opens_at <= v_now
        ORDER BY place
      ), due AS MATERIALIZED (
        SELECT turns.place, turns.tenant_id, turns.source_id, item.id FROM turns, LATERAL (
          SELECT w.id FROM {schema}.%3$I w
          WHERE w.tenant_id = turns.tenant_id AND w.source_id = turns.source_id AND w.due_at <= v_now %4$s
            AND (w.lease_until IS NULL OR w.lease_until <= v_now)
          ORDER BY w.due_at, w.id LIMIT p_per_source FOR NO KEY UPDATE SKIP LOCKED
        ) item LIMIT p_limit
      ), leased AS (
        UPDATE {schema}.%3$I w SET lease_owner = p_owner, lease_until = v_now + p_lease_ms, fence = w.fence + 1
        FROM due WHERE w.tenant_id = due.tenant_id AND w.id = due.id RETURNING w.*, due.place
      ), served AS (
        INSERT INTO {schema}.source_turn AS t (tenant_id, source_id, kind, turn)
        SELECT tenant_id, source_id, %6$L, v_now * 1000 + least(place, 999)
        FROM (SELECT DISTINCT tenant_id, source_id, place FROM due) sources ORDER BY tenant_id, source_id
        ON CONFLICT (tenant_id, source_id, kind) DO UPDATE SET turn = greatest(t.turn + 1, excluded.turn)
      )
      SELECT json_agg(row_to_json(claimed) ORDER BY claimed_place, due_at, id) INTO v_rows FROM (
        SELECT w.place AS claimed_place, w.due_at, w.id, columns AS claimed FROM leased w
        JOIN {schema}.%7$I t ON t.tenant_id = w.tenant_id AND t.id = w.id, LATERAL (SELECT %5$s) columns
      ) rows;
      RETURN json_build_object('now', v_now, 'rows', coalesce(v_rows, '[]'));
    END $body$ $template$, 'claim_' || p_table, v_runnable, p_table || '_work', p_claimable, v_columns, p_table, p_table);

  -- Leases rows by name, due or not.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_ids text[], p_owner text, p_lease_ms bigint, p_limit bigint, p_per_source bigint)
    RETURNS json LANGUAGE plpgsql {settings} AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
      v_free text[];
      v_rows json[];
    BEGIN
      SELECT array_agg(locked.id) INTO v_free FROM (
        SELECT w.id FROM {schema}.%2$I w
        JOIN {schema}.source s ON s.tenant_id = w.tenant_id AND s.id = w.source_id AND s.enabled AND s.health <> 'reconnect-required'
        LEFT JOIN {schema}.budget b ON b.tenant_id = s.tenant_id AND b.id = s.budget_id
        WHERE w.tenant_id = p_tenant AND w.id = ANY (p_ids) %3$s AND coalesce(b.blocked_until, 0) <= v_now
          AND (w.lease_until IS NULL OR w.lease_until <= v_now)
        ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED
      ) locked;
      WITH ranked AS (
          SELECT w.id, array_position(p_ids, w.id) AS place,
            row_number() OVER (PARTITION BY w.source_id ORDER BY array_position(p_ids, w.id)) AS number
          FROM {schema}.%2$I w WHERE w.tenant_id = p_tenant AND w.id = ANY (v_free)
        ), chosen AS (
          SELECT ranked.id, ranked.place FROM ranked WHERE ranked.number <= p_per_source ORDER BY ranked.place LIMIT p_limit
        ), leased AS (
          UPDATE {schema}.%2$I w SET lease_owner = p_owner, lease_until = v_now + p_lease_ms, fence = w.fence + 1
          FROM chosen WHERE w.tenant_id = p_tenant AND w.id = chosen.id RETURNING w.*, chosen.place
        )
        SELECT array_agg(row_to_json(claimed) ORDER BY claimed_place) INTO v_rows FROM (
          SELECT w.place AS claimed_place, columns AS claimed FROM leased w
          JOIN {schema}.%5$I t ON t.tenant_id = w.tenant_id AND t.id = w.id, LATERAL (SELECT %4$s) columns
        ) rows;
      RETURN json_build_object('now', v_now, 'rows', array_to_json(coalesce(v_rows, '{}')));
    END $body$ $template$, 'claim_named_' || p_table, p_table || '_work', p_claimable, v_columns, p_table);

  -- Milliseconds until something can be claimed; null if nothing is in sight.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I() RETURNS bigint LANGUAGE plpgsql {settings} AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
    BEGIN
      RETURN (
        WITH RECURSIVE %2$s
        SELECT CASE WHEN count(*) > 0 THEN greatest(0, min(greatest(runnable.opens_at, item.ready_at)) - v_now) END
        FROM runnable
        -- Rows that nobody holds are ready when they are due, so only held ones that were due before the first of these count.
        LEFT JOIN LATERAL (
          SELECT w.due_at FROM {schema}.%3$I w WHERE w.tenant_id = runnable.tenant_id AND w.source_id = runnable.source_id
            AND w.due_at IS NOT NULL %4$s AND w.lease_until IS NULL ORDER BY w.due_at LIMIT 1
        ) free ON true, LATERAL (
          SELECT least(free.due_at, (
            SELECT min(greatest(w.due_at, w.lease_until)) FROM {schema}.%3$I w
            WHERE w.tenant_id = runnable.tenant_id AND w.source_id = runnable.source_id
              AND w.due_at <= coalesce(free.due_at, 9223372036854775807) %4$s AND w.lease_until IS NOT NULL
          )) AS ready_at
        ) item
        WHERE item.ready_at IS NOT NULL
      );
    END $body$ $template$, 'next_due_' || p_table, v_runnable, p_table || '_work', p_claimable);
END $make$;

SELECT {schema}.make_claim_functions('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
SELECT {schema}.make_claim_functions('poll_scope', '');

-- Activity in order, up to where no writer under way can bring a smaller sequence any more. The locks are looked at first:
-- a writer that ended before that is seen by the second statement, which has a snapshot of its own.
CREATE FUNCTION {schema}.read_activity(p_after bigint, p_limit bigint) RETURNS json LANGUAGE plpgsql VOLATILE AS $body$
DECLARE
  v_mark bigint := {schema}.feed_lock(0) >> 48;
  v_last bigint;
BEGIN
  SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO v_last FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = v_mark
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
  RETURN (SELECT coalesce(json_agg(entry), '[]') FROM (
    SELECT a.tenant_id AS "tenantId", a.id, a.sequence, a.at, a.type, a.actor_id AS "actorId", a.source_id AS "sourceId",
      a.link_id AS "linkId", a.defect_id AS "defectId", a.reference_id AS "referenceId", a.data
    FROM {schema}.activity a WHERE a.sequence > p_after AND (v_last IS NULL OR a.sequence <= v_last)
    ORDER BY a.sequence LIMIT p_limit
  ) entry);
END $body$;

CREATE FUNCTION {schema}.claim_consumer(p_name text, p_owner text, p_lease_ms bigint) RETURNS TABLE (cursor_at bigint, fence_now bigint)
LANGUAGE plpgsql AS $body$
DECLARE
  v_now bigint := {schema}.storage_now();
BEGIN
  RETURN QUERY
    INSERT INTO {schema}.consumer AS c (name, cursor, fence, owner, lease_until) VALUES (p_name, 0, 1, p_owner, v_now + p_lease_ms)
    ON CONFLICT (name) DO UPDATE SET fence = c.fence + 1, owner = p_owner, lease_until = v_now + p_lease_ms
    WHERE c.lease_until IS NULL OR c.lease_until <= v_now
    RETURNING c.cursor, c.fence;
END $body$;
`;
