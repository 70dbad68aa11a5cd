-- An organisation's own time, for its sandbox data alone: so far from real time, or standing still while it is frozen or
-- somebody moves it. What a mover that died leaves behind ends by itself.
ALTER TABLE organisations
  ADD COLUMN test_ahead_ms bigint NOT NULL DEFAULT 0,
  ADD COLUMN test_stands_at timestamptz(3),
  ADD COLUMN test_frozen boolean NOT NULL DEFAULT false,
  ADD COLUMN test_mover text,
  ADD COLUMN test_moving_until timestamptz(3),
  ADD CHECK (test_stands_at IS NOT NULL OR (NOT test_frozen AND test_moving_until IS NULL));
