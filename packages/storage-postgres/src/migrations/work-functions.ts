/** Marks, releases and blocks: how work becomes due and ends. */
export const workFunctions: string = `
-- One function per way to name work. Each row of p_rows is one key of one mark; keys of one mark count once per row found.
CREATE FUNCTION {schema}.make_mark_function(p_name text, p_table text, p_condition text) RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
  v_is_link boolean := p_table = 'link';
BEGIN
  EXECUTE format($template$
    CREATE OR REPLACE FUNCTION {schema}.%1$I(p_tenant text, p_now bigint, p_rows jsonb, p_guarded jsonb) RETURNS void LANGUAGE plpgsql AS $body$
    DECLARE
      v_asked jsonb;
    BEGIN
      SELECT jsonb_agg(to_jsonb(asked)) INTO v_asked FROM (
        SELECT l.id, count(DISTINCT (r.unit, r.write)) AS marks, min(r.unit) AS first_unit, max(r.unit) AS last_unit, min(r.after_ms) AS after_ms, bool_or(r.check_issue) AS check_issue,
          bool_or(r.check_comments) AS check_comments, max(r.version) AS version, bool_or(r.reset) AS reset
        FROM jsonb_to_recordset(p_rows) AS r(unit integer, write integer, key jsonb, except_id text, after_ms bigint, check_issue boolean,
          check_comments boolean, version bigint, reset boolean)
        JOIN {schema}.%2$I l ON l.tenant_id = p_tenant AND %3$s
        WHERE r.except_id IS NULL OR l.id <> r.except_id
        GROUP BY l.id
      ) asked;
      IF v_asked IS NULL THEN
        RETURN;
      END IF;
      -- A row that another unit of the wave names as well: the order counts, so the units have to go one by one.
      IF EXISTS (SELECT 1 FROM jsonb_to_recordset(v_asked) AS a(id text, first_unit integer, last_unit integer)
        WHERE p_guarded ? a.id AND ((p_guarded ->> a.id)::integer <> a.first_unit OR (p_guarded ->> a.id)::integer <> a.last_unit)) THEN
        RAISE EXCEPTION USING ERRCODE = 'BR004', MESSAGE = 'A mark meets a row of another unit.';
      END IF;
      PERFORM 1 FROM {schema}.%4$I WHERE tenant_id = p_tenant
        AND id IN (SELECT a.id FROM jsonb_to_recordset(v_asked) AS a(id text)) ORDER BY id FOR NO KEY UPDATE;
      UPDATE {schema}.%4$I w SET mark = w.mark + a.marks, due_at = least(w.due_at, p_now + a.after_ms) %5$s
      FROM jsonb_to_recordset(v_asked) AS a(id text, marks bigint, after_ms bigint, check_issue boolean,
        check_comments boolean, version bigint)
      WHERE w.tenant_id = p_tenant AND w.id = a.id %6$s;
      %7$s
    END $body$ $template$, p_name, p_table, p_condition, p_table || '_work',
    CASE WHEN v_is_link THEN ', check_issue = w.check_issue OR a.check_issue, check_comments = w.check_comments OR a.check_comments,'
      ' hint_version = greatest(w.hint_version, a.version)' ELSE '' END,
    CASE WHEN v_is_link THEN 'AND w.ended_at IS NULL' ELSE '' END,
    CASE WHEN v_is_link THEN format($reset$
      UPDATE {schema}.link l SET attempts = 0, failure = NULL FROM jsonb_to_recordset(v_asked) AS a(id text, reset boolean), {schema}.link_work w
      WHERE a.reset AND l.tenant_id = p_tenant AND l.id = a.id AND w.tenant_id = p_tenant AND w.id = a.id
        AND w.ended_at IS NULL AND (l.attempts <> 0 OR l.failure IS NOT NULL);
    $reset$) ELSE '' END);
END $make$;

SELECT {schema}.make_mark_function('mark_link_' || path, 'link', condition) FROM (VALUES
  ('id', 'l.id = r.key ->> 0'),
  ('token', 'l.token = r.key ->> 0'),
  ('defect_source', 'l.defect_id = r.key ->> 0 AND l.source_id = r.key ->> 1 AND l.active IS NOT DISTINCT FROM (r.key ->> 2)::smallint'),
  ('issue', 'l.issue_id = r.key ->> 0 AND l.active IS NOT DISTINCT FROM (r.key ->> 1)::smallint'),
  ('issue_null', 'l.issue_id IS NULL AND r.key ->> 0 IS NULL AND l.active IS NOT DISTINCT FROM (r.key ->> 1)::smallint'),
  ('defect', 'l.defect_id = r.key ->> 0'),
  ('source', 'l.source_id = r.key ->> 0'),
  ('issue_all', 'l.issue_id = r.key ->> 0'),
  ('issue_all_null', 'l.issue_id IS NULL AND r.key ->> 0 IS NULL')
) AS paths(path, condition);
SELECT {schema}.make_mark_function('mark_poll_scope_' || path, 'poll_scope', condition) FROM (VALUES
  ('id', 'l.id = r.key ->> 0'),
  ('container', 'l.source_id = r.key ->> 0 AND l.container = r.key ->> 1'),
  ('source', 'l.source_id = r.key ->> 0')
) AS paths(path, condition);

-- Ends leases under their fences; what was marked since the claim stays due. Returns how many fences held.
CREATE FUNCTION {schema}.release_link_work(p_tenant text, p_now bigint, p_rows jsonb) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
  v_count bigint;
BEGIN
    UPDATE {schema}.link_work w SET
      lease_owner = NULL,
      lease_until = NULL,
      due_at = CASE WHEN w.mark = r.seen_mark THEN p_now + r.next_after_ms ELSE p_now END,
      check_issue = coalesce((r.set ->> 'check_issue')::boolean, false) OR (w.mark <> r.seen_mark AND w.check_issue),
      check_comments = coalesce((r.set ->> 'check_comments')::boolean, false) OR (w.mark <> r.seen_mark AND w.check_comments),
      hint_version = CASE WHEN r.set ? 'hint_version' THEN (r.set ->> 'hint_version')::bigint ELSE w.hint_version END,
      ended_at = CASE WHEN r.set ? 'ended_at' THEN (r.set ->> 'ended_at')::bigint ELSE w.ended_at END,
      paused_at = CASE WHEN r.set ? 'paused_at' THEN (r.set ->> 'paused_at')::bigint ELSE w.paused_at END,
      source_id = coalesce(r.set ->> 'source_id', w.source_id)
    FROM jsonb_to_recordset(p_rows) AS r(id text, fence bigint, seen_mark bigint, next_after_ms bigint, set jsonb)
    WHERE w.tenant_id = p_tenant AND w.id = r.id AND w.fence = r.fence;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $body$;

CREATE FUNCTION {schema}.release_poll_scope_work(p_tenant text, p_now bigint, p_rows jsonb) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
  v_count bigint;
BEGIN
    UPDATE {schema}.poll_scope_work w SET
      lease_owner = NULL,
      lease_until = NULL,
      due_at = CASE WHEN w.mark = r.seen_mark THEN p_now + r.next_after_ms ELSE p_now END,
      source_id = coalesce(r.set ->> 'source_id', w.source_id)
    FROM jsonb_to_recordset(p_rows) AS r(id text, fence bigint, seen_mark bigint, next_after_ms bigint, set jsonb)
    WHERE w.tenant_id = p_tenant AND w.id = r.id AND w.fence = r.fence;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $body$;

-- Makes budgets wait; never shortens a wait.
CREATE FUNCTION {schema}.block_budget(p_tenant text, p_now bigint, p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO {schema}.budget AS b (tenant_id, id, blocked_until, reason, windows)
  SELECT DISTINCT ON (r.id) p_tenant, r.id, p_now + r.for_ms, r.reason, NULL
  FROM jsonb_to_recordset(p_rows) AS r(id text, for_ms bigint, reason text) ORDER BY r.id, r.for_ms DESC
  ON CONFLICT (tenant_id, id) DO UPDATE SET blocked_until = excluded.blocked_until, reason = excluded.reason
  WHERE b.blocked_until < excluded.blocked_until;
END $body$;
`;
