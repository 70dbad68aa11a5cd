-- Counts the changes of a connection: workers open its adapter anew, and who would write over another's change is told.
ALTER TABLE connections ADD COLUMN version integer NOT NULL DEFAULT 1;
