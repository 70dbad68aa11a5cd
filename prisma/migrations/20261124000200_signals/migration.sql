CREATE TABLE employees (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  external_id text NOT NULL,
  wrapped_key bytea,
  profile text NOT NULL,
  warned_level text NOT NULL CHECK (warned_level IN ('low', 'elevated', 'high')),
  warned_codes text[] NOT NULL,
  last_sequence integer NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX employees_org_id_sandbox_external_id_key ON employees (org_id, sandbox, external_id);

CREATE TABLE signals (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  external_id text NOT NULL,
  employee_id text NOT NULL REFERENCES employees,
  kind text NOT NULL,
  occurred_on date NOT NULL,
  amount numeric(14, 2),
  source text NOT NULL CHECK (source IN ('hr', 'compliance', 'audit', 'customer_service', 'training')),
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX signals_org_id_sandbox_external_id_key ON signals (org_id, sandbox, external_id);
CREATE INDEX signals_employee_id_id_idx ON signals (employee_id, id);
CREATE INDEX signals_org_id_sandbox_id_idx ON signals (org_id, sandbox, id);

-- An event is about an exit or, as a warning of risk is, about an employee who may have no exit at all.
ALTER TABLE events ALTER COLUMN exit_id DROP NOT NULL, ADD COLUMN employee_id text REFERENCES employees,
  ADD CONSTRAINT events_one_subject CHECK (num_nonnulls(exit_id, employee_id) = 1);
CREATE UNIQUE INDEX events_employee_id_sequence_key ON events (employee_id, sequence);

-- A lane is (endpoint, subject).
ALTER TABLE deliveries ALTER COLUMN exit_id DROP NOT NULL, ADD COLUMN employee_id text REFERENCES employees,
  ADD COLUMN subject text GENERATED ALWAYS AS (coalesce(exit_id, employee_id)) STORED,
  ADD CONSTRAINT deliveries_one_subject CHECK (num_nonnulls(exit_id, employee_id) = 1);
DROP INDEX deliveries_lane_idx;
CREATE INDEX deliveries_lane_idx ON deliveries (endpoint_id, subject, sequence) WHERE state = 'pending';
