-- Documents of an exit: certificates and lists that were generated, and what was uploaded.

CREATE TABLE documents (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  kind text NOT NULL CHECK (kind IN ('termination_certificate', 'handover_list', 'uploaded')),
  media_type text NOT NULL,
  sha256 text NOT NULL,
  size integer NOT NULL,
  sealed bytea NOT NULL,
  html_sha256 text,
  html_sealed bytea,
  details bytea NOT NULL,
  deliveries jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CHECK ((html_sha256 IS NULL) = (html_sealed IS NULL))
);
CREATE INDEX documents_exit_id_id_idx ON documents (exit_id, id);
