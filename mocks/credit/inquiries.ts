// Inquiries into a person's record. They need the person's consent, which must cover the purpose and be in force; the
// agency's own register of consents has the last word.
import { Refusal, type Room } from '../kernel/agency.ts';
import { day } from '../kernel/time.ts';
import type { Practitioner } from './queries.ts';
import type { Answer, Request } from './route.ts';

/** As the contract has it, after validation. */
interface Inquiry {
  readonly unit_uscc: string;
  readonly subject: Practitioner;
  readonly purpose: string;
  readonly consent: {
    readonly reference: string;
    readonly signed_on: string;
    readonly valid_until: string;
    readonly purposes: readonly string[];
  };
}

/** What the agency has on its own register of a consent. */
export interface Consent {
  readonly validUntil?: string;
  readonly revokedOn?: string;
  readonly purposes?: readonly string[];
}

export interface RecordEntry {
  readonly kind: 'administrative_penalty' | 'dishonesty' | 'registration_note';
  readonly since: string;
  readonly text: string;
}

const consents = (room: Room) => room.store.table<Consent>('credit.consents');
const records = (room: Room) => room.store.table<{ entries: readonly RecordEntry[] }>('credit.records');

export const registerConsent = (unit: string, reference: string, consent: Consent, room: Room): void =>
  consents(room).put(`${unit} ${reference}`, consent);

export const registerRecord = (idNumber: string, entry: RecordEntry, room: Room): void =>
  records(room).put(idNumber, { entries: [...(records(room).get(idNumber)?.entries ?? []), entry] });

export function inquire(request: Request, room: Room): Answer {
  const { subject, purpose, consent } = request.body as Inquiry;
  requireConsent(request.unit, purpose, consent, room);
  const known = room.rolls.person(subject.id_number);
  if (room.keeps('credit.inquiry-name') && known && known.name !== subject.name)
    throw new Refusal('IDENTITY_MISMATCH', 'The number exists under another name');
  const entries = records(room).get(subject.id_number)?.entries ?? [];
  return {
    status: 200,
    body: {
      inquiry_no: `INQ-${String(room.store.next('credit.inquiries')).padStart(6, '0')}`,
      as_of: day(room.now()),
      result: entries.length > 0 ? 'records' : 'clear',
      records: entries,
    },
  };
}

function requireConsent(unit: string, purpose: string, given: Inquiry['consent'], room: Room): void {
  const registered = consents(room).get(`${unit} ${given.reference}`);
  const today = day(room.now());
  const revoked = registered?.revokedOn !== undefined && registered.revokedOn <= today;
  if (room.keeps('credit.consent-revoked') && revoked)
    throw new Refusal('CONSENT_REVOKED', `The person revoked the consent on ${registered.revokedOn}`);
  const until = registered?.validUntil ?? given.valid_until;
  const inForce = given.signed_on <= today && until >= today;
  if (room.keeps('credit.consent-in-force') && !inForce)
    throw new Refusal('CONSENT_EXPIRED', `The consent is in force from ${given.signed_on} to ${until}`);
  const covered = (registered?.purposes ?? given.purposes).includes(purpose);
  if (room.keeps('credit.consent-purpose') && !covered)
    throw new Refusal('CONSENT_PURPOSE', `The consent does not cover the purpose ${purpose}`);
}
