-- The host's own tables. Whoever writes to them, the host's code, a script or somebody at a prompt: the triggers move a
-- bug's revision and write down that it has changed, in the transaction of the change. Nobody can forget it.

CREATE TABLE bug (
  tenant      text   NOT NULL,
  number      bigint GENERATED ALWAYS AS IDENTITY,
  project     text   NOT NULL,
  title       text   NOT NULL CHECK (title <> ''),
  description text   NOT NULL DEFAULT '',
  state       text   NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'in work', 'done', 'no bug')),
  severity    text   CHECK (severity IN ('S1', 'S2', 'S3')),
  revision    bigint NOT NULL DEFAULT 1,
  -- When each field last changed, and by which of Backref's links: {"title": {"at": 1780000000000, "by": "…"}}
  stamps      jsonb  NOT NULL DEFAULT '{}',
  -- Said by an UPDATE that comes from a link; never kept.
  changing_link text,
  PRIMARY KEY (tenant, number)
);

CREATE TABLE bug_comment (
  tenant      text        NOT NULL,
  number      bigint      GENERATED ALWAYS AS IDENTITY,
  bug_number  bigint      NOT NULL,
  author      text        NOT NULL,
  body        text        NOT NULL,
  is_internal boolean     NOT NULL DEFAULT false,
  -- Backref's key of a comment that came from a tracker; null for one that was written here.
  sync_key    text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  deleted_at  timestamptz,
  PRIMARY KEY (tenant, number),
  UNIQUE (tenant, sync_key),
  FOREIGN KEY (tenant, bug_number) REFERENCES bug (tenant, number) ON DELETE CASCADE
);
CREATE INDEX bug_comment_of_bug ON bug_comment (tenant, bug_number, created_at, number);

-- The last change of each bug, also of those that are deleted. Transactions are numbered when they begin to write and
-- become visible when they commit, so readers stop before the oldest one that is still open.
CREATE TABLE bug_change (
  tenant         text   NOT NULL,
  bug_number     bigint NOT NULL,
  transaction_id xid8   NOT NULL,
  PRIMARY KEY (tenant, bug_number)
);
CREATE INDEX bug_change_in_order ON bug_change (tenant, transaction_id, bug_number);

CREATE FUNCTION bug_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stamp jsonb := jsonb_strip_nulls(jsonb_build_object(
    'at', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'by', NEW.changing_link));
BEGIN
  NEW.revision := OLD.revision + 1;
  IF NEW.title IS DISTINCT FROM OLD.title THEN NEW.stamps := NEW.stamps || jsonb_build_object('title', stamp); END IF;
  IF NEW.description IS DISTINCT FROM OLD.description THEN NEW.stamps := NEW.stamps || jsonb_build_object('description', stamp); END IF;
  IF NEW.state IS DISTINCT FROM OLD.state THEN NEW.stamps := NEW.stamps || jsonb_build_object('status', stamp); END IF;
  IF NEW.severity IS DISTINCT FROM OLD.severity THEN NEW.stamps := NEW.stamps || jsonb_build_object('priority', stamp); END IF;
  NEW.changing_link := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER bug_stamp BEFORE UPDATE ON bug FOR EACH ROW EXECUTE FUNCTION bug_stamp();

CREATE FUNCTION bug_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := coalesce(NEW, OLD);
BEGIN
  INSERT INTO bug_change (tenant, bug_number, transaction_id)
  VALUES (changed.tenant, changed.number, pg_current_xact_id())
  ON CONFLICT (tenant, bug_number) DO UPDATE SET transaction_id = EXCLUDED.transaction_id;
  RETURN NULL;
END $$;
CREATE TRIGGER bug_changed AFTER INSERT OR UPDATE OR DELETE ON bug FOR EACH ROW EXECUTE FUNCTION bug_changed();

-- What happens to a comment happens to its bug.
CREATE FUNCTION bug_comment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := coalesce(NEW, OLD);
BEGIN
  UPDATE bug SET revision = revision WHERE tenant = changed.tenant AND number = changed.bug_number;
  RETURN NULL;
END $$;
CREATE TRIGGER bug_comment_changed AFTER INSERT OR UPDATE OR DELETE ON bug_comment
  FOR EACH ROW EXECUTE FUNCTION bug_comment_changed();
