// The rules of one insurance of a change, and what it changes on the rolls when it passes.
import type { Membership, Room } from '../kernel/agency.ts';
import type { Content } from './cases.ts';
import { INSURANCES } from './codes.ts';

export interface ItemResult {
  readonly insurance: string;
  readonly code: string;
  readonly message: string;
  /** Of an item that passed: since when the enrolment had been what it was. */
  readonly before?: string;
}

const transfers = (room: Room) => room.store.table<{ region: string }>('insurance-sm2.transfers');
const key = (unit: string, idNumber: string, insurance: string) => `${unit} ${idNumber} ${insurance}`;

/** Work injury and maternity do not follow the person. */
const FOLLOWING = ['01', '02', '03'];

export const transferredTo = (unit: string, idNumber: string, insurance: string, room: Room) =>
  transfers(room).get(key(unit, idNumber, insurance))?.region;

const enrolmentOf = (membership: Membership | undefined, insurance: string) => {
  const roll = INSURANCES[insurance]?.roll;
  return roll === undefined ? undefined : membership?.enrolments[roll];
};

type Verdict = Pick<ItemResult, 'code' | 'message'>;
const no = (code: string, message: string): Verdict => ({ code, message });

/** What the rules say of an item now; code OK means it may pass. Changes nothing. */
export function judge(content: Content, insurance: string, unit: string, room: Room): Verdict {
  const { business, person, exit_date } = content;
  const membership = room.rolls.membership(unit, person.id_number);
  const enrolment = enrolmentOf(membership, insurance);
  if (!enrolment || enrolment.state === 'none') return no('NOT_ENROLLED', 'This insurance is not held here');
  if (enrolment.state !== 'paying' && paidElsewhere(unit, person.id_number, insurance, room))
    return no('ENROLLED_ELSEWHERE', 'Another unit pays this insurance');
  if (business === '20') {
    if (!FOLLOWING.includes(insurance))
      return no('NOT_TRANSFERABLE', 'This insurance does not follow the person');
    if (transferredTo(unit, person.id_number, insurance, room) !== undefined)
      return no('ALREADY_DONE', 'Already transferred');
  } else {
    if (enrolment.state !== 'paying') return no('ALREADY_DONE', 'Payment is not running');
    if (exit_date < enrolment.since) return no('DATE_INVALID', 'exit_date lies before the insurance began');
  }
  return { code: 'OK', message: '' };
}

/** A transfer over a running payment. */
export const isPaying = ({ person, items }: Content, unit: string, room: Room): boolean => {
  const membership = room.rolls.membership(unit, person.id_number);
  return items.some(({ insurance }) => enrolmentOf(membership, insurance)?.state === 'paying');
};

/** What others pay of the person's, as codes of this agency. */
export function elsewhere(
  unit: string,
  idNumber: string,
  room: Room,
): { insurance: string; since: string }[] {
  const others = room.rolls.membershipsOf(idNumber).filter(({ uscc }) => uscc !== unit);
  return Object.keys(INSURANCES).flatMap((insurance) => {
    const paid = others.map((row) => enrolmentOf(row, insurance)).find((each) => each?.state === 'paying');
    return paid ? [{ insurance, since: paid.since }] : [];
  });
}

const paidElsewhere = (unit: string, idNumber: string, insurance: string, room: Room): boolean =>
  elsewhere(unit, idNumber, room).some((each) => each.insurance === insurance);

function put(
  unit: string,
  idNumber: string,
  insurance: string,
  enrolment: Membership['enrolments'][keyof Membership['enrolments']],
  room: Room,
): void {
  const roll = INSURANCES[insurance]?.roll;
  const membership = room.rolls.membership(unit, idNumber);
  if (roll && membership)
    room.rolls.change(unit, idNumber, { enrolments: { ...membership.enrolments, [roll]: enrolment } });
}

/** The change a passed item makes. @returns since when it had been what it was */
export function apply(content: Content, insurance: string, unit: string, room: Room): string {
  const { business, person, exit_date, target_region = '' } = content;
  const before = enrolmentOf(room.rolls.membership(unit, person.id_number), insurance)?.since ?? '';
  if (business === '20')
    transfers(room).put(key(unit, person.id_number, insurance), { region: target_region });
  else put(unit, person.id_number, insurance, { state: 'paused', since: exit_date }, room);
  return before;
}

/** Takes back what a passed item changed. */
export function takeBack(
  content: Content,
  { insurance, before = '' }: ItemResult,
  unit: string,
  room: Room,
): void {
  const { business, person } = content;
  if (business === '20') transfers(room).delete(key(unit, person.id_number, insurance));
  else put(unit, person.id_number, insurance, { state: 'paying', since: before }, room);
}
