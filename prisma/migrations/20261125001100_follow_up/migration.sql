-- A finding that no run has found: a look-up has, after a callback about a filing that was settled.
ALTER TABLE findings ALTER COLUMN reconciliation_id DROP NOT NULL;
ALTER TABLE findings ADD COLUMN noticed_at timestamptz(3);

-- The exit's version that an attempt was written with: the order of what stands at one moment of a frozen test time.
ALTER TABLE attempts ADD COLUMN version integer;

-- What waits for the answer to a correction is followed to the day that its agency has set, and looked up after it.
WITH asked AS (
  SELECT f.id, f.exit_id, (((f.correction ->> 'due')::date + 1)::timestamp AT TIME ZONE 'UTC') - interval '8 hours' AS ends
  FROM filings f WHERE f.state = 'correction_requested' AND f.correction ->> 'due' ~ '^\d{4}-\d\d-\d\d$'
), followed AS (
  UPDATE filings f SET closes_at = least(f.closes_at, a.ends), next_at = coalesce(f.next_at, a.ends + interval '6 hours')
  FROM asked a WHERE f.id = a.id AND f.withdrawing IS NULL
)
UPDATE exits e SET clocks_next_at = least(e.clocks_next_at, now()) FROM asked a WHERE e.id = a.exit_id;
