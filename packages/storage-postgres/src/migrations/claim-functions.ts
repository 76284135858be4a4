import { claimedColumns, runnableSources } from "./claim-parts.ts";

/** Claims of what is due, in two statements: the rows are read after they were leased. */
export const claimFunctions: string = `
CREATE FUNCTION {schema}.make_claim_function(p_table text, p_claimable text) RETURNS void LANGUAGE plpgsql AS $make$
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
      v_leased {schema}.%3$I[];
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
        FROM due WHERE w.tenant_id = due.tenant_id AND w.id = due.id RETURNING w AS work, due.place
      ), served AS (
        INSERT INTO {schema}.source_turn AS t (tenant_id, source_id, kind, turn)
        SELECT tenant_id, source_id, %6$L, v_now * 1000 + least(place, 999)
        FROM (SELECT DISTINCT tenant_id, source_id, place FROM due) sources ORDER BY tenant_id, source_id
        ON CONFLICT (tenant_id, source_id, kind) DO UPDATE SET turn = greatest(t.turn + 1, excluded.turn)
      )
      SELECT array_agg(work ORDER BY place, (work).due_at, (work).id) INTO v_leased FROM leased;

      -- A statement of its own sees what had committed when the rows were leased; the one above does not.
      SELECT json_agg(row_to_json(columns) ORDER BY w.ordinality) INTO v_rows
      FROM unnest(v_leased) WITH ORDINALITY AS w
      JOIN {schema}.%7$I t ON t.tenant_id = w.tenant_id AND t.id = w.id, LATERAL (SELECT %5$s) columns;
      RETURN json_build_object('now', v_now, 'rows', coalesce(v_rows, '[]'));
    END $body$ $template$, 'claim_' || p_table, v_runnable, p_table || '_work', p_claimable, v_columns, p_table, p_table);
END $make$;

SELECT {schema}.make_claim_function('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
SELECT {schema}.make_claim_function('poll_scope', '');
`;
