-- What agencies tell of their own accord, their code tables, and the serial under which they have what is amended.
ALTER TABLE filings
  ADD COLUMN previous_serial text,
  -- How often its agency has said that something happened to it.
  ADD COLUMN news integer NOT NULL DEFAULT 0;

-- A callback may name a filing by the agency's number alone.
CREATE INDEX filings_receipt ON filings (org_id, receipt) WHERE receipt IS NOT NULL;

-- The same callback again is acknowledged and does nothing. Its message lies with the attempts of the filings it names.
CREATE TABLE callbacks (
  connection_id text NOT NULL,
  foreign_id    text NOT NULL,
  org_id        text NOT NULL REFERENCES organisations,
  sent_at       timestamptz(3) NOT NULL,
  received_at   timestamptz(3) NOT NULL,
  -- Empty while its news has not reached every filing: then the same one again goes on with it.
  done_at       timestamptz(3),
  sha256        text NOT NULL,
  PRIMARY KEY (connection_id, foreign_id)
);
CREATE INDEX callbacks_received ON callbacks (received_at);

-- Each version of a table that was ever seen: what was filed by one is sent again by it.
CREATE TABLE code_tables (
  connection_id text NOT NULL,
  name          text NOT NULL,
  version       text NOT NULL,
  org_id        text NOT NULL REFERENCES organisations,
  entries       jsonb NOT NULL,
  -- From when on it is used, by the organisation's time; when the agency last showed it, by real time.
  since         timestamptz(3) NOT NULL,
  fetched_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (connection_id, name, version)
);
