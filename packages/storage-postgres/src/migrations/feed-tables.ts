/** What came in, what happened, and who reads of it. These rows outlive what they tell of, so they point at nothing. */
export const feedTables: string = `
CREATE TABLE {schema}.delivery (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  endpoint text COLLATE "C" NOT NULL,
  delivery_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  received_at bigint NOT NULL,
  routed boolean NOT NULL,
  remote_id text COLLATE "C",
  CONSTRAINT delivery_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT delivery_delivery UNIQUE (endpoint, delivery_id)
);
CREATE INDEX delivery_by_unrouted ON {schema}.delivery (tenant_id, source_id, remote_id, routed, id);
CREATE INDEX delivery_by_received_at ON {schema}.delivery (received_at);

CREATE SEQUENCE {schema}.activity_sequence;
CREATE TABLE {schema}.activity (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  at bigint NOT NULL,
  type text NOT NULL,
  actor_id text,
  source_id text COLLATE "C",
  link_id text COLLATE "C",
  defect_id text COLLATE "C",
  reference_id text COLLATE "C",
  data jsonb NOT NULL,
  CONSTRAINT activity_id PRIMARY KEY (tenant_id, id),
  CONSTRAINT activity_sequence_unique UNIQUE (sequence)
);
CREATE INDEX activity_by_all ON {schema}.activity (tenant_id, sequence);
CREATE INDEX activity_by_source ON {schema}.activity (tenant_id, source_id, sequence);
CREATE INDEX activity_by_link ON {schema}.activity (tenant_id, link_id, sequence);
CREATE INDEX activity_by_defect ON {schema}.activity (tenant_id, defect_id, sequence);
CREATE INDEX activity_by_reference ON {schema}.activity (tenant_id, reference_id, sequence);

-- Whose data this is; one row.
CREATE TABLE {schema}.installation (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  id text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE {schema}.consumer (
  name text COLLATE "C" PRIMARY KEY,
  cursor bigint NOT NULL,
  fence bigint NOT NULL,
  owner text NOT NULL,
  lease_until bigint
);
`;
