// Whom a transaction is about, and which batch it names: what scenarios are chosen by.
import type { Person, Plan, Room } from '../kernel/agency.ts';
import { answered, findBatch } from './batches.ts';
import type { Request } from './message.ts';
import { child, type Element } from './xml.ts';

export function planOf({ operation, unit, messageId, root }: Request, room: Room): Plan | undefined {
  const content = root.children[0];
  if (operation === 'stop' || operation === 'transfer') {
    const persons = content?.children.map((row) => child(row, 'AAC002') ?? '') ?? [];
    return (findBatch(unit, messageId, undefined, room) ?? answered(unit, operation, persons, room))?.plan;
  }
  if (operation !== 'progress' || !content) return undefined;
  return findBatch(unit, child(content, 'MessageId'), child(content, 'AAZ308'), room)?.plan;
}

export function personsOf({ root }: Request, room: Room): Person[] {
  const content = root.children[0];
  if (!content) return [];
  const carriers = content.name === 'QueryPerson' ? [content] : content.children;
  const named = carriers.flatMap((each) => personOf(each, room));
  if (named.length > 0) return named;
  const person = room.rolls.personByNumber('insurance', child(content, 'AAC001') ?? '');
  return person ? [person] : [];
}

function personOf(element: Element, room: Room): Person[] {
  const idNumber = child(element, 'AAC002');
  const name = child(element, 'AAC003');
  if (idNumber === undefined || name === undefined) return [];
  // As in the query of a person: the protocol has no document type.
  const idType = room.rolls.person(idNumber)?.idType ?? (idNumber.length === 18 ? 'resident_id' : 'passport');
  return [{ idType, idNumber, name }];
}
