-- Reconciliation: each comparison of an agency's list and roster with ours, and the differences that it found.
CREATE TABLE reconciliations (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  connection_id text NOT NULL REFERENCES connections,
  period_from text NOT NULL,
  period_to text NOT NULL,
  night text,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'complete', 'incomplete')),
  reason text,
  listed integer,
  enrolled integer,
  compared integer,
  found integer,
  opened integer,
  resolved integer,
  hashes text[] NOT NULL DEFAULT '{}',
  requested_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  lease_token text,
  lease_until timestamptz(3)
);
CREATE UNIQUE INDEX reconciliations_connection_id_night_key ON reconciliations (connection_id, night);
CREATE INDEX reconciliations_org_id_sandbox_id_idx ON reconciliations (org_id, sandbox, id);
CREATE INDEX reconciliations_open_idx ON reconciliations (id) WHERE state IN ('waiting', 'running');

CREATE TABLE findings (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  connection_id text NOT NULL REFERENCES connections,
  reconciliation_id text NOT NULL REFERENCES reconciliations,
  fingerprint bytea NOT NULL,
  number_index bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('filed_elsewhere', 'missing_there', 'state_differs', 'still_enrolled', 'identity_differs')),
  filing_kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'resolved', 'dismissed')),
  exit_id text REFERENCES exits,
  filing_id text REFERENCES filings,
  exit_date text,
  ours text,
  theirs text,
  receipt text,
  since text,
  sealed bytea NOT NULL,
  dismissal bytea,
  opened_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
CREATE UNIQUE INDEX findings_connection_id_fingerprint_key ON findings (connection_id, fingerprint);
CREATE INDEX findings_org_id_sandbox_id_idx ON findings (org_id, sandbox, id);
CREATE INDEX findings_open_idx ON findings (connection_id) WHERE state = 'open';
