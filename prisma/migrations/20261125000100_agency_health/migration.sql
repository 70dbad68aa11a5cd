-- How an agency is, as all processes know it: a row for each connection about which there was something to say.
CREATE TABLE agency_health (
  connection_id text PRIMARY KEY REFERENCES connections,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('available', 'doubted', 'unavailable')),
  cause text CHECK (cause IN ('unreachable', 'maintenance')),
  failures integer NOT NULL,
  since timestamptz(3) NOT NULL,
  until timestamptz(3),
  probes integer NOT NULL,
  probe_at timestamptz(3),
  busy_until timestamptz(3),
  probe_token text,
  probe_until timestamptz(3),
  version integer NOT NULL,
  last_sequence integer NOT NULL
);
CREATE INDEX agency_health_probe_at_idx ON agency_health (probe_at) WHERE probe_at IS NOT NULL;
CREATE INDEX agency_health_org_id_idx ON agency_health (org_id) WHERE probe_at IS NOT NULL;

-- Until when the calls that were let through have used up what the agency allows (GCRA): written for each call where there is a limit.
CREATE TABLE agency_rates (
  connection_id text PRIMARY KEY REFERENCES connections,
  used_until timestamptz NOT NULL
);

-- What waits for an agency, in the order in which it is taken.
CREATE INDEX filings_connection_id_deadline_idx ON filings (connection_id, deadline, next_at) WHERE next_at IS NOT NULL;

-- An event may be about an agency, with numbers and a lane of its own.
ALTER TABLE events ADD COLUMN connection_id text REFERENCES connections, DROP CONSTRAINT events_one_subject,
  ADD CONSTRAINT events_one_subject CHECK (num_nonnulls(exit_id, employee_id, connection_id) = 1);
CREATE UNIQUE INDEX events_connection_id_sequence_key ON events (connection_id, sequence);

-- The expression of a generated column cannot be changed (before PostgreSQL 17): made anew, with the index of the lanes.
ALTER TABLE deliveries ADD COLUMN connection_id text REFERENCES connections, DROP CONSTRAINT deliveries_one_subject, DROP COLUMN subject;
ALTER TABLE deliveries ADD COLUMN subject text GENERATED ALWAYS AS (coalesce(exit_id, employee_id, connection_id)) STORED,
  ADD CONSTRAINT deliveries_one_subject CHECK (num_nonnulls(exit_id, employee_id, connection_id) = 1);
CREATE INDEX deliveries_lane_idx ON deliveries (endpoint_id, subject, sequence) WHERE state = 'pending';
