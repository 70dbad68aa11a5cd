CREATE TABLE installations (
  id integer PRIMARY KEY CHECK (id = 1),
  key_check bytea NOT NULL
);

CREATE TABLE organisations (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  hint text NOT NULL,
  live boolean NOT NULL,
  scopes text[] NOT NULL,
  addresses text[] NOT NULL,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE connections (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  name text NOT NULL,
  adapter text NOT NULL,
  kinds text[] NOT NULL,
  region text NOT NULL,
  employer_uscc text NOT NULL,
  sandbox boolean NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX connections_org_id_idx ON connections (org_id);

CREATE TABLE persons (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  number_index bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX persons_org_id_number_index_key ON persons (org_id, number_index);

CREATE TABLE exits (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  external_id text NOT NULL,
  employee_external_id text NOT NULL,
  person_id text NOT NULL REFERENCES persons,
  sandbox boolean NOT NULL,
  profile text NOT NULL,
  profile_version text NOT NULL,
  status text NOT NULL CHECK (status IN ('gated', 'filing', 'attention', 'completed', 'cancelled')),
  facts jsonb NOT NULL,
  sealed bytea NOT NULL,
  version integer NOT NULL,
  last_sequence integer NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
-- What is tried in the sandbox takes no number from what is real.
CREATE UNIQUE INDEX exits_org_id_sandbox_external_id_key ON exits (org_id, sandbox, external_id);
CREATE INDEX exits_org_id_status_id_idx ON exits (org_id, status, id);

CREATE TABLE gates (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  position integer NOT NULL,
  code text NOT NULL,
  subject text NOT NULL,
  owner text NOT NULL,
  cleared_at timestamptz(3)
);
CREATE INDEX gates_exit_id_idx ON gates (exit_id);

CREATE TABLE filings (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  position integer NOT NULL,
  kind text NOT NULL,
  connection_id text NOT NULL REFERENCES connections,
  adapter text NOT NULL,
  serial text NOT NULL,
  revision integer NOT NULL,
  after text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'due', 'submitted', 'in_review', 'correction_requested', 'accepted',
    'verified', 'rejected', 'unknown', 'manual', 'withdrawn')),
  receipt text,
  attempts integer NOT NULL,
  polls integer NOT NULL,
  next_at timestamptz(3),
  deadline text NOT NULL,
  prepared_at timestamptz(3),
  held_since timestamptz(3),
  last_error text,
  correction jsonb,
  lease_token text,
  lease_until timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX filings_serial_key ON filings (serial);
CREATE INDEX filings_exit_id_idx ON filings (exit_id);
CREATE INDEX filings_org_id_id_idx ON filings (org_id, id);
-- What sweep looks for: rows with a step ahead of them.
CREATE INDEX filings_due_idx ON filings (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE attempts (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  filing_id text NOT NULL REFERENCES filings,
  step text NOT NULL,
  outcome text NOT NULL,
  reason text,
  started_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  hashes text[] NOT NULL,
  sealed bytea
);
CREATE INDEX attempts_filing_id_idx ON attempts (filing_id);

CREATE TABLE events (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  exit_id text NOT NULL REFERENCES exits,
  sequence integer NOT NULL,
  type text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  data jsonb NOT NULL,
  sealed bytea,
  sandbox boolean NOT NULL,
  transaction_id bigint NOT NULL,
  position bigserial NOT NULL
);
CREATE UNIQUE INDEX events_exit_id_sequence_key ON events (exit_id, sequence);
CREATE INDEX events_org_id_transaction_id_position_idx ON events (org_id, transaction_id, position);

CREATE TABLE endpoints (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  url text NOT NULL,
  description text NOT NULL,
  event_types text[] NOT NULL,
  sandbox boolean NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'disabled')),
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX endpoints_org_id_idx ON endpoints (org_id);

CREATE TABLE deliveries (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  endpoint_id text NOT NULL REFERENCES endpoints,
  exit_id text NOT NULL REFERENCES exits,
  event_id text NOT NULL REFERENCES events,
  sequence integer NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'cancelled')),
  attempts integer NOT NULL,
  next_at timestamptz(3),
  lease_token text,
  lease_until timestamptz(3),
  last_status integer,
  last_error text,
  log jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3)
);
CREATE UNIQUE INDEX deliveries_endpoint_id_event_id_key ON deliveries (endpoint_id, event_id);
CREATE INDEX deliveries_org_id_id_idx ON deliveries (org_id, id);
-- The head of a lane: its lowest pending sequence.
CREATE INDEX deliveries_lane_idx ON deliveries (endpoint_id, exit_id, sequence) WHERE state = 'pending';
CREATE INDEX deliveries_due_idx ON deliveries (next_at) WHERE state = 'pending';

CREATE TABLE idempotency_keys (
  org_id text NOT NULL REFERENCES organisations,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status integer,
  sealed bytea,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
