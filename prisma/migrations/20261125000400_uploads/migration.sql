-- What is filed by uploading the agency's spreadsheet: one file for each connection, employer, kind and month, and the next
-- when it is made. While it is open, its rows are the filings that wait for it; they are written down when it is closed.
CREATE TABLE uploads (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  connection_id text NOT NULL REFERENCES connections,
  kind text NOT NULL,
  month text NOT NULL,
  employer_uscc text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed', 'confirmed', 'discarded')),
  two_person boolean NOT NULL DEFAULT false,
  media_type text,
  file_name text,
  sha256 text,
  size integer,
  sealed bytea,
  people bytea,
  closed_at timestamptz(3),
  downloaded_at timestamptz(3),
  confirmed_at timestamptz(3),
  discarded_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  CHECK (state = 'open' OR sealed IS NOT NULL)
);
CREATE INDEX uploads_org_id_sandbox_id_idx ON uploads (org_id, sandbox, id);
CREATE UNIQUE INDEX uploads_open ON uploads (org_id, sandbox, connection_id, employer_uscc, kind, month) WHERE state = 'open';

CREATE TABLE upload_rows (
  upload_id text NOT NULL REFERENCES uploads,
  "row" integer NOT NULL,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  filing_id text NOT NULL REFERENCES filings,
  serial text NOT NULL,
  facts_revision integer NOT NULL,
  outcome text CHECK (outcome IN ('accepted', 'rejected', 'discarded')),
  receipt text,
  code text,
  settled_at timestamptz(3),
  PRIMARY KEY (upload_id, "row")
);
-- A submission is in one file that counts.
CREATE UNIQUE INDEX upload_rows_standing ON upload_rows (filing_id, serial) WHERE outcome IS DISTINCT FROM 'discarded';

-- What waits for a person is looked through for each list of uploads.
CREATE INDEX filings_manual ON filings (org_id, connection_id) WHERE state = 'manual';
