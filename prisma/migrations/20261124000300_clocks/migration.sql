-- The clocks of each filing, counted when its exit opened; and when an exit has next something to tell about them.
ALTER TABLE filings ADD COLUMN clocks jsonb NOT NULL DEFAULT '[]', ADD COLUMN closes_at timestamptz(3);
ALTER TABLE exits ADD COLUMN clocks_told_until timestamptz(3), ADD COLUMN clocks_next_at timestamptz(3);
CREATE INDEX exits_clocks_next_at_idx ON exits (clocks_next_at) WHERE clocks_next_at IS NOT NULL;
CREATE INDEX filings_org_id_closes_at_idx ON filings (org_id, closes_at, id) WHERE state NOT IN ('accepted', 'verified', 'withdrawn');
