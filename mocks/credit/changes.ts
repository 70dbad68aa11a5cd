// A registration change from receipt to conclusion: submit, amend, withdraw, and the clerk's steps on the sandbox clock.
import { createHash } from 'node:crypto';
import { type CaseView, type Decision, type Plan, Refusal, type Room } from '../kernel/agency.ts';
import { compactDay } from '../kernel/time.ts';
import { memberOf, type Practitioner } from './queries.ts';
import type { Answer, Request } from './route.ts';

export type State =
  | 'received'
  | 'in_review'
  | 'correction_requested'
  | 'concluded'
  | 'rejected'
  | 'withdrawn';

/** As the contract has it, after validation. */
interface Content {
  readonly serial: string;
  readonly unit_uscc: string;
  readonly practitioner: Practitioner;
  readonly effective_date: string;
  readonly reason: string;
}

interface Case {
  readonly receipt: string;
  readonly unit: string;
  /** Serials of the submission and its amendments, oldest first. */
  readonly serials: readonly string[];
  readonly content: Content;
  readonly state: State;
  readonly plan: Plan;
  /** Counts submission and amendments: a timer of an older round is void. */
  readonly round: number;
  readonly submittedAt: string;
  readonly updatedAt: string;
  readonly code?: string;
  readonly message?: string;
  readonly correction?: { readonly field: string; readonly reason: string; readonly due: string };
}

const OPEN: readonly State[] = ['received', 'in_review', 'correction_requested'];
const table = (room: Room) => room.store.table<Case>('credit.cases');
/** Every serial ever taken: which case it belongs to, and what "the same content" is. */
const serials = (room: Room) => room.store.table<{ receipt: string; hash: string }>('credit.serials');
const conflict = (code: string, message: string) => new Refusal(code, message, { status: 409 });

function find(unit: string, serial: string, room: Room): Case | undefined {
  const receipt = serials(room).get(`${unit} ${serial}`)?.receipt;
  return receipt === undefined ? undefined : table(room).get(receipt);
}

function requireCase(request: Request, room: Room): Case {
  const found = find(request.unit, request.serial, room);
  if (!found) throw new Refusal('NOT_FOUND', 'This unit never sent that serial', { status: 404 });
  return found;
}

export function submit(request: Request, room: Room): Answer {
  const content = request.body as Content;
  const hash = hashOf('submit', content);
  const again = duplicate(request.unit, content.serial, hash, room);
  if (again) return again;
  requireCancellable(request, content, undefined, room);
  const now = room.now();
  const fresh: Case = {
    receipt: `CRD-${compactDay(now)}-${String(room.store.next('credit.cases')).padStart(6, '0')}`,
    unit: request.unit,
    serials: [content.serial],
    content,
    state: 'received',
    plan: room.plan(request.operation),
    round: 1,
    submittedAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  take(fresh, hash, room);
  if (fresh.plan.decision) later(fresh, 'change.review', fresh.plan.delayMs / 2, room);
  return received(fresh);
}

export function amend(request: Request, room: Room): Answer {
  const before = requireCase(request, room);
  const content = request.body as Content;
  const hash = hashOf(`amend ${before.receipt}`, content);
  const again = duplicate(request.unit, content.serial, hash, room);
  if (again) return again;
  if (before.state !== 'correction_requested')
    throw conflict('NO_CORRECTION_OPEN', `The case is ${before.state}; no correction is asked for`);
  requireCancellable(request, content, before.receipt, room);
  const { correction: _settled, code: _code, message: _message, ...rest } = before;
  const after: Case = {
    ...rest,
    serials: [...before.serials, content.serial],
    content,
    state: 'in_review',
    plan: room.plan(request.operation),
    round: before.round + 1,
    updatedAt: room.now().toISOString(),
  };
  take(after, hash, room);
  return received(after);
}

/** Stores the case under its newest serial and starts the clerk's clock. */
function take(fresh: Case, hash: string, room: Room): void {
  table(room).put(fresh.receipt, fresh);
  serials(room).put(`${fresh.unit} ${fresh.serials.at(-1)}`, { receipt: fresh.receipt, hash });
  if (fresh.plan.decision) later(fresh, 'change.decide', fresh.plan.delayMs, room);
}

const later = (subject: Case, event: string, delayMs: number, room: Room) =>
  room.schedule(
    new Date(room.now().getTime() + Math.floor(delayMs)),
    event,
    `${subject.receipt} ${subject.round}`,
  );

const received = ({ receipt, state }: Case): Answer => ({ status: 202, body: { receipt, state } });

function duplicate(unit: string, serial: string, hash: string, room: Room): Answer | undefined {
  const known = serials(room).get(`${unit} ${serial}`);
  if (!known) return undefined;
  const found = table(room).get(known.receipt);
  if (known.hash !== hash || !found)
    throw conflict('SERIAL_REUSED', 'This serial was used with other content');
  return { status: 200, body: { code: 'DUPLICATE', receipt: found.receipt, state: found.state } };
}

/** Member order aside, which JSON does not give a meaning. */
function hashOf(use: string, content: Content): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, sorted(inner)]),
    );
  };
  return createHash('sha256')
    .update(`${use} ${JSON.stringify(sorted(content))}`)
    .digest('hex');
}

function requireCancellable(request: Request, content: Content, own: string | undefined, room: Room): void {
  const { registration, idNumber } = memberOf(request.unit, request.unitName, content.practitioner, room);
  if (registration.status === 'none')
    throw new Refusal('NOT_REGISTERED', 'There is no registration to cancel');
  if (registration.status === 'cancelled')
    throw new Refusal('ALREADY_DONE', 'The registration is cancelled already');
  if (content.effective_date < registration.since)
    throw new Refusal('DATE_INVALID', 'effective_date lies before the registration began');
  const open = table(room)
    .all()
    .some(
      (other) =>
        other.receipt !== own &&
        other.unit === request.unit &&
        other.content.practitioner.id_number === idNumber &&
        OPEN.includes(other.state),
    );
  if (open) throw new Refusal('ALREADY_OPEN', 'Another change for this person is open');
}

export const read = (request: Request, room: Room): Answer => ({
  status: 200,
  body: stateOf(requireCase(request, room)),
});

function stateOf(found: Case): Record<string, unknown> {
  const { serials, receipt, state, code, message, correction } = found;
  return {
    serial: serials[0],
    revision: serials.at(-1),
    receipt,
    state,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(correction && { correction }),
  };
}

export function withdraw(request: Request, room: Room): Answer {
  const before = requireCase(request, room);
  if (before.state === 'withdrawn') return { status: 200, body: stateOf(before) };
  if (!OPEN.includes(before.state)) throw conflict('WITHDRAW_TOO_LATE', `The case is ${before.state}`);
  const { correction: _void, code: _code, message: _message, ...rest } = before;
  const after: Case = { ...rest, state: 'withdrawn', updatedAt: room.now().toISOString() };
  table(room).put(after.receipt, after);
  return { status: 200, body: stateOf(after) };
}

/** The clerk's steps. */
export function fire(event: string, subject: string, room: Room): string {
  const [receipt = '', round] = subject.split(' ');
  const found = table(room).get(receipt);
  if (!found || String(found.round) !== round || !['received', 'in_review'].includes(found.state))
    return `${receipt}: nothing left to do`;
  if (event === 'change.review') {
    table(room).put(receipt, { ...found, state: 'in_review', updatedAt: room.now().toISOString() });
    return `${receipt}: in review`;
  }
  return `${receipt}: ${settle(found, found.plan.decision ?? { decision: 'accept' }, room).state}`;
}

function settle(found: Case, decision: Decision, room: Room): Case {
  const after: Case = { ...found, ...verdict(decision), updatedAt: room.now().toISOString() };
  table(room).put(after.receipt, after);
  if (after.state === 'concluded') {
    const { practitioner, effective_date: since } = after.content;
    const membership = room.rolls.membership(after.unit, practitioner.id_number);
    if (!membership) throw new Error(`${after.receipt}: the membership is gone`);
    const registration = { number: membership.registration.number, status: 'cancelled', since } as const;
    room.rolls.change(after.unit, practitioner.id_number, { registration });
  }
  return after;
}

function verdict(decision: Decision): Pick<Case, 'state' | 'code' | 'message' | 'correction'> {
  if (decision.decision === 'accept') return { state: 'concluded' };
  const code = /^[A-Z][A-Z0-9_.]{1,39}$/.test(decision.code) ? decision.code : undefined;
  if (decision.decision === 'reject')
    return { state: 'rejected', code: code ?? 'REJECTED_BY_REVIEW', message: decision.reason };
  const { field, reason, due } = decision;
  return {
    state: 'correction_requested',
    code: code ?? 'CORRECTION_REQUESTED',
    message: reason,
    correction: { field, reason, due },
  };
}

/** A person's decision at the desk. Throws Refusal naming the guard. */
export function decide(receipt: string, decision: Decision, room: Room): CaseView {
  const found = table(room).get(receipt);
  if (!found) throw new Refusal('NOT_FOUND', `No case ${receipt}`, { status: 404 });
  if (!allowed(found).includes(decision.decision))
    throw conflict('NOT_ALLOWED', `Case ${receipt} is ${found.state}: ${decision.decision} is not allowed`);
  return view(settle(found, decision, room));
}

export const cases = (room: Room): CaseView[] => table(room).all().map(view);

const allowed = ({ state }: Case): Decision['decision'][] =>
  state === 'received' || state === 'in_review' ? ['accept', 'reject', 'correction'] : [];

const view = (found: Case): CaseView => ({
  agency: 'credit',
  id: found.receipt,
  serial: found.serials.at(-1) ?? '',
  receipt: found.receipt,
  operation: 'submitRegistrationChange',
  unit: found.unit,
  person: found.content.practitioner.id_number,
  state: found.state,
  submittedAt: found.submittedAt,
  updatedAt: found.updatedAt,
  allowed: allowed(found),
  detail: { content: found.content, serials: found.serials, ...stateOf(found) },
});
