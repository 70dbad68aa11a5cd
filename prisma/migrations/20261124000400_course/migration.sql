-- The course of an exit after it was opened: gates with their words and limits, decisions, amendments, cancellation.
ALTER TABLE exits
  ADD COLUMN facts_revision integer NOT NULL DEFAULT 1,
  ADD COLUMN earlier_facts jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN decision_due_at timestamptz(3),
  ADD COLUMN decision_asked_at timestamptz(3),
  ADD COLUMN released_at timestamptz(3),
  ADD COLUMN released_by text,
  ADD COLUMN cancelled_at timestamptz(3);

ALTER TABLE gates
  ADD COLUMN title jsonb NOT NULL DEFAULT '{"en": "", "zh": ""}',
  ADD COLUMN clears jsonb NOT NULL DEFAULT '{"en": "", "zh": ""}',
  ADD COLUMN item jsonb,
  ADD COLUMN documents jsonb,
  ADD COLUMN raised_by text NOT NULL DEFAULT 'dispute',
  ADD COLUMN holds text NOT NULL DEFAULT 'notice_end',
  ADD COLUMN holds_until text,
  ADD COLUMN waived boolean NOT NULL DEFAULT false;

ALTER TABLE filings
  ADD COLUMN facts_revision integer NOT NULL DEFAULT 1,
  ADD COLUMN via text NOT NULL DEFAULT 'submit',
  ADD COLUMN withdrawing jsonb,
  -- Documents that go along, fixed with prepared_at.
  ADD COLUMN attachments text[];

ALTER TABLE organisations
  ADD COLUMN release_policy text NOT NULL DEFAULT 'require_decision',
  ADD COLUMN sandbox_release_policy text NOT NULL DEFAULT 'require_decision';

-- Who is waiting for a decision.
CREATE INDEX exits_decision ON exits (org_id, decision_due_at) WHERE status = 'gated';

-- The facts a document was made of: one of earlier facts certifies what is no longer so.
ALTER TABLE documents ADD COLUMN facts_revision integer NOT NULL DEFAULT 1;
