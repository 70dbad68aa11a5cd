// The rules of one row of a batch, and what it changes on the rolls when it passes.
import type { Insurance, Membership, Room } from '../kernel/agency.ts';
import { readDay } from '../kernel/time.ts';

export interface Row {
  readonly no: number;
  readonly AAC001: string;
  readonly AAC002: string;
  readonly AAC003: string;
  readonly AAE140: Insurance;
  readonly AAE035: string;
  /** Stop only. */
  readonly AAE160?: string;
  readonly AAE003?: string;
  /** Transfer only. */
  readonly TargetRegion?: string;
}

export interface RowResult {
  readonly no: number;
  readonly code: string;
  readonly message: string;
  readonly state?: 'paying' | 'paused' | 'ended';
  readonly field?: string;
  /** `yyyy-MM-dd` */
  readonly due?: string;
  /** Of a row that passed: since when the enrolment had been what it was. */
  readonly before?: string;
}

export interface TransferRecord {
  readonly region: string;
  readonly since: string;
}

/** AAC031 */
export const PAYMENT_STATE = { paying: '1', paused: '2', ended: '3' } as const;
/** AAE160: retirement, death, end of contract, resignation, dismissal, transfer within a group. */
export const REASONS = ['210', '211', '221', '222', '223', '241'];

export const transfers = (room: Room) => room.store.table<TransferRecord>('insurance.transfers');

export const transferred = (unit: string, idNumber: string, insurance: string, room: Room) =>
  transfers(room).get(`${unit} ${idNumber} ${insurance}`);

type Kind = 'stop' | 'transfer';
type Verdict = { readonly membership?: Membership; readonly code: string; readonly message: string };

/** What the rules say of a row now; `code` '0' means it may pass. Changes nothing. */
export function judge(kind: Kind, row: Row, unit: string, room: Room): Verdict {
  const person = room.rolls.personByNumber('insurance', row.AAC001);
  const membership = person && room.rolls.membership(unit, person.idNumber);
  const enrolment = membership?.enrolments[row.AAE140];
  const enrolled = enrolment && (enrolment.state !== 'none' || !room.keeps('insurance.row-enrolled'));
  if (!membership || !enrolled)
    return { code: 'NOT_IN_UNIT', message: 'No such person or insurance in this unit' };
  const same = person.idNumber === row.AAC002 && person.name === row.AAC003;
  if (room.keeps('insurance.row-identity') && !same)
    return { code: 'IDENTITY_MISMATCH', message: 'ID number or name is not the one of this local number' };
  const no = (code: string, message: string): Verdict => ({ membership, code, message });
  const elsewhere = enrolment.state !== 'paying' && paidElsewhere(unit, row, room);
  if (room.keeps('insurance.row-elsewhere') && elsewhere)
    return no('ENROLLED_ELSEWHERE', 'Another unit pays this insurance');
  if (kind === 'transfer') {
    if (room.keeps('insurance.stop-first') && enrolment.state === 'paying')
      return no('PRECONDITION_STOP', 'Stop the payment first');
    const before = transferred(unit, person.idNumber, row.AAE140, room);
    if (room.keeps('insurance.row-transferred') && before) return no('ALREADY_DONE', 'Already transferred');
  } else {
    if (room.keeps('insurance.row-running') && enrolment.state !== 'paying')
      return no('ALREADY_DONE', 'Payment is not running');
    if (room.keeps('insurance.row-reason') && !REASONS.includes(row.AAE160 ?? ''))
      return no('REASON_UNKNOWN', 'AAE160 is not in the table');
    const backwards = (row.AAE003 ?? '') < row.AAE035.slice(0, 6);
    if (room.keeps('insurance.row-months') && backwards)
      return no('DATE_INVALID', 'AAE003 lies before AAE035');
  }
  if (room.keeps('insurance.row-since') && dashed(row.AAE035) < enrolment.since)
    return no('DATE_INVALID', 'AAE035 lies before the present state began');
  return no('0', 'OK');
}

const paidElsewhere = (unit: string, { AAC002, AAE140 }: Row, room: Room): boolean =>
  room.rolls
    .membershipsOf(AAC002)
    .some(({ uscc, enrolments }) => uscc !== unit && enrolments[AAE140].state === 'paying');

/** The change a passed row makes. */
export function apply(kind: Kind, row: Row, membership: Membership, room: Room): void {
  const { uscc, idNumber, enrolments } = membership;
  const since = dashed(row.AAE035);
  if (kind === 'transfer')
    transfers(room).put(`${uscc} ${idNumber} ${row.AAE140}`, { region: row.TargetRegion ?? '', since });
  else
    room.rolls.change(uscc, idNumber, {
      enrolments: { ...enrolments, [row.AAE140]: { state: 'paused', since } },
    });
}

/** Takes back what a passed row changed. @param since of the enrolment before it passed */
export function takeBack(kind: Kind, row: Row, unit: string, since: string, room: Room): void {
  const membership = room.rolls.membership(unit, row.AAC002);
  if (!membership) return;
  const { uscc, idNumber, enrolments } = membership;
  if (kind === 'transfer') transfers(room).delete(`${uscc} ${idNumber} ${row.AAE140}`);
  else
    room.rolls.change(uscc, idNumber, {
      enrolments: { ...enrolments, [row.AAE140]: { state: 'paying', since } },
    });
}

/** Payment state after the row, for its result. */
export function stateOf(row: Row, membership: Membership | undefined, room: Room): RowResult['state'] {
  if (!membership) return undefined;
  const state = room.rolls.membership(membership.uscc, membership.idNumber)?.enrolments[row.AAE140].state;
  return state === 'none' ? undefined : state;
}

function dashed(compact: string): string {
  const day = readDay(compact);
  if (day === undefined) throw new Error(`no such day ${compact} after validation`);
  return day;
}
