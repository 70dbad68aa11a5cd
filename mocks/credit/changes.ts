// A registration change from receipt to conclusion: submit, amend, withdraw.
import { createHash } from 'node:crypto';
import { type Plan, Refusal, type Room } from '../kernel/agency.ts';
import { later, OPEN } from '../kernel/review.ts';
import { compactDay } from '../kernel/time.ts';
import { type Case, type Content, conflict, newCase, save, serials, stateOf, table } from './cases.ts';
import { memberOf } from './queries.ts';
import type { Answer, Request } from './route.ts';

function find(unit: string, serial: string, room: Room): Case | undefined {
  const receipt = serials(room).get(`${unit} ${serial}`)?.receipt;
  const found = receipt === undefined ? undefined : table(room).get(receipt);
  return found?.lost ? undefined : found;
}

/** The plan of the case that a request names; undefined for a new one. */
export const planOf = (request: Request, room: Room): Plan | undefined => {
  const own: unknown =
    typeof request.body === 'object' && request.body !== null
      ? Reflect.get(request.body, 'serial')
      : undefined;
  const serial = request.serial || (typeof own === 'string' ? own : '');
  return find(request.unit, serial, room)?.plan;
};

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
  const receipt = `CRD-${compactDay(room.now())}-${String(room.store.next('credit.cases')).padStart(6, '0')}`;
  const fresh = newCase(room, { receipt, unit: request.unit, content, plan: room.plan(request.operation) });
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
  if (room.keeps('credit.correction-asked') && before.state !== 'correction_requested')
    throw conflict('NO_CORRECTION_OPEN', `The case is ${before.state}; no correction is asked for`);
  requireCancellable(request, content, before.receipt, room);
  const { correction: _settled, code: _code, message: _message, ...rest } = before;
  const after: Case = {
    ...rest,
    serials: [...before.serials, content.serial],
    content,
    state: 'in_review',
    plan: room.plan(request.operation, before.plan),
    round: before.round + 1,
    updatedAt: room.now().toISOString(),
  };
  take(after, hash, room);
  return received(after);
}

/** Stores the case under its newest serial and starts the clerk's clock. */
function take(fresh: Case, hash: string, room: Room): void {
  save(fresh, room);
  serials(room).put(`${fresh.unit} ${fresh.serials.at(-1)}`, { receipt: fresh.receipt, hash });
  if (fresh.plan.decision) later(fresh, 'change.decide', fresh.plan.delayMs, room);
}

const received = ({ receipt, state }: Case): Answer => ({ status: 202, body: { receipt, state } });

function duplicate(unit: string, serial: string, hash: string, room: Room): Answer | undefined {
  const known = serials(room).get(`${unit} ${serial}`);
  if (!known || !room.keeps('credit.serial-once')) return undefined;
  const found = table(room).get(known.receipt);
  const same = known.hash === hash || !room.keeps('credit.serial-content');
  if (!same || !found) throw conflict('SERIAL_REUSED', 'This serial was used with other content');
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
  if (room.keeps('credit.registered') && registration.status === 'none')
    throw new Refusal('NOT_REGISTERED', 'There is no registration to cancel');
  if (room.keeps('credit.cancelled-once') && registration.status === 'cancelled')
    throw new Refusal('ALREADY_DONE', 'The registration is cancelled already');
  if (room.keeps('credit.order-of-days') && content.effective_date < registration.since)
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
  if (room.keeps('credit.one-open') && open)
    throw new Refusal('ALREADY_OPEN', 'Another change for this person is open');
}

export const read = (request: Request, room: Room): Answer => ({
  status: 200,
  body: stateOf(requireCase(request, room)),
});

export function withdraw(request: Request, room: Room): Answer {
  const before = requireCase(request, room);
  if (before.state === 'withdrawn') return { status: 200, body: stateOf(before) };
  if (room.keeps('credit.withdraw-early') && !OPEN.includes(before.state))
    throw conflict('WITHDRAW_TOO_LATE', `The case is ${before.state}`);
  const { correction: _void, code: _code, message: _message, ...rest } = before;
  const after: Case = { ...rest, state: 'withdrawn', updatedAt: room.now().toISOString() };
  save(after, room);
  return { status: 200, body: stateOf(after) };
}
