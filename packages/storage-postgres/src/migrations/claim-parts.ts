/** Parts of functions that make claims, shared by migrations. They are released, so they stay as they are. */

/** Sets `v_columns`: what a claim answers of a row `t` and its work `w`. */
export const claimedColumns: string = `  -- Every column once, under its name in the contract.
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
  ) columns;`;

/** Sets `v_runnable`: the sources that a claim goes through. */
export const runnableSources: string = `  -- Sources with work that is due or will be, each with the moment from which it may run. A loose index scan: one probe per
  -- source, however much work it has.
  v_runnable := format($cte$
    waiting AS (
      (SELECT w.tenant_id, w.source_id, w.due_at FROM {schema}.%1$I w WHERE w.due_at IS NOT NULL %2$s
        ORDER BY w.tenant_id, w.source_id, w.due_at LIMIT 1)
      UNION ALL
      SELECT next.* FROM waiting, LATERAL (
        SELECT w.tenant_id, w.source_id, w.due_at FROM {schema}.%1$I w
        WHERE w.due_at IS NOT NULL %2$s AND (w.tenant_id, w.source_id) > (waiting.tenant_id, waiting.source_id)
        ORDER BY w.tenant_id, w.source_id, w.due_at LIMIT 1
      ) next
    ), runnable AS (
      SELECT waiting.tenant_id, waiting.source_id, waiting.due_at, coalesce(b.blocked_until, 0) AS opens_at
      FROM waiting
      JOIN {schema}.source s ON s.tenant_id = waiting.tenant_id AND s.id = waiting.source_id
        AND s.enabled AND s.health <> 'reconnect-required'
      LEFT JOIN {schema}.budget b ON b.tenant_id = s.tenant_id AND b.id = s.budget_id
    )$cte$, p_table || '_work', p_claimable);`;
