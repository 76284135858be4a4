/** Changes that wait for a yes. Nothing waits, and nobody was asked: as before. */
export const bulkGuard: string = `
ALTER TABLE {schema}.source
  ADD COLUMN bulk_guard_changes bigint,
  ADD COLUMN held_since bigint,
  ADD COLUMN held_reason text,
  ADD COLUMN guard_epoch bigint NOT NULL DEFAULT 0,
  ADD COLUMN guard_answers text[] NOT NULL DEFAULT '{}';
CREATE INDEX source_held ON {schema}.source (tenant_id, id) WHERE held_since IS NOT NULL;
ALTER TABLE {schema}.link ADD COLUMN held_epoch bigint;
CREATE INDEX link_by_held ON {schema}.link (tenant_id, source_id, held_epoch, id);
SELECT {schema}.make_table_functions(name, ARRAY[]::text[]) FROM unnest(ARRAY['source', 'link']) AS name;
SELECT {schema}.make_mark_function('mark_link_held', 'link',
  'l.source_id = r.key ->> 0 AND l.held_epoch IS NOT DISTINCT FROM (r.key ->> 1)::bigint');
-- Claims name every column of a link: made anew, the newer one of them last.
SELECT {schema}.make_claim_functions('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
SELECT {schema}.make_claim_function('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
`;
