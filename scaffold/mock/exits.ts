// An exit from receipt to conclusion: submit, ask, amend, cancel. Every write is undone when the call throws.
import { createHash } from 'node:crypto';
import { type Plan, Refusal, type Room } from '../../mocks/kernel/agency.ts';
import { compactDay } from '../../mocks/kernel/time.ts';
import type { Exit, Person } from './contract.ts';

export type State =
  | 'received'
  | 'in_review'
  | 'correction_requested'
  | 'concluded'
  | 'rejected'
  | 'withdrawn';

export interface Case {
  readonly receipt: string;
  /** Of the submission and its amendments, oldest first. */
  readonly serials: readonly string[];
  readonly exit: Exit;
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

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const OPEN: readonly State[] = ['received', 'in_review', 'correction_requested'];
export const cases = (room: Room) => room.store.table<Case>('sample-json.cases');
/** Every serial ever taken: whose case it is, and what "the same content" was. */
const serials = (room: Room) => room.store.table<{ receipt: string; hash: string }>('sample-json.serials');

const conflict = (code: string, why: string) => new Refusal(code, why, { status: 409 });
const hashOf = (exit: Exit) => createHash('sha256').update(JSON.stringify(exit)).digest('hex');

/** Throws Refusal IDENTITY_MISMATCH or NOT_IN_UNIT. */
export function memberOf(unit: string, unitName: string, person: Person, room: Room) {
  room.rolls.unit(unit, unitName);
  return room.rolls.member(unit, { idType: person.id_type, idNumber: person.id_number, name: person.name });
}

function find(unit: string, serial: string, room: Room): Case {
  const known = serials(room).get(`${unit} ${serial}`);
  const found = known && cases(room).get(known.receipt);
  if (!found) throw new Refusal('NOT_FOUND', 'This unit never sent that serial', { status: 404 });
  return found;
}

/** What is told of a case, under the serial that was asked for. */
export function told(found: Case, serial: string, status = 200): Answer {
  const { receipt, state, code, message, correction } = found;
  return {
    status,
    body: {
      serial,
      receipt,
      state,
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      ...(correction === undefined ? {} : { correction }),
    },
  };
}

export function submit(exit: Exit, unitName: string, room: Room): Answer {
  const again = repeated(exit, room);
  if (again) return again;
  if (memberOf(exit.unit, unitName, exit.person, room).employment.state === 'ended')
    throw conflict('ALREADY_DONE', 'The employment has ended already');
  const number = String(room.store.next('sample-json.cases')).padStart(6, '0');
  const at = room.now().toISOString();
  return take(
    {
      receipt: `SJ-${compactDay(room.now())}-${number}`,
      serials: [exit.serial],
      exit,
      state: 'received',
      plan: room.plan('submitExit'),
      round: 1,
      submittedAt: at,
      updatedAt: at,
    },
    room,
  );
}

export function amend(receipt: string, exit: Exit, room: Room): Answer {
  const again = repeated(exit, room);
  if (again) return again;
  const before = cases(room).get(receipt);
  if (before?.exit.unit !== exit.unit)
    throw new Refusal('NOT_FOUND', 'This unit has no such receipt', { status: 404 });
  if (before.state !== 'correction_requested')
    throw conflict('NO_CORRECTION_OPEN', `The case is ${before.state}; no correction is asked for`);
  const { code: _code, message: _message, correction: _settled, ...rest } = before;
  return take(
    {
      ...rest,
      serials: [...before.serials, exit.serial],
      exit,
      state: 'in_review',
      plan: room.plan('amendExit', before.plan),
      round: before.round + 1,
      updatedAt: room.now().toISOString(),
    },
    room,
  );
}

/** The same serial again: the same content is a repetition, answered with what became of it; other content is a mistake. */
function repeated(exit: Exit, room: Room): Answer | undefined {
  const known = serials(room).get(`${exit.unit} ${exit.serial}`);
  const found = known && cases(room).get(known.receipt);
  if (!found) return undefined;
  if (known.hash !== hashOf(exit)) throw conflict('SERIAL_REUSED', 'This serial was used with other content');
  return told(found, exit.serial);
}

function take(fresh: Case, room: Room): Answer {
  const serial = fresh.serials.at(-1) ?? '';
  cases(room).put(fresh.receipt, fresh);
  serials(room).put(`${fresh.exit.unit} ${serial}`, { receipt: fresh.receipt, hash: hashOf(fresh.exit) });
  if (fresh.plan.decision) later(fresh, 'exit.decide', fresh.plan.delayMs, room);
  return told(fresh, serial, 202);
}

export const later = ({ receipt, round }: Case, event: string, delayMs: number, room: Room): void =>
  room.schedule(new Date(room.now().getTime() + delayMs), event, `${receipt} ${round}`);

export const read = (unit: string, serial: string, room: Room): Answer =>
  told(find(unit, serial, room), serial);

export function cancel(unit: string, serial: string, room: Room): Answer {
  const before = find(unit, serial, room);
  if (before.state === 'withdrawn') return told(before, serial);
  if (!OPEN.includes(before.state)) throw conflict('WITHDRAW_TOO_LATE', `The case is ${before.state}`);
  const { code: _code, message: _message, correction: _void, ...rest } = before;
  const after: Case = { ...rest, state: 'withdrawn', updatedAt: room.now().toISOString() };
  cases(room).put(after.receipt, after);
  return told(after, serial);
}
