CREATE TABLE own_gates (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES organisations,
  sandbox boolean NOT NULL,
  code text NOT NULL,
  profiles text[] NOT NULL,
  rule jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX own_gates_org_id_idx ON own_gates (org_id);
-- A code is free again once its gate is deleted.
CREATE UNIQUE INDEX own_gates_org_id_sandbox_code_key ON own_gates (org_id, sandbox, code) WHERE deleted_at IS NULL;
