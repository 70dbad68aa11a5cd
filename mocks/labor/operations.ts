// The operations: one function each, from an authentic and valid message to an answer. A Refusal is a business failure.
import { createHash } from 'node:crypto';
import { type Person, type Plan, Refusal, type Room } from '../kernel/agency.ts';
import { compactDay, compactTime, readDay } from '../kernel/time.ts';
import { type Answer, result } from './answer.ts';
import { type Filing, filings, isOpen, newFiling, save } from './filings.ts';
import { listEmployees, listFilings } from './lists.ts';
import type { LaborMessage } from './message.ts';
import { startReview } from './review.ts';
import { hashOf, newest, remember, serials } from './serials.ts';
import type { Part } from './xml.ts';

const REASONS = new Set(['6302', '6308', '6313', '6317', '6319', '6320', '6321', '6322', '6323', '6401']);
/** The plan of the case that a message names by receipt or serial; undefined for a new one. */
export function planOf({ uscc, fields }: LaborMessage, room: Room): Plan | undefined {
  const receipt = fields.SAA036 ?? serials(room).get(`${uscc}|${fields.BAE941}`)?.receipt;
  const filing = filings(room).get(receipt ?? '');
  return filing?.uscc === uscc ? filing.plan : undefined;
}

const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  '01': 'resident_id',
  '02': 'residence_permit',
  '03': 'foreign_permanent',
  '04': 'passport',
};

type Operation = (message: LaborMessage, room: Room) => Answer;

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  Ping: (_message, room) =>
    good([
      ['time', compactTime(room.now())],
      ['businessHours', businessHours(room.now())],
    ]),

  QueryUnit(message, room) {
    const unit = room.rolls.unit(message.uscc, message.unitName);
    if (!unit) throw new Refusal('UNIT_UNKNOWN', 'no unit of this code is on the roll');
    return good([
      ['AAB001', room.rolls.unitNumber('labor', unit.uscc)],
      ['AAB004', unit.name],
    ]);
  },

  QueryPerson(message, room) {
    checkUnit(message, room);
    const person = personOf(message);
    const { employment } = room.rolls.member(message.uscc, person);
    return good([
      ['AAC001', room.rolls.personNumber('labor', person.idNumber)],
      ['employmentState', employment.state],
      ['abc916', employment.endedOn?.replaceAll('-', '')],
      ['abc917', /^\d{4}$/.test(employment.reason ?? '') ? employment.reason : undefined],
    ]);
  },

  SubmitTermination(message, room) {
    const before = takenBefore(message, room);
    if (before) return before;
    checkContent(message, room);
    const { uscc, fields } = message;
    const earlier = filings(room).get(newest(room).get(`${uscc}/${fields.AAC002}`)?.receipt ?? '');
    if (room.keeps('labor.one-open') && earlier && isOpen(earlier))
      throw new Refusal('FILING_OPEN', 'another filing for this employment is under review');
    const { employment } = room.rolls.member(uscc, personOf(message));
    if (room.keeps('labor.ended-once') && employment.state === 'ended')
      throw new Refusal('ALREADY_ENDED', 'the employment has ended already');
    const receipt = newReceipt(room, message);
    const filing = startReview(room, newFiling(room, message, receipt), message.operation);
    newest(room).put(`${uscc}/${fields.AAC002}`, { receipt });
    remember(message, room, receipt);
    return good([...states(filing), ['duplicate', 'false']], 'received');
  },

  QueryFiling(message, room) {
    const { BAE941: serial, SAA036: receipt } = message.fields;
    const filing = find(message, room, receipt ?? serials(room).get(`${message.uscc}|${serial}`)?.receipt);
    return good([
      ...states(filing),
      ['withdrawn', String(filing.withdrawn)],
      ['submitted', compactTime(new Date(filing.submittedAt))],
      ['concluded', filing.concludedAt && compactTime(new Date(filing.concludedAt))],
      ['reason', filing.reason && result(filing.reason.code, filing.reason.message)],
      ['correction', filing.correction && correction(filing.correction)],
    ]);
  },

  SupplementFiling(message, room) {
    const before = takenBefore(message, room);
    if (before) return before;
    const filing = find(message, room, message.fields.SAA036);
    if (room.keeps('labor.correction-asked') && !filing.correction)
      throw new Refusal('NO_CORRECTION_ASKED', 'this filing waits for no supplement');
    checkContent(message, room);
    if (room.keeps('labor.supplement-person') && message.fields.AAC002 !== filing.idNumber) {
      throw new Refusal('IDENTITY_MISMATCH', 'the supplement is about another person than the filing');
    }
    const serial = message.fields.BAE941 ?? '';
    const { fields, supplements } = message;
    const revised = startReview(
      room,
      {
        ...filing,
        serial,
        serials: [...filing.serials, serial],
        fields,
        supplements,
      },
      message.operation,
    );
    remember(message, room, filing.receipt);
    return good([...states(revised), ['duplicate', 'false']], 'received');
  },

  ListFilings(message, room) {
    checkUnit(message, room);
    return listFilings(message, room);
  },

  ListEmployees(message, room) {
    checkUnit(message, room);
    return listEmployees(message, room);
  },

  WithdrawFiling(message, room) {
    const filing = find(message, room, message.fields.SAA036);
    if (filing.withdrawn) return good(states(filing), 'withdrawn before');
    if (room.keeps('labor.withdraw-early') && Number(filing.state) > 4)
      throw new Refusal('WITHDRAW_TOO_LATE', 'the filing is in review or concluded');
    const { correction: _gone, ...rest } = filing;
    return good(
      states(save(room, { ...rest, state: '1', withdrawn: true, round: filing.round + 1 })),
      'withdrawn',
    );
  },
};

const good = (parts: readonly Part[], message = 'ok'): Answer => ({ code: '0', message, parts });

const states = (filing: Filing): Part[] => [
  ['SAA036', filing.receipt],
  ['BAE941', filing.serial],
  ['SAA043', filing.state],
  ['TAA103', filing.conclusion],
];

const correction = ({ code, field, reason, due }: NonNullable<Filing['correction']>): Part[] => [
  ['code', code],
  ['field', field],
  ['reason', reason],
  ['due', due.replaceAll('-', '')],
];

/** Idempotency: the answer to a serial that was taken before, undefined for a new one. */
function takenBefore(message: LaborMessage, room: Room): Answer | undefined {
  const known = serials(room).get(`${message.uscc}|${message.fields.BAE941}`);
  if (!known || !room.keeps('labor.serial-once')) return undefined;
  if (room.keeps('labor.serial-content') && known.hash !== hashOf(message))
    throw new Refusal('SERIAL_REUSED', 'this serial was used for other content');
  const filing = find(message, room, known.receipt);
  return { code: 'DUPLICATE', message: 'taken before', parts: [...states(filing), ['duplicate', 'true']] };
}

/** Another unit's filing does not exist for this one. */
function find(message: LaborMessage, room: Room, receipt: string | undefined): Filing {
  const filing = filings(room).get(receipt ?? '');
  const own = filing?.uscc === message.uscc || !room.keeps('labor.own-filings');
  if (!filing || !own || filing.lost) throw new Refusal('NOT_FOUND', 'this unit has no such filing');
  return filing;
}

function checkUnit({ uscc, unitName, fields }: LaborMessage, room: Room): void {
  if (!room.rolls.unit(uscc, unitName)) throw new Refusal('NOT_IN_UNIT', 'the unit is not on the roll');
  if (!room.keeps('labor.unit-number') || fields.AAB001 === room.rolls.unitNumber('labor', uscc)) return;
  // Somebody else's number under one's own certificate is a matter of authority; a wrong one is a mistake.
  if (room.rolls.unitByNumber('labor', fields.AAB001 ?? '')) {
    throw new Refusal('AUTH_UNIT', 'AAB001 belongs to another unit than the certificate', { status: 403 });
  }
  throw new Refusal('NOT_IN_UNIT', 'AAB001 is not the number of this unit: QueryUnit tells it');
}

export const personOf = ({ fields }: LaborMessage): Person => ({
  idType: DOCUMENT_TYPES[fields.AAC058 ?? ''] ?? '',
  idNumber: fields.AAC002 ?? '',
  name: fields.AAC003 ?? '',
});

function checkContent(message: LaborMessage, room: Room): void {
  const { fields } = message;
  checkUnit(message, room);
  room.rolls.member(message.uscc, personOf(message));
  const number = room.rolls.personNumber('labor', fields.AAC002 ?? '');
  if (room.keeps('labor.person-number') && fields.AAC001 !== number) {
    throw new Refusal('NOT_IN_UNIT', 'AAC001 is not the number of this person: QueryPerson tells it');
  }
  if (room.keeps('labor.reason') && !REASONS.has(fields.abc917 ?? ''))
    throw new Refusal('REASON_UNKNOWN', `abc917 ${fields.abc917} is not in the table`);
  for (const name of ['abc913', 'abc914', 'abc916', 'lastAttendance']) {
    const text = fields[name];
    if (room.keeps('labor.day') && text !== undefined && readDay(text) === undefined)
      throw new Refusal('DATE_INVALID', `${name}: there is no day ${text}`);
  }
  const backwards = fields.abc913 !== undefined && (fields.abc916 ?? '') < fields.abc913;
  if (room.keeps('labor.order-of-days') && backwards) {
    throw new Refusal('DATE_INVALID', 'abc916 is before abc913');
  }
}

/** `L`, the sandbox day, a running number, and a tail of the serial's hash, so that receipts do not repeat after a restart. */
function newReceipt(room: Room, { uscc, fields }: LaborMessage): string {
  const tail = createHash('sha256')
    .update(`${room.seed}|${uscc}|${fields.BAE941}`)
    .digest('hex')
    .slice(0, 6)
    .toUpperCase();
  return `L${compactDay(room.now())}${String(room.store.next('labor.receipt')).padStart(5, '0')}${tail}`;
}

function businessHours(now: Date): string {
  const china = new Date(now.getTime() + 8 * 3_600_000);
  const weekday = china.getUTCDay() >= 1 && china.getUTCDay() <= 5;
  return weekday && china.getUTCHours() >= 9 && china.getUTCHours() < 17 ? 'open' : 'closed';
}
