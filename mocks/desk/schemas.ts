// JSON Schemas (2020-12) of the control API: what ajv checks on the way in, and what /openapi.json publishes.
import { DECISIONS } from '../kernel/agency.ts';
import { POLICIES } from '../kernel/clerk.ts';
import { JUMPS } from './time.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const string: Schema = { type: 'string' };
export const nonEmpty: Schema = { type: 'string', minLength: 1, maxLength: 200 };
export const integer = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
export const words = (...values: string[]): Schema => ({ type: 'string', enum: values });
export const duration: Schema = {
  type: 'string',
  pattern: '^P',
  description: 'ISO 8601 duration: P15D, PT2H, PT0.5S',
  'x-zh': 'ISO 8601 时长：P15D、PT2H、PT0.5S',
};
export const instant: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T',
  description: 'ISO 8601 instant with its zone: 2026-11-25T09:00:00Z, 2026-11-25T17:00:00+08:00',
};
export const day: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'day in China Standard Time',
  'x-zh': '日期（北京时间）',
};
export const uscc: Schema = { type: 'string', pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$' };
export const idNumber: Schema = { type: 'string', pattern: '^[0-9A-Z]{5,30}$' };
const anything: Schema = { type: 'object' };

export const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
export const list = (items: Schema): Schema => ({ type: 'array', items });

const ours = words('labor', 'insurance', 'credit', 'insurance-sm2');
export const agency: Schema = {
  oneOf: [ours, { type: 'string', pattern: '^(?!insurance-sm2$)[a-z0-9]+(-[a-z0-9]+)+$' }],
  description: 'one of labor, insurance, credit, insurance-sm2',
};
const decision = words(...DECISIONS);

// in
export const sandboxInput = object({
  name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' },
  seed: nonEmpty,
  start: instant,
  frozen: { type: 'boolean', description: 'true: time stands still from birth on' },
});
export const forkInput = object({
  name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' },
  snapshot: { ...nonEmpty, description: 'default: the state of now' },
});
const dryRun: Schema = { type: 'boolean', description: 'true: tells what would fire, changes nothing' };
export const advanceInput: Schema = {
  type: 'object',
  description: `either by, a duration such as P15D, or to, an instant such as 2026-11-25T09:00:00Z or one of ${JUMPS.join(', ')}`,
  'x-zh': ` by（时长，如 P15D）或 to（时间点，如 2026-11-25T09:00:00Z，或 ${JUMPS.join('、')} 之一）`,
  oneOf: [
    object({ by: duration, dry_run: dryRun }, ['by']),
    object(
      {
        to: { type: 'string', pattern: `^(\\d{4}-\\d{2}-\\d{2}T|(${JUMPS.join('|')})$)` },
        agency: {
          ...agency,
          description: 'whose window, with window-open and window-close; default the first of any',
        },
        margin: { ...duration, description: 'stop that much earlier: PT1S, P1D' },
        dry_run: dryRun,
      },
      ['to'],
    ),
  ],
};
export const participantInput = object({ url: nonEmpty }, ['url']);
export const windowInput = object(
  {
    agency: { ...agency, description: 'default insurance' },
    opens: integer(1, 31),
    closes: integer(1, 31),
    uscc,
  },
  ['opens', 'closes'],
);
export const decisionInput = object(
  {
    decision,
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]{2,39}$' },
    field: nonEmpty,
    reason: nonEmpty,
    due: day,
    by: { ...duration, description: 'with late: how much later it accepts' },
  },
  ['decision'],
);
const step = object(
  {
    decision,
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]{2,39}$' },
    field: nonEmpty,
    reason: nonEmpty,
    due: { ...duration, description: 'from the request to the last day' },
    after: { ...duration, description: 'from receipt to decision' },
  },
  ['decision'],
);
export const clerkInput = object({
  policy: words(...POLICIES),
  delay: duration,
  script: { ...list(step), maxItems: 100, description: 'decisions of the policy scripted, in turn' },
});
const enrolment = object({ state: words('paying', 'paused', 'ended', 'none'), since: day }, [
  'state',
  'since',
]);
const enrolments = object({ 110: enrolment, 210: enrolment, 310: enrolment, 410: enrolment, 510: enrolment });
const employment = object({ state: words('active', 'ended'), since: day, ended_on: day, reason: nonEmpty }, [
  'state',
  'since',
]);
const registration = object({
  number: nonEmpty,
  status: words('registered', 'cancelled', 'none'),
  since: day,
});
export const personInput = object(
  {
    uscc,
    unit_name: nonEmpty,
    id_type: words('resident_id', 'residence_permit', 'foreign_permanent', 'passport'),
    id_number: idNumber,
    name: nonEmpty,
    employment,
    enrolments,
    registration,
  },
  ['uscc', 'id_number', 'name'],
);
export const disputeInput = object({ id_number: idNumber, uscc, open: { type: 'boolean' } }, ['id_number']);
export const unitInput = object({ uscc, name: nonEmpty }, ['uscc', 'name']);
export const identityInput = object({ uscc, name: nonEmpty }, ['uscc', 'name']);
export const csrInput = object(
  {
    csr: {
      type: 'string',
      maxLength: 20_000,
      description: 'PEM; subject CN is the unit, serialNumber its USCC',
    },
    uscc,
    name: nonEmpty,
  },
  ['csr'],
);
export const p12Input = object({ uscc, name: nonEmpty, password: nonEmpty }, ['uscc', 'name']);

// out
export const certificateOut = object({ certificate: string, ca: string }, ['certificate', 'ca']);
export const p12Out = object({ p12: string, password: string }, ['p12', 'password']);
const event = object({
  at: instant,
  agency: string,
  event: string,
  subject: string,
  note: string,
  zh: { ...string, description: 'the note in Chinese; absent: a participant’s own words' },
});
export const sandboxOut = object(
  {
    name: string,
    origin: string,
    now: instant,
    population: string,
    urls: anything,
    admin_token: { ...string, description: 'in public hosting; told once' },
  },
  ['name', 'origin', 'now'],
);
export const snapshotOut = object({ name: string, at: instant }, ['name', 'at']);
export const participantOut = object({ name: string }, ['name']);
export const windowOut = object(
  { agency, opens: integer(1, 31), closes: integer(1, 31), next_opening: instant, next_closing: instant },
  ['agency', 'opens', 'closes'],
);
export const clockOut = object(
  {
    now: instant,
    running: { type: 'boolean' },
    upcoming: list(object({ at: instant, agency, event: string, subject: string })),
    recent: list(event),
  },
  ['now', 'running', 'upcoming', 'recent'],
);
export const advanceOut = object({ now: instant, events: list(event) }, ['now', 'events']);
const policy = object(
  {
    policy: words(...POLICIES),
    delay_ms: { type: 'number' },
    working_days: { type: 'boolean', description: 'delay_ms counts Monday to Friday only' },
    script: list(step),
  },
  ['policy', 'delay_ms'],
);
export const policyOut = policy;
export const clerkOut: Schema = { type: 'object', additionalProperties: policy };
export const caseOut = object(
  {
    agency,
    id: string,
    serial: string,
    receipt: string,
    operation: string,
    unit: string,
    person: string,
    state: string,
    submitted_at: instant,
    updated_at: instant,
    allowed: list(decision),
    fields: { ...list(string), description: 'of the form: what a correction may name' },
    scenario: string,
    rule: string,
    detail: anything,
  },
  ['agency', 'id', 'serial', 'receipt', 'state', 'allowed', 'detail'],
);
const numbers = { type: 'object', additionalProperties: object({ unit: string, person: string }) };
const membership = object({ uscc, employment, enrolments, registration, numbers }, ['uscc', 'employment']);
export const personOut = object(
  { id_type: string, id_number: string, name: string, memberships: list(membership) },
  ['id_number', 'name', 'memberships'],
);
export const unitOut = object(
  { uscc, name: string, numbers: { type: 'object', additionalProperties: string } },
  ['uscc'],
);
export const disputeOut = object({ id_number: string, uscc }, ['id_number']);
export const identityOut = object(
  {
    uscc,
    name: string,
    key: string,
    certificate: string,
    ca: string,
    oauth: object({ client_id: string, client_secret: string }, ['client_id', 'client_secret']),
    sm2: {
      ...object({
        client_id: string,
        private_key: string,
        public_key: string,
        body_key: string,
        agency_public_key: string,
      }),
      description: 'for insurance-sm2: SM2 keys and the SM4 key of the bodies, hex',
    },
  },
  ['key', 'certificate', 'ca', 'oauth', 'sm2'],
);
const exchange = {
  id: string,
  agency,
  at: instant,
  operation: string,
  outcome: string,
  status: { type: 'integer' },
  stages: list(object({ stage: string, ms: { type: 'number' }, note: string }, ['stage', 'ms'])),
  faults: list(string),
  rule: {
    ...string,
    description: 'which rule chose: header, armed …, rule …, magic, profile …, case …, default',
  },
  scenario: string,
  code: { ...string, description: 'of a refusal' },
  error: string,
};
const bytes = { headers: anything, text: string, base64: string };
export const exchangeOut = object(exchange, ['id', 'agency', 'outcome', 'stages']);
export const exchangeDetailOut = object(
  {
    ...exchange,
    armed_faults: { ...list(anything), description: 'the faults that struck, as POST /faults takes them' },
    request: object({ method: string, path: string, ...bytes }, ['method', 'path', 'base64']),
    response: object({ status: { type: 'integer' }, ...bytes }, ['status', 'base64']),
  },
  ['id', 'agency', 'outcome', 'stages', 'request'],
);
export const countOut = object({ count: { type: 'integer' } }, ['count']);
export const problemOut: Schema = {
  type: 'object',
  properties: { type: string, title: string, status: { type: 'integer' }, code: string, detail: string },
  required: ['type', 'title', 'status', 'code', 'detail'],
};
