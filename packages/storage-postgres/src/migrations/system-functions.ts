/** Claims and the feed: what spans tenants. */
export const systemFunctions: string = `
CREATE FUNCTION {schema}.make_claim_functions(p_table text, p_claimable text) RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
  v_columns text;
BEGIN
  -- Every column once, under its name in the contract.
  SELECT string_agg(format('%s.%I AS %I', place, name, (
    SELECT string_agg(CASE number WHEN 1 THEN part ELSE initcap(part) END, '' ORDER BY number)
    FROM unnest(string_to_array(name, '_')) WITH ORDINALITY AS parts(part, number))), ', ')
  INTO v_columns FROM (
    SELECT 't' AS place, a.attname::text AS name FROM pg_attribute a
    WHERE a.attrelid = format('{schema}.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'w', a.attname::text FROM pg_attribute a
    WHERE a.attrelid = format('{schema}.%I', p_table || '_work')::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('tenant_id', 'id', 'source_id')
  ) columns;

  -- Sources with work that is due or will be, each with the moment from which it may run. A loose index scan: one probe per
  -- source, however much work it has.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_due_until bigint) RETURNS TABLE (tenant_id text, source_id text, opens_at bigint)
    LANGUAGE plpgsql STABLE AS $body$
    BEGIN
      RETURN QUERY
        WITH RECURSIVE waiting AS (
          (SELECT w.tenant_id, w.source_id, w.due_at FROM {schema}.%2$I w WHERE w.due_at IS NOT NULL %3$s
            ORDER BY w.tenant_id, w.source_id, w.due_at LIMIT 1)
          UNION ALL
          SELECT next.* FROM waiting, LATERAL (
            SELECT w.tenant_id, w.source_id, w.due_at FROM {schema}.%2$I w
            WHERE w.due_at IS NOT NULL %3$s AND (w.tenant_id, w.source_id) > (waiting.tenant_id, waiting.source_id)
            ORDER BY w.tenant_id, w.source_id, w.due_at LIMIT 1
          ) next
        )
        SELECT waiting.tenant_id, waiting.source_id, coalesce(b.blocked_until, 0)
        FROM waiting
        JOIN {schema}.source s ON s.tenant_id = waiting.tenant_id AND s.id = waiting.source_id
          AND s.enabled AND s.health <> 'reconnect-required'
        LEFT JOIN {schema}.budget b ON b.tenant_id = s.tenant_id AND b.id = s.budget_id
        WHERE p_due_until IS NULL OR (waiting.due_at <= p_due_until AND coalesce(b.blocked_until, 0) <= p_due_until);
    END $body$ $template$, 'waiting_' || p_table, p_table || '_work', p_claimable);

  -- The leased rows in their order, with the claim's moment.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenants text[], p_ids text[], p_now bigint) RETURNS json LANGUAGE plpgsql STABLE AS $body$
    BEGIN
      RETURN json_build_object('now', p_now, 'rows', coalesce((
        SELECT json_agg(claimed ORDER BY place) FROM (
          SELECT place, row_to_json(columns) AS claimed
          FROM unnest(p_tenants, p_ids) WITH ORDINALITY AS leased(tenant_id, id, place)
          JOIN {schema}.%2$I t ON t.tenant_id = leased.tenant_id AND t.id = leased.id
          JOIN {schema}.%3$I w ON w.tenant_id = leased.tenant_id AND w.id = leased.id,
          LATERAL (SELECT %4$s) columns
        ) rows), '[]'));
    END $body$ $template$, 'leased_' || p_table, p_table, p_table || '_work', v_columns);

  -- Leases due rows, source by source in turn.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_owner text, p_lease_ms bigint, p_limit bigint, p_per_source bigint)
    RETURNS json LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
      v_tenants text[];
      v_sources text[];
      v_taken bigint[];
      v_left bigint := p_limit;
      v_open integer;
      v_still integer;
      v_share bigint;
      v_want bigint;
      v_count bigint;
      v_ids text[];
      v_leased_tenants text[] := '{}';
      v_leased_ids text[] := '{}';
    BEGIN
      SELECT array_agg(w.tenant_id ORDER BY coalesce(t.turn, 0), w.tenant_id, w.source_id),
        array_agg(w.source_id ORDER BY coalesce(t.turn, 0), w.tenant_id, w.source_id)
      INTO v_tenants, v_sources
      FROM {schema}.%2$I(v_now) w
      LEFT JOIN {schema}.source_turn t ON t.tenant_id = w.tenant_id AND t.source_id = w.source_id AND t.kind = %5$L;
      v_open := coalesce(cardinality(v_tenants), 0);
      v_taken := array_fill(0::bigint, ARRAY[greatest(v_open, 1)]);
      -- Rounds: what is left is shared out evenly among those that may have more, until nobody has or there is no room.
      WHILE v_open > 0 AND v_left > 0 AND p_per_source > 0 LOOP
        v_share := greatest(1, v_left / v_open);
        v_still := 0;
        FOR i IN 1 .. cardinality(v_tenants) LOOP
          EXIT WHEN v_left <= 0;
          CONTINUE WHEN v_taken[i] < 0;
          v_want := least(v_share, v_left, p_per_source - v_taken[i]);
          WITH due AS MATERIALIZED (
            SELECT w.id FROM {schema}.%3$I w
            WHERE w.tenant_id = v_tenants[i] AND w.source_id = v_sources[i] AND w.due_at <= v_now %4$s
              AND (w.lease_until IS NULL OR w.lease_until <= v_now)
            ORDER BY w.due_at, w.id LIMIT v_want FOR NO KEY UPDATE SKIP LOCKED
          ), leased AS (
            UPDATE {schema}.%3$I w SET lease_owner = p_owner, lease_until = v_now + p_lease_ms, fence = w.fence + 1
            FROM due WHERE w.tenant_id = v_tenants[i] AND w.id = due.id RETURNING w.id, w.due_at
          ) SELECT array_agg(leased.id ORDER BY leased.due_at, leased.id) INTO v_ids FROM leased;
          v_count := coalesce(cardinality(v_ids), 0);
          IF v_count > 0 THEN
            v_leased_tenants := v_leased_tenants || array_fill(v_tenants[i], ARRAY[v_count::integer]);
            v_leased_ids := v_leased_ids || v_ids;
          END IF;
          v_left := v_left - v_count;
          IF v_count < v_want OR v_taken[i] + v_count >= p_per_source THEN
            v_taken[i] := CASE WHEN v_taken[i] + v_count > 0 THEN -1 ELSE -2 END;
          ELSE
            v_taken[i] := v_taken[i] + v_count;
            v_still := v_still + 1;
          END IF;
        END LOOP;
        v_open := v_still;
      END LOOP;
      IF cardinality(v_leased_ids) > 0 THEN
        INSERT INTO {schema}.source_turn AS t (tenant_id, source_id, kind, turn)
        SELECT served.tenant_id, served.source_id, %5$L, served.turn FROM (
          SELECT v_tenants[i] AS tenant_id, v_sources[i] AS source_id, nextval('{schema}.turn_number') AS turn
          FROM generate_subscripts(v_tenants, 1) AS i WHERE v_taken[i] > 0 OR v_taken[i] = -1 ORDER BY i
        ) served ORDER BY served.tenant_id, served.source_id
        ON CONFLICT (tenant_id, source_id, kind) DO UPDATE SET turn = excluded.turn;
      END IF;
      RETURN {schema}.%6$I(v_leased_tenants, v_leased_ids, v_now);
    END $body$ $template$, 'claim_' || p_table, 'waiting_' || p_table, p_table || '_work', p_claimable, p_table, 'leased_' || p_table);

  -- Leases rows by name, due or not.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_ids text[], p_owner text, p_lease_ms bigint, p_limit bigint, p_per_source bigint)
    RETURNS json LANGUAGE plpgsql AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
      v_free text[];
      v_ids text[];
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
          FROM chosen WHERE w.tenant_id = p_tenant AND w.id = chosen.id RETURNING w.id, chosen.place
        ) SELECT array_agg(leased.id ORDER BY leased.place) INTO v_ids FROM leased;
      RETURN {schema}.%4$I(array_fill(p_tenant, ARRAY[coalesce(cardinality(v_ids), 0)]), coalesce(v_ids, '{}'), v_now);
    END $body$ $template$, 'claim_named_' || p_table, p_table || '_work', p_claimable, 'leased_' || p_table);

  -- Milliseconds until something can be claimed; null if nothing is in sight.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I() RETURNS bigint LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $body$
    DECLARE
      v_now bigint := {schema}.storage_now();
    BEGIN
      RETURN (
        SELECT CASE WHEN count(*) > 0 THEN greatest(0, min(greatest(source.opens_at, item.ready_at)) - v_now) END
        FROM {schema}.%2$I(NULL) source, LATERAL (
          SELECT least(
            (SELECT w.due_at FROM {schema}.%3$I w WHERE w.tenant_id = source.tenant_id AND w.source_id = source.source_id
              AND w.due_at IS NOT NULL %4$s AND w.lease_until IS NULL ORDER BY w.due_at LIMIT 1),
            (SELECT min(greatest(w.due_at, w.lease_until)) FROM {schema}.%3$I w
              WHERE w.tenant_id = source.tenant_id AND w.source_id = source.source_id
              AND w.due_at IS NOT NULL %4$s AND w.lease_until IS NOT NULL)
          ) AS ready_at
        ) item
        WHERE item.ready_at IS NOT NULL
      );
    END $body$ $template$, 'next_due_' || p_table, 'waiting_' || p_table, p_table || '_work', p_claimable);
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
