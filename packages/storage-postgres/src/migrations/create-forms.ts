/** What trackers want to know of new issues, what people gave last, and what goes along with a push: fields and files. */
export const createForms: string = `
CREATE TABLE {schema}.issue_form (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  container text COLLATE "C" NOT NULL,
  issue_type text COLLATE "C" NOT NULL,
  fields jsonb NOT NULL,
  credential_version bigint NOT NULL,
  fetched_at bigint NOT NULL,
  is_outdated boolean NOT NULL,
  CONSTRAINT issue_form_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT issue_form_place UNIQUE (tenant_id, source_id, container, issue_type),
  FOREIGN KEY (tenant_id, source_id) REFERENCES {schema}.source (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX issue_form_by_source ON {schema}.issue_form (tenant_id, source_id, id);

CREATE TABLE {schema}.remembered_fields (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  project_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  fields jsonb NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT remembered_fields_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT remembered_fields_person UNIQUE (tenant_id, source_id, project_id, user_id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES {schema}.source (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX remembered_fields_by_source ON {schema}.remembered_fields (tenant_id, source_id, id);

ALTER TABLE {schema}.target ADD COLUMN missing_fields jsonb;
ALTER TABLE {schema}.link
  ADD COLUMN fields jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN attachments jsonb NOT NULL DEFAULT '[]';
SELECT {schema}.make_table_functions(name, ARRAY[]::text[])
FROM unnest(ARRAY['issue_form', 'remembered_fields', 'target', 'link']) AS name;
-- Claims name every column of a link: made anew, the newer one of them last.
SELECT {schema}.make_claim_functions('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
SELECT {schema}.make_claim_function('link', 'AND w.ended_at IS NULL AND w.paused_at IS NULL');
`;
