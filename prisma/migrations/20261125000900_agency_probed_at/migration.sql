ALTER TABLE agency_health ADD COLUMN probed_at timestamptz(3);
