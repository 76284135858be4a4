/** Sync links and what is kept in step. The defect may be the host's own, so nothing here points at our table of defects. */
export const linkTables: string = `
CREATE TABLE {schema}.link (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  defect_id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  target_id text,
  issue_id text COLLATE "C",
  token text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  active smallint CHECK (active = 1),
  mapping_version bigint NOT NULL,
  attempts bigint NOT NULL,
  failure jsonb,
  seen_version bigint NOT NULL,
  seen_digest text,
  unconfirmed jsonb,
  base jsonb NOT NULL,
  intent jsonb,
  journal jsonb NOT NULL,
  refused jsonb NOT NULL,
  frozen text[] NOT NULL,
  reported jsonb NOT NULL,
  alternations jsonb NOT NULL,
  created_by text,
  created_at bigint NOT NULL,
  synced_at bigint,
  CONSTRAINT link_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT link_token UNIQUE (tenant_id, token),
  CONSTRAINT link_defect_source UNIQUE (tenant_id, defect_id, source_id, active),
  CONSTRAINT link_issue UNIQUE (tenant_id, issue_id, active),
  FOREIGN KEY (tenant_id, issue_id) REFERENCES {schema}.issue (tenant_id, id)
) WITH (fillfactor = 80);
CREATE INDEX link_by_defect ON {schema}.link (tenant_id, defect_id, id);
CREATE INDEX link_by_source ON {schema}.link (tenant_id, source_id, id);
CREATE INDEX link_by_issue_all ON {schema}.link (tenant_id, issue_id, id);

-- What claims, marks and releases write: narrow, so that the link itself is rewritten only when it changes.
CREATE TABLE {schema}.link_work (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  mark bigint NOT NULL,
  due_at bigint,
  lease_owner text,
  lease_until bigint,
  fence bigint NOT NULL,
  ended_at bigint,
  paused_at bigint,
  check_issue boolean NOT NULL,
  check_comments boolean NOT NULL,
  hint_version bigint NOT NULL,
  CONSTRAINT link_work_id PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES {schema}.link (tenant_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX link_work_due ON {schema}.link_work (tenant_id, source_id, due_at, id)
  WHERE due_at IS NOT NULL AND ended_at IS NULL AND paused_at IS NULL;

CREATE TABLE {schema}.poll_scope_work (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  mark bigint NOT NULL,
  due_at bigint,
  lease_owner text,
  lease_until bigint,
  fence bigint NOT NULL,
  CONSTRAINT poll_scope_work_id PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES {schema}.poll_scope (tenant_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX poll_scope_work_due ON {schema}.poll_scope_work (tenant_id, source_id, due_at, id) WHERE due_at IS NOT NULL;

-- When each source was last served, so that they take turns.
CREATE TABLE {schema}.source_turn (
  tenant_id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  turn bigint NOT NULL,
  PRIMARY KEY (tenant_id, source_id, kind)
);

CREATE TABLE {schema}.defect_comment (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  defect_id text COLLATE "C" NOT NULL,
  body text NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('public', 'internal')),
  author_id text,
  author_name text NOT NULL,
  origin_link_id text,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  deleted_at bigint,
  CONSTRAINT defect_comment_id PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, defect_id) REFERENCES {schema}.defect (tenant_id, id)
);
CREATE INDEX defect_comment_by_defect ON {schema}.defect_comment (tenant_id, defect_id, id);

CREATE TABLE {schema}.comment_link (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  link_id text COLLATE "C" NOT NULL,
  comment_id text COLLATE "C",
  remote_id text COLLATE "C",
  token text COLLATE "C" NOT NULL,
  origin text NOT NULL CHECK (origin IN ('host', 'tracker')),
  base jsonb,
  seen_version bigint NOT NULL,
  intent_at bigint,
  sent jsonb NOT NULL,
  missing_since bigint,
  unconfirmed jsonb,
  deleted_at bigint,
  refused text,
  CONSTRAINT comment_link_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT comment_link_token UNIQUE (tenant_id, token),
  CONSTRAINT comment_link_remote_id UNIQUE (tenant_id, link_id, remote_id),
  CONSTRAINT comment_link_comment UNIQUE (tenant_id, link_id, comment_id),
  FOREIGN KEY (tenant_id, link_id) REFERENCES {schema}.link (tenant_id, id)
);
CREATE INDEX comment_link_by_link ON {schema}.comment_link (tenant_id, link_id, id);

CREATE TABLE {schema}.conflict (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  link_id text COLLATE "C" NOT NULL,
  defect_id text COLLATE "C" NOT NULL,
  field text NOT NULL,
  base jsonb,
  local jsonb,
  remote jsonb,
  winner text NOT NULL CHECK (winner IN ('local', 'remote', 'none')),
  at bigint NOT NULL,
  CONSTRAINT conflict_id PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, link_id) REFERENCES {schema}.link (tenant_id, id)
);
CREATE INDEX conflict_by_link ON {schema}.conflict (tenant_id, link_id, id);
CREATE INDEX conflict_by_defect ON {schema}.conflict (tenant_id, defect_id, id);
`;
