// A change from receipt to its end as the unit sees it: file, amend, withdraw, ask, list.
import { createHash } from 'node:crypto';
import type { Plan, Room } from '../kernel/agency.ts';
import { later, OPEN } from '../kernel/review.ts';
import { compactDay } from '../kernel/time.ts';
import type { Answer } from './answer.ts';
import {
  type Case,
  type Content,
  find,
  newCase,
  receiptData,
  refused,
  STATE,
  save,
  serials,
  stateData,
  table,
} from './cases.ts';
import { requireCodes } from './codes.ts';
import { isPaying } from './items.ts';
import type { Request } from './message.ts';
import { memberOf, page } from './persons.ts';
import { requireOpen } from './window.ts';

const ok = (data: Answer['data']): Answer => ({ code: 'OK', data });
const member = (of: unknown, name: string): string => {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** The plan of the case that a request names; undefined for a new one. */
export const planOf = ({ unit, content }: Request, room: Room): Plan | undefined =>
  (find(unit, member(content, 'serial'), room) ?? byReceipt(unit, member(content, 'receipt'), room))?.plan;

function byReceipt(unit: string, receipt: string, room: Room): Case | undefined {
  const found = table(room).get(receipt);
  const own = found?.unit === unit || !room.keeps('insurance-sm2.own-changes');
  return found && own && !found.lost ? found : undefined;
}

export function file(request: Request, room: Room): Answer {
  const content = request.content as Content; // has passed the contract
  const hash = hashOf('file', content);
  const again = duplicate(request.unit, content.serial, hash, room);
  if (again) return again;
  requireFileable(request, content, undefined, room);
  const number = String(room.store.next('insurance-sm2.cases')).padStart(6, '0');
  const plan = room.plan(request.operation);
  const receipt = `SB${compactDay(room.now())}${number}`;
  const fresh = { ...newCase(room, { receipt, unit: request.unit, content, plan }), form: request.form };
  const row = take(fresh, hash, room);
  if (plan.decision) later(row, 'change.review', plan.delayMs / 2, room);
  return ok(receiptData(row));
}

export function amend(request: Request, room: Room): Answer {
  const { receipt, ...content } = request.content as Content & { receipt: string };
  const before = byReceipt(request.unit, receipt, room);
  if (!before) throw refused('NOT_FOUND', 'This unit has no such receipt');
  const hash = hashOf(`amend ${receipt}`, content);
  const again = duplicate(request.unit, content.serial, hash, room);
  if (again) return again;
  if (room.keeps('insurance-sm2.correction-asked') && before.state !== 'correction_requested')
    throw refused('NO_CORRECTION_OPEN', `The change is ${before.state}; no correction is asked for`);
  requireFileable(request, content, receipt, room);
  const { correction: _settled, code: _code, message: _message, ...rest } = before;
  const after: Case = {
    ...rest,
    serials: [...before.serials, content.serial],
    content,
    state: 'in_review',
    plan: room.plan(request.operation, before.plan),
    round: before.round + 1,
  };
  return ok(receiptData(take(after, hash, room)));
}

/** Stores the case under its newest serial and starts the clerk's clock. */
function take(fresh: Case, hash: string, room: Room): Case {
  const row = save(fresh, room);
  serials(room).put(`${row.unit} ${row.serials.at(-1)}`, { receipt: row.receipt, hash });
  if (row.plan.decision) later(row, 'change.decide', row.plan.delayMs, room);
  return row;
}

function duplicate(unit: string, serial: string, hash: string, room: Room): Answer | undefined {
  const known = serials(room).get(`${unit} ${serial}`);
  if (!known || !room.keeps('insurance-sm2.serial-once')) return undefined;
  const found = table(room).get(known.receipt);
  const same = known.hash === hash || !room.keeps('insurance-sm2.serial-content');
  if (!same || !found) throw refused('SERIAL_REUSED', 'This serial was used with other content');
  return { code: 'DUPLICATE', data: receiptData(found) };
}

const hashOf = (use: string, content: Content): string =>
  createHash('sha256')
    .update(`${use} ${JSON.stringify(content)}`)
    .digest('hex');

function requireFileable(request: Request, content: Content, own: string | undefined, room: Room): void {
  const { unit } = request;
  const { business, person, reason, items, exit_date, end_month, target_region } = content;
  // The clerk has asked for an answer by a day, whatever the window says.
  if (own === undefined) requireOpen(room, unit);
  const numbered = content.unit_no === room.rolls.unitNumber('insurance-sm2', unit);
  if (room.keeps('insurance-sm2.unit-number') && !numbered)
    throw refused('UNIT_UNKNOWN', 'unit_no is not the number of this unit');
  requireCodes(
    unit,
    reason,
    items.map(({ insurance }) => insurance),
    room,
  );
  const placed = (business === '20') === (target_region !== undefined);
  if (room.keeps('insurance-sm2.region') && !placed)
    throw refused('REGION_INVALID', 'target_region belongs to business 20, and only there');
  if (room.keeps('insurance-sm2.months') && end_month < exit_date.slice(0, 7))
    throw refused('DATE_INVALID', 'end_month lies before exit_date');
  memberOf(unit, person, room);
  if (room.keeps('insurance-sm2.stop-first') && business === '20' && isPaying(content, unit, room))
    throw refused('PRECONDITION_STOP', 'The stop is not settled yet');
  const open = table(room)
    .all()
    .some(
      (other) =>
        other.receipt !== own &&
        other.unit === unit &&
        !other.lost &&
        other.content.business === business &&
        other.content.person.id_number === person.id_number &&
        OPEN.includes(other.state),
    );
  if (room.keeps('insurance-sm2.one-open') && open)
    throw refused('ALREADY_OPEN', 'Another change of this person is open');
}

function requireCase({ unit, content }: Request, room: Room): Case {
  const found = find(unit, member(content, 'serial'), room);
  if (!found) throw refused('NOT_FOUND', 'This unit never sent that serial');
  return found;
}

export const query = (request: Request, room: Room): Answer => ok(stateData(requireCase(request, room)));

export function withdraw(request: Request, room: Room): Answer {
  const before = requireCase(request, room);
  if (before.state === 'withdrawn') return ok(receiptData(before));
  if (room.keeps('insurance-sm2.withdraw-early') && !OPEN.includes(before.state))
    throw refused('WITHDRAW_TOO_LATE', `The change is ${before.state}`);
  const { correction: _void, code: _code, message: _message, ...rest } = before;
  return ok(receiptData(save({ ...rest, state: 'withdrawn' }, room)));
}

export function list({ unit, content }: Request, room: Room): Answer {
  const { from, to, page: asked } = content as { from: string; to: string; page?: string };
  const rows = table(room)
    .all()
    .filter((row) => (row.unit === unit || !room.keeps('insurance-sm2.own-changes')) && !row.lost)
    .filter(({ content: { exit_date } }) => exit_date >= from && exit_date <= to)
    .map(({ receipt, serials: own, state, content: { business, person, exit_date } }) => ({
      ...(own.length > 0 && { serial: own.at(-1) }),
      receipt,
      business,
      state: STATE[state],
      id_number: person.id_number,
      name: person.name,
      exit_date,
    }));
  return ok(page('changes', rows, asked));
}
