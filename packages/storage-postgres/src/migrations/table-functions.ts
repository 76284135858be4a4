/**
 * Functions per table, made from the catalogue: they read and write rows as JSON, with the names of columns as keys.
 * A migration that changes a table's columns makes its functions anew.
 */
export const tableFunctions: string = `
-- The storage's clock, milliseconds since 1970 UTC. Leases, due times and blocks count by nothing else.
CREATE FUNCTION {schema}.storage_now() RETURNS bigint LANGUAGE sql VOLATILE AS
$function$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $function$;

-- For people: a time of ours as the database shows times.
CREATE FUNCTION {schema}.as_time(milliseconds bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$function$ SELECT to_timestamp(milliseconds / 1000.0) $function$;

CREATE FUNCTION {schema}.make_table_functions(p_table text, p_kept text[]) RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
  v_all text;
  v_values text;
  v_changes text;
  v_replaced text;
  v_matches text;
BEGIN
  SELECT
    string_agg(quote_ident(name), ', '),
    string_agg('r.' || quote_ident(name), ', '),
    string_agg(format('%1$I = CASE WHEN q.set ? %2$L THEN %3$s ELSE t.%1$I END', name, name, extract), ', ')
      FILTER (WHERE name <> ALL (p_kept || ARRAY['tenant_id', 'id'])),
    string_agg(format('%1$I = excluded.%1$I', name), ', ')
      FILTER (WHERE name <> ALL (p_kept || ARRAY['tenant_id', 'id'])),
    string_agg(format('AND (NOT q.match ? %2$L OR t.%1$I IS NOT DISTINCT FROM (q.match ->> %2$L)::%3$s)', name, name, type), ' ')
      FILTER (WHERE type IN ('text', 'bigint', 'smallint', 'boolean'))
  INTO v_all, v_values, v_changes, v_replaced, v_matches
  FROM (
    SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type,
      CASE format_type(a.atttypid, NULL)
        WHEN 'jsonb' THEN format('nullif(q.set -> %L, ''null''::jsonb)', a.attname)
        WHEN 'text[]' THEN format(
          'CASE jsonb_typeof(q.set -> %1$L) WHEN ''null'' THEN NULL ELSE ARRAY(SELECT jsonb_array_elements_text(q.set -> %1$L)) END',
          a.attname)
        ELSE format('(q.set ->> %L)::%s', a.attname, format_type(a.atttypid, NULL))
      END AS extract
    FROM pg_attribute a
    WHERE a.attrelid = format('{schema}.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
  ) columns;

  -- Locks rows in the order of their ids. Null: some of them are locked by others, and waiting was not asked for.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_ids text[], p_wait boolean) RETURNS text[] LANGUAGE plpgsql AS $body$
    DECLARE
      v_locked text[];
    BEGIN
      IF p_wait THEN
        PERFORM 1 FROM {schema}.%2$I WHERE tenant_id = p_tenant AND id = ANY (p_ids) ORDER BY id FOR NO KEY UPDATE;
        RETURN NULL;
      END IF;
      SELECT array_agg(id) INTO v_locked FROM (
        SELECT id FROM {schema}.%2$I WHERE tenant_id = p_tenant AND id = ANY (p_ids)
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
      ) locked;
      IF cardinality(v_locked) = cardinality(p_ids) THEN
        RETURN NULL;
      END IF;
      -- Those that exist and are not ours are somebody else's for now.
      RETURN (SELECT array_agg(id) FROM {schema}.%2$I
        WHERE tenant_id = p_tenant AND id = ANY (p_ids) AND id <> ALL (coalesce(v_locked, '{}')));
    END $body$ $template$, 'lock_' || p_table, p_table);

  -- The units whose requirement does not hold, each with the requirement's place among those of its unit.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
    BEGIN
      RETURN (SELECT jsonb_agg(jsonb_build_array(q.unit, q.place))
        FROM jsonb_to_recordset(p_rows) AS q(unit integer, place integer, id text, match jsonb)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.%2$I t WHERE t.tenant_id = p_tenant AND t.id = q.id %3$s));
    END $body$ $template$, 'require_' || p_table, p_table, v_matches);

  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $body$
    BEGIN
      INSERT INTO {schema}.%2$I (%3$s) SELECT %4$s FROM jsonb_populate_recordset(NULL::{schema}.%2$I, p_rows) r;
    END $body$ $template$, 'insert_' || p_table, p_table, v_all, v_values);

  -- Inserts what is not there yet, and returns the ids of that.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
    DECLARE
      v_ids jsonb;
    BEGIN
      WITH done AS (
        INSERT INTO {schema}.%2$I (%3$s) SELECT %4$s FROM jsonb_populate_recordset(NULL::{schema}.%2$I, p_rows) r
        ON CONFLICT DO NOTHING RETURNING id
      ) SELECT coalesce(jsonb_agg(id), '[]') INTO v_ids FROM done;
      RETURN v_ids;
    END $body$ $template$, 'insert_missing_' || p_table, p_table, v_all, v_values);

  -- Locks the rows and returns how many of them are as required.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_rows jsonb) RETURNS bigint LANGUAGE plpgsql AS $body$
    BEGIN
      RETURN (SELECT count(*) FROM (
        SELECT 1 FROM jsonb_to_recordset(p_rows) AS q(id text, match jsonb)
        JOIN {schema}.%2$I t ON t.tenant_id = p_tenant AND t.id = q.id
        WHERE true %3$s FOR NO KEY UPDATE OF t) matching);
    END $body$ $template$, 'check_' || p_table, p_table, v_matches);

  -- Changes the named columns of rows that are as required, and returns how many there were.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_rows jsonb) RETURNS bigint LANGUAGE plpgsql AS $body$
    DECLARE
      v_count bigint;
    BEGIN
      UPDATE {schema}.%2$I t SET %3$s FROM jsonb_to_recordset(p_rows) AS q(id text, set jsonb, match jsonb)
      WHERE t.tenant_id = p_tenant AND t.id = q.id AND (q.match IS NULL OR (true %4$s));
      GET DIAGNOSTICS v_count = ROW_COUNT;
      RETURN v_count;
    END $body$ $template$, 'update_' || p_table, p_table, v_changes, v_matches);

  -- The first of these ids that no row has.
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_rows jsonb) RETURNS text LANGUAGE plpgsql AS $body$
    BEGIN
      RETURN (SELECT q.id FROM jsonb_to_recordset(p_rows) AS q(id text)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.%2$I t WHERE t.tenant_id = p_tenant AND t.id = q.id) LIMIT 1);
    END $body$ $template$, 'missing_' || p_table, p_table);

  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $body$
    BEGIN
      INSERT INTO {schema}.%2$I (%3$s) SELECT %4$s FROM jsonb_populate_recordset(NULL::{schema}.%2$I, p_rows) r
      ON CONFLICT (tenant_id, id) DO %5$s;
    END $body$ $template$, 'put_' || p_table, p_table, v_all, v_values,
    coalesce('UPDATE SET ' || v_replaced, 'NOTHING'));

  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_ids text[]) RETURNS void LANGUAGE plpgsql AS $body$
    BEGIN
      DELETE FROM {schema}.%2$I WHERE tenant_id = p_tenant AND id = ANY (p_ids);
    END $body$ $template$, 'delete_' || p_table, p_table);
END $make$;

SELECT {schema}.make_table_functions(name, ARRAY[]::text[])
FROM unnest(ARRAY['source', 'target', 'secret', 'poll_scope', 'budget', 'identity', 'relation', 'issue', 'reference',
  'defect', 'occurrence', 'defect_comment', 'link', 'comment_link', 'conflict', 'delivery']) AS name;
SELECT {schema}.make_table_functions(name, ARRAY['mark', 'due_at', 'lease_owner', 'lease_until', 'fence'])
FROM unnest(ARRAY['link_work', 'poll_scope_work']) AS name;
SELECT {schema}.make_table_functions('activity', ARRAY['sequence']);
`;
