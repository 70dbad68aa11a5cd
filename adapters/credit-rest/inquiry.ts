/** Inquiry into a person's record: whether the consent covers it, the message, and what the answer means. Pure. */
import { z } from 'zod';
import { businessDate } from '../../src/domain/dates.ts';
import type { Inquired, Inquiry } from '../adapter.ts';
import { readDate } from '../format.ts';
import type { Practitioner } from './map.ts';
import { type Answer, problemOf, unasked } from './reply.ts';

/** The agency's words of what a record may be asked for. */
export const PURPOSES = ['hiring', 'exit', 'promotion'] as const;

type Consent = NonNullable<Inquiry['consent']>;
type Refused = Extract<Inquired, { kind: 'refused' }>;
const refused = (code: string, message: string): Refused => ({ kind: 'refused', code, message });

/**
 * The consent that carries the inquiry, or why none does. Asked before any call: a question without
 * the person's authorisation is a breach already when it is sent (PIPL §13, §29). Both days are inclusive.
 */
export function consentTo(
  { kind, consent }: Inquiry,
  now: Date,
): Refused | { readonly kind: 'covered'; readonly consent: Consent } {
  if (kind !== 'credit') return refused('INQUIRY_UNKNOWN', `The agency cannot be asked for ${kind}.`);
  if (consent === undefined) return refused('CONSENT_MISSING', 'The person has not authorised the inquiry.');
  const today = businessDate(now);
  if (today < consent.grantedOn || today > consent.expiresOn)
    return refused(
      'CONSENT_EXPIRED',
      `The authorisation is in force from ${consent.grantedOn} to ${consent.expiresOn}.`,
    );
  if (!consent.scope.includes(kind))
    return refused('CONSENT_SCOPE', `The authorisation does not cover ${kind} inquiries.`);
  if (!PURPOSES.some((purpose) => purpose === consent.purpose))
    return refused('CONSENT_PURPOSE', 'The agency answers no inquiry for this purpose.');
  return { kind: 'covered', consent };
}

/** Members stand in the order of the contract. */
export function inquiryOf({ employer }: Inquiry, subject: Practitioner, consent: Consent) {
  return {
    unit_uscc: employer.uscc,
    subject,
    purpose: consent.purpose,
    consent: {
      reference: consent.reference,
      signed_on: consent.grantedOn,
      valid_until: consent.expiresOn,
      purposes: [consent.purpose],
    },
  };
}

const found = z.object({
  inquiry_no: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  result: z.enum(['clear', 'records']),
  records: z.array(z.object({ kind: z.string(), since: z.string(), text: z.string() })),
});

export function inquiryAnswer(answer: Answer): Inquired {
  if (answer.status !== 200) {
    const why = problemOf(answer);
    if (why === undefined) return UNREADABLE;
    const about = /^(CONSENT_[A-Z]+|IDENTITY_MISMATCH)$/.test(why.code);
    return about ? refused(why.code, why.detail ?? why.title) : unasked(why);
  }
  const read = found.safeParse(answer.body);
  if (!read.success) return UNREADABLE;
  const { inquiry_no, result, records } = read.data;
  const clear = result === 'clear';
  // Both say the same, or neither is to be believed.
  if (clear !== (records.length === 0)) return UNREADABLE;
  const facts = records.map(({ kind, since, text }) => {
    const date = readDate(since);
    return { code: kind, text, ...(date === undefined ? {} : { date }) };
  });
  return { kind: 'answered', receipt: inquiry_no, clear, facts };
}

const UNREADABLE = { kind: 'unsure', reason: 'the answer does not keep to the contract' } as const;
