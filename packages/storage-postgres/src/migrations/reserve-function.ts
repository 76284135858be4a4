/** Spending from budgets. `windows` holds, per name, what was spent at nearly the same time: [first at, last at, units]. */
export const reserveFunction: string = `
CREATE FUNCTION {schema}.reserve(p_tenant text, p_budget text, p_windows jsonb, p_items jsonb) RETURNS json LANGUAGE plpgsql
{settings} AS $body$
DECLARE
  v_count integer := jsonb_array_length(p_windows);
  v_now bigint;
  v_stored jsonb;
  v_window jsonb;
  v_item jsonb;
  v_list jsonb;
  v_entry jsonb;
  v_entries jsonb[] := '{}';
  v_used bigint[] := '{}';
  v_sum bigint;
  v_amount bigint;
  v_excess bigint;
  v_wait bigint;
  v_waits bigint[] := '{}';
BEGIN
  PERFORM {schema}.refuse_isolation();
  INSERT INTO {schema}.budget (tenant_id, id, blocked_until, reason, windows) VALUES (p_tenant, p_budget, 0, '', NULL)
  ON CONFLICT DO NOTHING;
  SELECT windows INTO v_stored FROM {schema}.budget WHERE tenant_id = p_tenant AND id = p_budget FOR NO KEY UPDATE;
  -- Read while the row is ours, so that moments stand in the order of the grants.
  v_now := {schema}.storage_now();

  FOR v_place IN 1 .. v_count LOOP
    v_window := p_windows -> (v_place - 1);
    v_list := v_stored -> (v_window ->> 'name');
    SELECT coalesce(jsonb_agg(value ORDER BY place), '[]'), coalesce(sum((value ->> 2)::bigint), 0) INTO v_list, v_sum
    FROM jsonb_array_elements(CASE jsonb_typeof(v_list) WHEN 'array' THEN v_list ELSE '[]' END) WITH ORDINALITY AS entry(value, place)
    WHERE (value ->> 1)::bigint + (v_window ->> 'windowMs')::bigint > v_now;
    v_entries[v_place] := v_list;
    v_used[v_place] := v_sum;
  END LOOP;

  FOR v_item IN SELECT value FROM jsonb_array_elements(p_items) LOOP
    v_wait := 0;
    FOR v_place IN 1 .. v_count LOOP
      v_window := p_windows -> (v_place - 1);
      v_amount := coalesce((v_item -> 'amounts' ->> (v_place - 1))::bigint, 0);
      CONTINUE WHEN v_amount = 0;
      -- An amount above the limit fits an empty window.
      v_excess := v_used[v_place] + v_amount
        - greatest(floor((v_window ->> 'limit')::float8 * (v_item ->> 'share')::float8)::bigint, v_amount);
      CONTINUE WHEN v_excess <= 0;
      FOR v_entry IN SELECT value FROM jsonb_array_elements(v_entries[v_place]) LOOP
        v_excess := v_excess - (v_entry ->> 2)::bigint;
        IF v_excess <= 0 THEN
          v_wait := greatest(v_wait, 1, (v_entry ->> 1)::bigint + (v_window ->> 'windowMs')::bigint - v_now);
          EXIT;
        END IF;
      END LOOP;
    END LOOP;
    v_waits := v_waits || v_wait;
    CONTINUE WHEN v_wait > 0;
    FOR v_place IN 1 .. v_count LOOP
      v_amount := coalesce((v_item -> 'amounts' ->> (v_place - 1))::bigint, 0);
      CONTINUE WHEN v_amount = 0;
      v_window := p_windows -> (v_place - 1);
      v_used[v_place] := v_used[v_place] + v_amount;
      v_entry := v_entries[v_place] -> -1;
      -- Entries stand for a hundredth of the window, so that the row stays small; one is given back when its last unit is.
      IF v_entry IS NOT NULL AND (v_now - (v_entry ->> 0)::bigint) * 100 < (v_window ->> 'windowMs')::bigint THEN
        v_entries[v_place] := (v_entries[v_place] - -1) || jsonb_build_array(jsonb_build_array(
          v_entry -> 0, greatest(v_now, (v_entry ->> 1)::bigint), (v_entry ->> 2)::bigint + v_amount));
      ELSE
        v_entries[v_place] := v_entries[v_place] || jsonb_build_array(jsonb_build_array(v_now, v_now, v_amount));
      END IF;
    END LOOP;
  END LOOP;

  v_stored := '{}';
  FOR v_place IN 1 .. v_count LOOP
    v_stored := v_stored || jsonb_build_object(p_windows -> (v_place - 1) ->> 'name', v_entries[v_place]);
  END LOOP;
  UPDATE {schema}.budget SET windows = v_stored WHERE tenant_id = p_tenant AND id = p_budget;
  RETURN json_build_object('waits', to_json(v_waits));
END $body$;
`;
