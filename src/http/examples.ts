/** Examples of the documentation: synthetic, and checked against the schemas by a test. */
import { ID_PREFIXES, type IdKind } from '../ids.ts';

const exampleId = (kind: IdKind, end: string) =>
  `${ID_PREFIXES[kind]}_${`01kdq8r4v5e7yb2m9xw3hj6n${end}`.slice(-26)}`;

const AT = '2026-10-26T02:00:00.000Z';

export const exitDraftExample = {
  external_id: 'HR-2026-0017',
  profile: 'securities',
  reason: 'resignation' as const,
  employer: { name: '某证券有限公司', uscc: '91110105MA001234X4', region: '110000' },
  employee: {
    external_id: 'E-1024',
    name: '张某',
    id_type: 'resident_id' as const,
    id_number: '11010519491231002X',
    post: '投资顾问',
    contract: { type: 'fixed_term' as const, start: '2022-03-01', end: '2027-02-28' },
  },
  notice_date: '2026-10-26',
  last_attendance_date: '2026-11-25',
  exit_date: '2026-11-25',
  disputes: [
    {
      external_id: 'C-88',
      kind: 'customer_complaint' as const,
      summary: '客户李某投诉私下受托交易',
      amount: '200000.00',
    },
  ],
  non_compete: { months: 12, monthly_compensation: '9000.00', competitors: ['91440300708461136T'] },
};

export const filingExample = {
  id: exampleId('filing', 'f1'),
  exit_id: exampleId('exit', 'e1'),
  kind: 'labor_filing' as const,
  agency: 'labor-soap',
  connection_id: exampleId('connection', 'c1'),
  state: 'in_review' as const,
  serial: 'EG-01KDQ8R4V5E7YB2M9XW3HJ6NF1',
  revision: 1,
  receipt: 'BJ-2026-000123',
  attempts: 0,
  next_attempt_at: '2026-11-25T02:15:00.000Z',
  deadline: '2026-12-10',
  held_since: null,
  last_error: null,
  withdrawing: null,
  correction: null,
};

export const deadlineExample = {
  clock: 'labor_filing',
  basis: 'Employment Service and Employment Management Regulations §62',
  starts: '2026-09-16',
  raw: '2026-10-01',
  due: '2026-10-08',
  closes_at: '2026-10-08T16:00:00.000Z',
  uncovered: null,
  filing_id: exampleId('filing', 'f1'),
  exit_id: exampleId('exit', 'e1'),
  external_id: 'HR-2026-0017',
  kind: 'labor_filing' as const,
  state: 'in_review' as const,
  stage: 'ahead' as const,
  days_left: 12,
  other_clocks: [],
};

export const filingWithAttemptsExample = {
  ...filingExample,
  updated_at: AT,
  attempt_log: [
    {
      id: exampleId('attempt', 'a1'),
      step: 'submit',
      outcome: 'pending',
      reason: null,
      started_at: '2026-11-25T02:00:00.000Z',
      ended_at: '2026-11-25T02:00:00.420Z',
      message_hashes: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    },
  ],
};

const blockerExample = {
  gate: 'open_dispute',
  subject: 'C-88',
  owner: 'compliance',
  title: 'An open customer complaint or dispute is not settled',
  item: null,
  clears: 'A settlement agreement, a court decision, or a withdrawn complaint',
  documents: {
    need: 'any' as const,
    kinds: ['settlement_agreement', 'court_decision', 'complaint_withdrawal'],
  },
  holds_until: '2026-11-25',
};

export const exitSummaryExample = {
  id: exampleId('exit', 'e1'),
  external_id: 'HR-2026-0017',
  status: 'gated' as const,
  sandbox: true,
  profile: { name: 'securities', version: '2026-01-01' },
  reason: 'resignation' as const,
  notice_date: '2026-10-26',
  last_attendance_date: '2026-11-25',
  exit_date: '2026-11-25',
  insurance_end_month: '2026-11',
  employer: { name: '某证券有限公司', uscc: '91110105MA001234X4', region: '110000' },
  employee: {
    external_id: 'E-1024',
    name: '张*',
    id_type: 'resident_id' as const,
    id_number: '110***********002X',
    post: '投资顾问',
    contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
  },
  facts_revision: 1,
  blockers: [blockerExample],
  decision: { due_at: '2026-11-25T16:00:00.000Z', required: false },
  released: null,
  cancelled_at: null,
  filings: [{ ...filingExample, state: 'waiting' as const, receipt: null, next_attempt_at: null }],
  created_at: AT,
  updated_at: AT,
};

export const exitExample = {
  ...exitSummaryExample,
  disputes: [
    {
      external_id: 'C-88',
      kind: 'customer_complaint' as const,
      summary: '客户李某投诉私下受托交易',
      amount: '200000.00',
    },
  ],
  handover: [],
  finance_items: [],
  gates: [
    {
      ...blockerExample,
      state: 'open' as const,
      holds: 'notice_end' as const,
      cleared_at: null,
      clearance: null,
    },
  ],
  release: null,
  non_compete: { months: 12, monthly_compensation: '9000.00', competitors: ['91440300708461136T'] },
};

export const eventExample = {
  id: exampleId('event', 'v1'),
  type: 'exit.gated',
  sequence: 2,
  exit_id: exampleId('exit', 'e1'),
  external_id: 'HR-2026-0017',
  occurred_at: AT,
  data: { blockers: [{ gate: 'open_dispute', subject: 'C-88', owner: 'compliance' }] },
};

export const webhookEndpointExample = {
  id: exampleId('endpoint', 'p1'),
  url: 'https://hr.example.com/exitgate',
  description: 'HR core',
  event_types: ['exit.gated' as const, 'exit.completed' as const],
  status: 'active',
  created_at: AT,
};

export const deliveryExample = {
  id: `${exampleId('delivery', 'd1')}nr7rp1`,
  endpoint_id: exampleId('endpoint', 'p1'),
  exit_id: exampleId('exit', 'e1'),
  event_id: exampleId('event', 'v1'),
  sequence: 2,
  state: 'delivered' as const,
  attempts: 1,
  next_attempt_at: null,
  last_status: 204,
  last_error: null,
  log: [{ at: AT, status: 204, error: null, milliseconds: 37 }],
  created_at: AT,
  delivered_at: AT,
};

export const connectionExample = {
  id: exampleId('connection', 'c1'),
  name: 'Labour bureau, Beijing',
  adapter: 'labor-soap',
  kinds: ['labor_filing' as const],
  region: '11',
  employer_uscc: '91110105MA001234X4',
  sandbox: true,
  callback_url: null,
  created_at: AT,
};

export const windowExample = {
  id: exampleId('window', 'w1'),
  region: '1101',
  insurance: '*' as const,
  month: '2026-11',
  opens: 5,
  closes: 20,
  source: '北京市社会保险业务经办日历（2026年11月）',
  confirmed_by: '人事部 赵某',
  confirmed_on: '2026-10-26',
  created_at: AT,
};

export const windowQuestionExample = {
  region: '310000',
  month: '2026-11',
  missing: ['410' as const, '510' as const],
  exit_id: exampleId('exit', 'e1'),
  asked_at: AT,
};

export const maintenanceExample = {
  id: exampleId('maintenance', 'm2'),
  connection_id: exampleId('connection', 'c1'),
  starts_at: '2026-11-27T14:00:00.000Z',
  ends_at: '2026-11-28T22:00:00.000Z',
  reason: '社保信息系统升级',
  created_at: AT,
};

export const documentExample = {
  id: exampleId('document', 'm1'),
  exit_id: exampleId('exit', 'e1'),
  kind: 'termination_certificate' as const,
  facts_revision: 1,
  title: null,
  purpose: null,
  media_type: 'application/pdf',
  size: 42_092,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  html_sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  deliveries: [
    {
      method: 'in_person' as const,
      recipient: null,
      delivered_at: '2026-10-26T01:30:00Z',
      recorded_at: AT,
      note: '本人签收',
    },
  ],
  created_at: AT,
};

/** A page that holds one item and is the last. */
export const pageExample = <Item>(item: Item) => ({ data: [item], has_more: false, next_cursor: null });

const NO_AGENCY = { agency: null, subject: null } as const;

const clockDue = {
  at: '2026-11-11T02:00:30.000Z',
  source: 'filing' as const,
  exit_id: filingExample.exit_id,
  filing_id: filingExample.id,
  kind: 'labor_filing',
  event: null,
  in_hand: false,
  ...NO_AGENCY,
};

export const clockExample = {
  now: AT,
  frozen: false,
  sandboxes: [{ url: 'http://127.0.0.1:4100/s/default', now: AT }],
  due: [clockDue],
};

export const movedExample = {
  ...clockExample,
  now: '2026-11-10T02:00:00.000Z',
  target: '2026-11-10T02:00:00.000Z',
  sandboxes: [{ url: 'http://127.0.0.1:4100/s/default', now: '2026-11-10T02:00:00.000Z' }],
  reached: true,
  events: [
    {
      at: '2026-10-28T02:00:00.000Z',
      source: 'gateway' as const,
      type: 'filing.accepted',
      exit_id: filingExample.exit_id,
      filing_id: filingExample.id,
      event_id: exampleId('event', 'v9'),
      note: null,
      ...NO_AGENCY,
    },
  ],
  more_events: 0,
};
