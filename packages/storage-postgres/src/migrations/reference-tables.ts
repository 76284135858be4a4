/** Issues as we know them, and the test objects and defects of the host. */
export const referenceTables: string = `
CREATE TABLE {schema}.relation (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  inverse_name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('general', 'defect')),
  enabled boolean NOT NULL,
  projects text[],
  CONSTRAINT relation_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT relation_name UNIQUE (tenant_id, name)
);

CREATE TABLE {schema}.issue (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  remote_id text COLLATE "C",
  canonical_key text COLLATE "C" NOT NULL,
  former_keys text[] NOT NULL,
  container text NOT NULL,
  item text NOT NULL,
  display_key text NOT NULL,
  url text NOT NULL,
  state text NOT NULL CHECK (state IN ('live', 'deleted', 'moved', 'no-access')),
  snapshot jsonb,
  version bigint NOT NULL,
  fetched_at bigint,
  CONSTRAINT issue_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT issue_remote_id UNIQUE (tenant_id, source_id, remote_id),
  CONSTRAINT issue_canonical_key UNIQUE (tenant_id, source_id, canonical_key)
);
CREATE INDEX issue_by_source ON {schema}.issue (tenant_id, source_id, id);

CREATE TABLE {schema}.reference (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  object_type text COLLATE "C" NOT NULL,
  object_id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  relation_id text COLLATE "C" NOT NULL,
  issue_id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  created_by text,
  created_at bigint NOT NULL,
  CONSTRAINT reference_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT reference_link UNIQUE (tenant_id, object_type, object_id, relation_id, issue_id),
  FOREIGN KEY (tenant_id, issue_id) REFERENCES {schema}.issue (tenant_id, id)
);
CREATE INDEX reference_by_object ON {schema}.reference (tenant_id, object_type, object_id, id);
CREATE INDEX reference_by_issue ON {schema}.reference (tenant_id, issue_id, id);
CREATE INDEX reference_by_project ON {schema}.reference (tenant_id, project_id, id);
CREATE INDEX reference_by_source ON {schema}.reference (tenant_id, source_id, id);
CREATE INDEX reference_by_relation ON {schema}.reference (tenant_id, relation_id, id);

CREATE TABLE {schema}.defect (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  status text NOT NULL,
  priority text,
  assignee text,
  revision bigint NOT NULL,
  changed_at jsonb NOT NULL,
  changed_by jsonb NOT NULL,
  created_by text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT defect_id PRIMARY KEY (tenant_id, id)
);
CREATE INDEX defect_by_project ON {schema}.defect (tenant_id, project_id, id);

CREATE TABLE {schema}.occurrence (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  defect_id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  case_id text COLLATE "C" NOT NULL,
  run_id text COLLATE "C",
  result_id text COLLATE "C",
  fingerprint text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  CONSTRAINT occurrence_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT occurrence_result UNIQUE (tenant_id, project_id, result_id),
  FOREIGN KEY (tenant_id, defect_id) REFERENCES {schema}.defect (tenant_id, id)
);
CREATE INDEX occurrence_by_defect ON {schema}.occurrence (tenant_id, defect_id, id);
CREATE INDEX occurrence_by_fingerprint ON {schema}.occurrence (tenant_id, project_id, fingerprint, id);
CREATE INDEX occurrence_by_run ON {schema}.occurrence (tenant_id, project_id, run_id, id);
CREATE INDEX occurrence_by_case ON {schema}.occurrence (tenant_id, project_id, case_id, id);
`;
