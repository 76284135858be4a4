/** Configured trackers and what belongs to them. */
export const sourceTables: string = `
CREATE TABLE {schema}.source (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  provider_id text COLLATE "C" NOT NULL,
  base_url text NOT NULL,
  options jsonb,
  account_id text,
  account_name text,
  containers text[],
  projects text[],
  enabled boolean NOT NULL,
  health text NOT NULL CHECK (health IN ('ok', 'degraded', 'reconnect-required')),
  health_reason text,
  health_since bigint NOT NULL,
  budget_id text COLLATE "C" NOT NULL,
  credential_version bigint NOT NULL,
  credential_expires_at bigint,
  mapping jsonb NOT NULL,
  mapping_version bigint NOT NULL,
  endpoint text COLLATE "C" NOT NULL,
  app_scope text COLLATE "C",
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  revision bigint NOT NULL,
  CONSTRAINT source_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT source_endpoint UNIQUE (endpoint)
);
CREATE INDEX source_by_app_scope ON {schema}.source (provider_id, app_scope) WHERE app_scope IS NOT NULL;

CREATE TABLE {schema}.target (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  container text NOT NULL,
  issue_type text,
  defaults jsonb NOT NULL,
  mapping jsonb NOT NULL,
  labels jsonb,
  CONSTRAINT target_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT target_source_project UNIQUE (tenant_id, source_id, project_id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES {schema}.source (tenant_id, id)
);
CREATE INDEX target_by_project ON {schema}.target (tenant_id, project_id, id);

CREATE TABLE {schema}.secret (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL CHECK (name IN ('auth', 'webhook')),
  key_id text NOT NULL,
  envelope text NOT NULL,
  CONSTRAINT secret_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT secret_name UNIQUE (tenant_id, source_id, name)
);

CREATE TABLE {schema}.poll_scope (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  container text COLLATE "C" NOT NULL,
  cursor text,
  start_at bigint NOT NULL,
  last_polled_at bigint,
  failures bigint NOT NULL,
  problem text,
  sweep_cursor text,
  last_swept_at bigint,
  defect_cursor text,
  degraded_by_link_id text,
  CONSTRAINT poll_scope_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT poll_scope_container UNIQUE (tenant_id, source_id, container),
  FOREIGN KEY (tenant_id, source_id) REFERENCES {schema}.source (tenant_id, id)
);

CREATE TABLE {schema}.budget (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  blocked_until bigint NOT NULL,
  reason text NOT NULL,
  windows jsonb,
  CONSTRAINT budget_id PRIMARY KEY (tenant_id, id)
);

CREATE TABLE {schema}.identity (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  remote_user_id text COLLATE "C" NOT NULL,
  host_user_id text COLLATE "C" NOT NULL,
  display_name text NOT NULL,
  CONSTRAINT identity_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT identity_remote UNIQUE (tenant_id, source_id, remote_user_id),
  CONSTRAINT identity_host UNIQUE (tenant_id, source_id, host_user_id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES {schema}.source (tenant_id, id)
);
`;
