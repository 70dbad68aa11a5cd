// The written list of transactions: what each is called, whether it needs a session, and what it does.
import { Refusal, type Room } from '../kernel/agency.ts';
import { compactTime, readDay } from '../kernel/time.ts';
import { findBatch, submit } from './batches.ts';
import { batchList, unitRoster } from './lists.ts';
import type { Answer, Request } from './message.ts';
import { PAYMENT_STATE, transferred } from './rows.ts';
import { type Algorithm, closeSession, openSession, SESSION_SECONDS, wrapKey } from './session.ts';
import { attributes, child, type Element, need, tag } from './xml.ts';

export interface Transaction {
  /** The name that faults match. */
  readonly operation: string;
  /** The payload's only child. */
  readonly element: string;
  readonly session: boolean;
  handle(content: Element, request: Request, room: Room): Answer;
}

const done = (request: Request, content: string): Answer => ({
  code: '0',
  message: 'OK',
  element: `${request.transaction.element}Answer`,
  content,
});

function signIn(content: Element, request: Request, room: Room): Answer {
  const session = openSession(request.unit, need(content, 'Algorithm') as Algorithm, room);
  return done(
    request,
    tag('Session', session.id) +
      tag('ExpiresIn', SESSION_SECONDS) +
      tag('Algorithm', session.algorithm) +
      tag('Key', wrapKey(session, request.signer.publicKey)),
  );
}

function signOut(_content: Element, request: Request, room: Room): Answer {
  if (request.session) closeSession(request.session.id, room);
  return done(request, '');
}

function queryUnit(content: Element, request: Request, room: Room): Answer {
  const uscc = need(content, 'BAB010');
  const own = uscc === request.unit || !room.keeps('insurance.own-unit');
  const unit = own ? room.rolls.unit(uscc, request.signer.cn) : undefined;
  if (!unit) throw new Refusal('UNIT_UNKNOWN', 'No such unit, or not the one that asks');
  return done(request, tag('AAB001', room.rolls.unitNumber('insurance', uscc)) + tag('AAB004', unit.name));
}

function queryPerson(content: Element, request: Request, room: Room): Answer {
  const idNumber = need(content, 'AAC002');
  // The protocol has no document type: 18 characters are a resident ID or a permit with the same check digit.
  const idType = room.rolls.person(idNumber)?.idType ?? (idNumber.length === 18 ? 'resident_id' : 'passport');
  room.rolls.member(request.unit, { idType, idNumber, name: need(content, 'AAC003') });
  return done(request, tag('AAC001', room.rolls.personNumber('insurance', idNumber)));
}

function progress(content: Element, request: Request, room: Room): Answer {
  const batch = findBatch(request.unit, child(content, 'MessageId'), child(content, 'AAZ308'), room);
  if (!batch) throw new Refusal('NOT_FOUND', 'This unit never sent that');
  const rows = (batch.results ?? []).map((row) => {
    const inner = [
      tag('Code', row.code),
      tag('Message', row.message.slice(0, 500)),
      tag('AAC031', row.state && PAYMENT_STATE[row.state]),
      tag('Field', row.field),
      tag('Due', row.due?.replaceAll('-', '')),
    ];
    return `<Row${attributes({ no: String(row.no) })}>${inner.join('')}</Row>`;
  });
  return done(
    request,
    tag('MessageId', batch.messageId) +
      tag('TransCode', batch.transCode) +
      tag('AAZ308', batch.receipt) +
      tag('State', batch.state) +
      rows.join(''),
  );
}

function personState(content: Element, request: Request, room: Room): Answer {
  const number = need(content, 'AAC001');
  const person = room.rolls.personByNumber('insurance', number);
  const membership = person && room.rolls.membership(request.unit, person.idNumber);
  if (!membership) throw new Refusal('NOT_IN_UNIT', 'No such person in this unit');
  const list = Object.entries(membership.enrolments).map(([insurance, { state, since }]) => {
    if (state === 'none') return '';
    const inner = [
      tag('AAE140', insurance),
      tag('AAC031', PAYMENT_STATE[state]),
      tag('AAE035', since.replaceAll('-', '')),
      tag('Unit', request.unit),
      tag('TargetRegion', transferred(request.unit, membership.idNumber, insurance, room)?.region),
    ];
    return `<Insurance>${inner.join('')}</Insurance>`;
  });
  return done(request, tag('AAC001', number) + list.join(''));
}

const listOf =
  (list: (content: Element, unit: string, room: Room) => string): Transaction['handle'] =>
  (content, request, room) =>
    done(request, list(content, request.unit, room));

/** The days that the schema's patterns let through although no calendar has them (30 February). */
export function impossibleDay(content: Element): string | undefined {
  for (const row of content.children)
    for (const { name, text } of row.children)
      if (name === 'AAE035' && readDay(text) === undefined)
        return `row ${row.attributes.no}: no such day ${text}`;
  return undefined;
}

export const TRANSACTIONS: Readonly<Record<string, Transaction>> = {
  '0001': {
    operation: 'connectivity-test',
    element: 'ConnectivityTest',
    session: false,
    handle: (_, request, room) => done(request, tag('AgencyTime', compactTime(room.now()))),
  },
  '0002': { operation: 'sign-in', element: 'SignIn', session: false, handle: signIn },
  '0003': { operation: 'sign-out', element: 'SignOut', session: true, handle: signOut },
  '1001': { operation: 'query-unit', element: 'QueryUnit', session: true, handle: queryUnit },
  '1002': { operation: 'query-person', element: 'QueryPerson', session: true, handle: queryPerson },
  '2001': { operation: 'stop', element: 'Stop', session: true, handle: submit },
  '2002': { operation: 'transfer', element: 'Transfer', session: true, handle: submit },
  '3001': { operation: 'progress', element: 'Progress', session: true, handle: progress },
  '3002': { operation: 'person-state', element: 'PersonState', session: true, handle: personState },
  '3003': { operation: 'batch-list', element: 'BatchList', session: true, handle: listOf(batchList) },
  '3004': { operation: 'unit-roster', element: 'UnitRoster', session: true, handle: listOf(unitRoster) },
};
