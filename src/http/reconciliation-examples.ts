/** Examples of the documentation about reconciliation: synthetic. */
import { ID_PREFIXES, type IdKind } from '../ids.ts';

const exampleId = (kind: IdKind, end: string) => `${ID_PREFIXES[kind]}_01kdq8r4v5e7yb2m9xw3hj6n${end}`;
const AT = '2026-10-26T02:00:00.000Z';

export const reconciliationExample = {
  id: exampleId('reconciliation', 'r1'),
  connection_id: exampleId('connection', 'c1'),
  from: '2026-07-28',
  to: '2026-11-26',
  night: null,
  state: 'complete' as const,
  reason: null,
  counts: { listed: 214, enrolled: 1893, compared: 217, found: 1, opened: 1, resolved: 0 },
  requested_at: AT,
  ended_at: '2026-10-26T02:00:09.000Z',
};

export const findingExample = {
  id: exampleId('finding', 'n1'),
  reconciliation_id: reconciliationExample.id,
  connection_id: exampleId('connection', 'c1'),
  kind: 'still_enrolled' as const,
  filing_kind: 'insurance_stop' as const,
  state: 'open' as const,
  exit_id: exampleId('exit', 'e1'),
  filing_id: exampleId('filing', 'f1'),
  exit_date: '2026-09-30',
  ours: 'verified' as const,
  theirs: 'enrolled' as const,
  receipt: 'AAZ20260930000017',
  since: '2022-03-01',
  person: { name: '张*', id_number: '110***********002X', our_id_number: null },
  opened_at: AT,
  last_seen_at: AT,
  ended_at: null,
  dismissal: null,
};
