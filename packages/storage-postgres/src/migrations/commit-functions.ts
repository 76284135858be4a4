/** Commits: many units in one statement, all that is needed to answer for each of them. */
export const commitFunctions: string = `
-- A key for advisory locks: which schema in the upper 16 bits, a sequence in the lower 48.
CREATE FUNCTION {schema}.feed_lock(p_sequence bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$function$ SELECT ((hashtext('{schema}') & 32767)::bigint << 48) | (p_sequence & 281474976710655) $function$;

-- A writer locks the last sequence it knows before it draws its own, and holds that until its transaction ends. So whoever
-- sees the locks of all writers under way knows below which sequence nothing can appear any more.
CREATE FUNCTION {schema}.append_activity(p_rows jsonb, p_skip boolean) RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
  v_sequences bigint[];
  v_ids jsonb;
BEGIN
  PERFORM pg_advisory_xact_lock_shared({schema}.feed_lock(last_value)) FROM {schema}.activity_sequence;
  SELECT array_agg(nextval('{schema}.activity_sequence')) INTO v_sequences FROM generate_series(1, jsonb_array_length(p_rows));
  IF p_skip THEN
    WITH done AS (
      INSERT INTO {schema}.activity (tenant_id, id, sequence, at, type, actor_id, source_id, link_id, defect_id, reference_id, data)
      SELECT r.tenant_id, r.id, v_sequences[item.place], r.at, r.type, r.actor_id, r.source_id, r.link_id, r.defect_id,
        r.reference_id, r.data
      FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS item(value, place),
        jsonb_populate_record(NULL::{schema}.activity, item.value) AS r
      ON CONFLICT DO NOTHING RETURNING id
    ) SELECT coalesce(jsonb_agg(id), '[]') INTO v_ids FROM done;
    RETURN v_ids;
  END IF;
  INSERT INTO {schema}.activity (tenant_id, id, sequence, at, type, actor_id, source_id, link_id, defect_id, reference_id, data)
  SELECT r.tenant_id, r.id, v_sequences[item.place], r.at, r.type, r.actor_id, r.source_id, r.link_id, r.defect_id,
    r.reference_id, r.data
  FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS item(value, place),
    jsonb_populate_record(NULL::{schema}.activity, item.value) AS r;
  RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION {schema}.insert_activity(p_rows jsonb) RETURNS void LANGUAGE plpgsql AS
$body$ BEGIN PERFORM {schema}.append_activity(p_rows, false); END $body$;

CREATE OR REPLACE FUNCTION {schema}.insert_missing_activity(p_rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS
$body$ BEGIN RETURN {schema}.append_activity(p_rows, true); END $body$;

-- The narrow row follows the wide one, which may have been left out for any of its keys.
CREATE OR REPLACE FUNCTION {schema}.insert_missing_link_work(p_rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO {schema}.link_work SELECT r.* FROM jsonb_populate_recordset(NULL::{schema}.link_work, p_rows) r
  WHERE EXISTS (SELECT 1 FROM {schema}.link l WHERE l.tenant_id = r.tenant_id AND l.id = r.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;
CREATE OR REPLACE FUNCTION {schema}.insert_missing_poll_scope_work(p_rows jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO {schema}.poll_scope_work SELECT r.* FROM jsonb_populate_recordset(NULL::{schema}.poll_scope_work, p_rows) r
  WHERE EXISTS (SELECT 1 FROM {schema}.poll_scope s WHERE s.tenant_id = r.tenant_id AND s.id = r.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION {schema}.put_activity(p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  v_tenant text := p_rows -> 0 ->> 'tenant_id';
  v_known jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(a.id), '[]') INTO v_known FROM {schema}.activity a, jsonb_array_elements(p_rows) AS row
  WHERE a.tenant_id = v_tenant AND a.id = row ->> 'id';
  PERFORM {schema}.update_activity(v_tenant, jsonb_agg(jsonb_build_object('id', row ->> 'id', 'set', row)))
  FROM jsonb_array_elements(p_rows) AS row;
  PERFORM {schema}.append_activity(jsonb_agg(row), false) FROM jsonb_array_elements(p_rows) AS row
  WHERE NOT v_known ? (row ->> 'id') HAVING count(*) > 0;
END $body$;

-- One step: some writes of one kind to one table, each to another row. Fails with BR001 where a row is missing, with BR002
-- where a fence does not hold. Returns the ids that were inserted, where those that exist are skipped.
CREATE FUNCTION {schema}.run_step(p_tenant text, p_now bigint, p_kind text, p_table text, p_rows jsonb, p_guarded jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
  v_ids jsonb;
  v_count bigint;
  v_id text;
BEGIN
  CASE p_kind
  WHEN 'insert', 'put' THEN
    EXECUTE format('SELECT {schema}.%I($1)', p_kind || '_' || p_table) USING p_rows;
  WHEN 'insert_missing' THEN
    EXECUTE format('SELECT {schema}.%I($1)', 'insert_missing_' || p_table) INTO v_ids USING p_rows;
    RETURN v_ids;
  WHEN 'delete' THEN
    EXECUTE format('SELECT {schema}.%I($1, $2)', 'delete_' || p_table)
    USING p_tenant, ARRAY(SELECT jsonb_array_elements_text(p_rows));
  WHEN 'update' THEN
    EXECUTE format('SELECT {schema}.%I($1, $2)', 'update_' || p_table) INTO v_count USING p_tenant, p_rows;
    IF v_count < jsonb_array_length(p_rows) THEN
      EXECUTE format('SELECT {schema}.%I($1, $2)', 'missing_' || p_table) INTO v_id USING p_tenant, p_rows;
      RAISE EXCEPTION USING ERRCODE = 'BR001', MESSAGE = 'A row to update is missing.', DETAIL = jsonb_build_array(p_table, v_id)::text;
    END IF;
  WHEN 'release' THEN
    EXECUTE format('SELECT {schema}.%I($1, $2, $3)', 'release_' || p_table) INTO v_count USING p_tenant, p_now, p_rows;
    IF v_count < jsonb_array_length(p_rows) THEN
      -- Several releases meet here only where the caller does not need to know which.
      RAISE EXCEPTION USING ERRCODE = 'BR002', MESSAGE = 'A fence does not hold.', DETAIL = jsonb_build_array(p_table, p_rows -> 0 ->> 'id')::text;
    END IF;
  WHEN 'mark' THEN
    EXECUTE format('SELECT {schema}.%I($1, $2, $3, $4)', 'mark_' || p_table) USING p_tenant, p_now, p_rows, p_guarded;
  WHEN 'block' THEN
    PERFORM {schema}.block_budget(p_tenant, p_now, p_rows);
  END CASE;
  RETURN NULL;
END $body$;

CREATE FUNCTION {schema}.refuse_isolation() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION USING ERRCODE = 'BR003', MESSAGE = 'REPEATABLE READ transactions see too little of what others commit.';
  END IF;
END $body$;

-- All steps of a wave, in their order.
CREATE FUNCTION {schema}.run_steps(p_tenant text, p_wave jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
  v_now bigint := {schema}.storage_now();
  v_step jsonb;
  v_found jsonb;
  v_inserted jsonb := '[]';
BEGIN
  FOR v_step IN SELECT value FROM jsonb_array_elements(p_wave -> 'steps') LOOP
    v_found := {schema}.run_step(p_tenant, v_now, v_step ->> 0, v_step ->> 1, v_step -> 2, p_wave -> 'guarded');
    IF v_found IS NOT NULL THEN
      v_inserted := v_inserted || jsonb_build_array(v_found);
    END IF;
  END LOOP;
  RETURN jsonb_build_object('inserted', v_inserted);
END $body$;

-- Applies a wave: units that do not touch each other's rows. Nothing is written where the answer has "locked" (rows that
-- others hold) or "unmet" (requirements that do not hold); the caller leaves those units out and asks again.
CREATE FUNCTION {schema}.commit_wave(p_tenant text, p_wave jsonb, p_wait boolean) RETURNS jsonb LANGUAGE plpgsql
SET lock_timeout = '5s' {settings} AS $body$
DECLARE
  v_item jsonb;
  v_locked text[];
  v_found jsonb;
  v_locked_all jsonb := '[]';
  v_unmet jsonb := '[]';
BEGIN
  PERFORM {schema}.refuse_isolation();
  FOR v_item IN SELECT value FROM jsonb_array_elements(p_wave -> 'locks') LOOP
    EXECUTE format('SELECT {schema}.%I($1, $2, $3)', 'lock_' || (v_item ->> 0)) INTO v_locked
    USING p_tenant, ARRAY(SELECT jsonb_array_elements_text(v_item -> 1)), p_wait;
    IF v_locked IS NOT NULL THEN
      v_locked_all := v_locked_all || jsonb_build_array(jsonb_build_array(v_item -> 0, to_jsonb(v_locked)));
    END IF;
  END LOOP;
  IF jsonb_array_length(v_locked_all) > 0 THEN
    RETURN jsonb_build_object('locked', v_locked_all);
  END IF;
  FOR v_item IN SELECT value FROM jsonb_array_elements(p_wave -> 'require') LOOP
    EXECUTE format('SELECT {schema}.%I($1, $2)', 'require_' || (v_item ->> 0)) INTO v_found USING p_tenant, v_item -> 1;
    v_unmet := v_unmet || coalesce(v_found, '[]');
  END LOOP;
  IF jsonb_array_length(v_unmet) > 0 THEN
    RETURN jsonb_build_object('unmet', v_unmet);
  END IF;
  RETURN {schema}.run_steps(p_tenant, p_wave);
END $body$;

-- The short way: what is required is checked where it is written, and anything unexpected fails the statement; the caller
-- then takes the long one. Marks find rows by more than their ids, so with them the rows are locked first.
CREATE FUNCTION {schema}.commit_at_once(p_tenant text, p_wave jsonb) RETURNS jsonb LANGUAGE plpgsql
SET lock_timeout = '100ms' {settings} AS $body$
DECLARE
  v_item jsonb;
  v_count bigint;
BEGIN
  PERFORM {schema}.refuse_isolation();
  FOR v_item IN SELECT value FROM jsonb_array_elements(p_wave -> 'locks') LOOP
    EXECUTE format('SELECT {schema}.%I($1, $2, true)', 'lock_' || (v_item ->> 0))
    USING p_tenant, ARRAY(SELECT jsonb_array_elements_text(v_item -> 1));
  END LOOP;
  FOR v_item IN SELECT value FROM jsonb_array_elements(p_wave -> 'checks') LOOP
    EXECUTE format('SELECT {schema}.%I($1, $2)', 'check_' || (v_item ->> 0)) INTO v_count USING p_tenant, v_item -> 1;
    IF v_count < jsonb_array_length(v_item -> 1) THEN
      RAISE EXCEPTION USING ERRCODE = 'BR005', MESSAGE = 'A requirement does not hold.';
    END IF;
  END LOOP;
  RETURN {schema}.run_steps(p_tenant, p_wave);
END $body$;

-- Applies one unit, waiting for rows that others hold, and answers what made it fail without failing the transaction.
CREATE FUNCTION {schema}.commit_unit(p_tenant text, p_wave jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
  v_state text;
  v_constraint text;
  v_table text;
  v_detail text;
BEGIN
  RETURN {schema}.commit_wave(p_tenant, p_wave, true);
EXCEPTION
  WHEN unique_violation OR foreign_key_violation OR lock_not_available OR SQLSTATE 'BR001' OR SQLSTATE 'BR002' THEN
    GET STACKED DIAGNOSTICS v_state = RETURNED_SQLSTATE, v_constraint = CONSTRAINT_NAME, v_table = TABLE_NAME, v_detail = PG_EXCEPTION_DETAIL;
    RETURN jsonb_build_object('failed', v_state, 'constraint', v_constraint, 'table', v_table, 'detail', v_detail);
END $body$;
`;
