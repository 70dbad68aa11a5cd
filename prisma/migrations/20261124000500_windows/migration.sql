-- When agencies take filings: monthly windows that somebody confirmed, the questions for those that nobody has, and the
-- maintenance of each connection.
CREATE TABLE windows (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  region text NOT NULL,
  insurance text NOT NULL CHECK (insurance IN ('110', '210', '310', '410', '510', '*')),
  month text NOT NULL,
  opens integer NOT NULL,
  closes integer NOT NULL,
  source text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_on date NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CHECK (1 <= opens AND opens <= closes AND closes <= 31)
);
CREATE UNIQUE INDEX windows_org_id_sandbox_region_insurance_month_key ON windows (org_id, sandbox, region, insurance, month);
CREATE INDEX windows_org_id_sandbox_month_idx ON windows (org_id, sandbox, month);

CREATE TABLE window_questions (
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  region text NOT NULL,
  month text NOT NULL,
  exit_id text NOT NULL REFERENCES exits,
  asked_at timestamptz(3) NOT NULL,
  told_at timestamptz(3),
  PRIMARY KEY (org_id, sandbox, region, month)
);

CREATE TABLE maintenances (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  connection_id text NOT NULL REFERENCES connections,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  reason text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CHECK (starts_at < ends_at)
);
CREATE INDEX maintenances_connection_id_ends_at_idx ON maintenances (connection_id, ends_at);

-- The month that a filing carries, where its window has moved it past the exit's own.
ALTER TABLE filings ADD COLUMN month text;
CREATE INDEX filings_held_idx ON filings (org_id, connection_id) WHERE held_since IS NOT NULL;
