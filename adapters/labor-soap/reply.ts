/** Bytes of an answer → what the agency's signature covers → an outcome. Pure. Nothing outside the signed Body is read. */
import type { Element } from '@xmldom/xmldom';
import { z } from 'zod';
import type { Trust } from '../../src/crypto/certificates.ts';
import { elementsOf, nameOf, verifyXml } from '../../src/crypto/xml-signature.ts';
import type { Outcome } from '../adapter.ts';
import { readDate } from '../format.ts';
import { LAYOUT, NAMESPACE, type Operation, SOAP } from './request.ts';

/** The agency answered in business terms; `0` is good, every other code a word. */
export interface Reply {
  readonly kind: 'reply';
  readonly code: string;
  readonly message: string;
  readonly content: unknown;
}

/** Until somebody has looked at the connection's certificate, asking more often is of no use. */
const CONFIGURATION_HOLD_MS = 3_600_000;

const code = z.string().regex(/^(0|[A-Z][A-Z0-9_]{2,39})$/);
const result = z.object({ code, message: z.string() });
const answered = z.object({ result });
const detail = z.object({ code, message: z.string() });
const day = z.string().transform(readDate).pipe(z.iso.date());

const states = z.object({
  SAA036: z.string().regex(/^[A-Z0-9]{8,32}$/),
  BAE941: z.string(),
  SAA043: z.enum(['1', '2', '3', '4', '5', '6']),
  TAA103: z.enum(['0', '1', '2']),
  withdrawn: z.enum(['true', 'false', '1', '0']).optional(),
  reason: result.optional(),
  correction: z.object({ code, field: z.string(), reason: z.string(), due: day }).optional(),
});
export type States = z.infer<typeof states>;

const unit = z.object({ AAB001: z.string().regex(/^\d{6,20}$/) });
const person = z
  .object({
    AAC001: z.string().regex(/^\d{6,20}$/),
    employmentState: z.enum(['active', 'ended']),
    abc916: day.optional(),
    abc917: z.string().optional(),
  })
  .refine(({ employmentState, abc916 }) => employmentState === 'active' || abc916 !== undefined);
export type PersonState = z.infer<typeof person>;

const agencyTime = z.object({
  time: z.string().regex(/^\d{14}$/),
  businessHours: z.enum(['open', 'closed']),
});

export const readStates = (reply: Reply): States | undefined => states.safeParse(reply.content).data;
export const readUnitNumber = (reply: Reply): string | undefined =>
  unit.safeParse(reply.content).data?.AAB001;
export const readPerson = (reply: Reply): PersonState | undefined => person.safeParse(reply.content).data;
export const readTime = (reply: Reply) => agencyTime.safeParse(reply.content).data;

export const UNREADABLE: Extract<Outcome, { kind: 'unsure' }> = {
  kind: 'unsure',
  reason: 'the answer does not say what the contract promises',
};

/** A signed answer to this operation, or what its absence means. A forged "no" is as bad as a forged "yes": both are unsure. */
export function readReply(bytes: Uint8Array, operation: Operation, trust: Trust, now: Date): Reply | Outcome {
  const verdict = verifyXml(bytes, LAYOUT, trust, now);
  if (!verdict.ok) return { kind: 'unsure', reason: `the answer cannot be trusted: ${verdict.reason}` };
  const [message, ...others] = elementsOf(verdict.content);
  if (!message || others.length > 0) return UNREADABLE;
  if (nameOf(message) === `{${SOAP}}Fault`) return faultOutcome(message, now);
  // An answer to another operation, however well signed, is not the answer to this one.
  if (nameOf(message) !== `{${NAMESPACE}}${operation}Response`) return UNREADABLE;
  const content = plainOf(message);
  const head = answered.safeParse(content).data;
  return head ? { kind: 'reply', ...head.result, content } : UNREADABLE;
}

/** What a business "no" means; undefined when the answer is a yes. Codes that this adapter does not know are a final no too: signed, and without a receipt. */
export function noOutcome(reply: Reply): Outcome | undefined {
  switch (reply.code) {
    case '0':
    case 'DUPLICATE':
      return undefined;
    case 'MAINTENANCE':
      return { kind: 'hold', reason: reply.code, symptom: 'maintenance' };
    case 'WINDOW_CLOSED':
      return { kind: 'hold', reason: reply.code };
    case 'RATE_LIMIT':
      return { kind: 'retry', reason: reply.code, symptom: 'busy' };
    default:
      return { kind: 'refused', code: reply.code, message: reply.message };
  }
}

/** Where a filing stands, as an outcome. */
export function statesOutcome(states: States): Outcome {
  const { SAA036: receipt, SAA043: stage, TAA103: conclusion, correction, reason } = states;
  if (states.withdrawn === 'true' || states.withdrawn === '1')
    return { kind: 'refused', receipt, code: 'WITHDRAWN', message: 'withdrawn' };
  if (correction) {
    const { code, field, reason: message, due } = correction;
    return { kind: 'correction', receipt, code, message, fields: [{ field, message }], due };
  }
  if (stage === '6' && conclusion === '1') return { kind: 'accepted', receipt };
  if (stage === '6' && conclusion === '2')
    return {
      kind: 'refused',
      receipt,
      code: reason?.code ?? 'REJECTED_BY_REVIEW',
      message: reason?.message ?? '',
    };
  return { kind: 'pending', receipt, stage: stage >= '4' ? 'in_review' : 'received' };
}

/** A SOAP Fault means that the message did not get as far as the business. */
function faultOutcome(fault: Element, now: Date): Outcome {
  const part = (name: string) => elementsOf(fault).find((element) => element.localName === name);
  const [first] = elementsOf(part('detail') ?? fault);
  const said =
    first && nameOf(first) === `{${NAMESPACE}}FaultDetail`
      ? detail.safeParse(plainOf(first)).data
      : undefined;
  const byUs = /:Client$/.test(part('faultcode')?.textContent?.trim() ?? '');
  if (!said) return UNREADABLE;
  if (said.code.startsWith('AUTH_')) {
    // Nothing was taken, and nothing is wrong with the filing: its certificate has expired, or is another unit's.
    // Not `retry`, which would use up attempts while a person renews it; not `refused`, which would be final.
    const until = new Date(now.getTime() + CONFIGURATION_HOLD_MS);
    return {
      kind: 'hold',
      reason: `the agency does not accept our certificate or signature (${said.code})`,
      until,
    };
  }
  if (said.code === 'MAINTENANCE') return { kind: 'hold', reason: said.code, symptom: 'maintenance' };
  if (said.code === 'RATE_LIMIT') return { kind: 'retry', reason: said.code, symptom: 'busy' };
  if (said.code === 'NOT_IMPLEMENTED')
    return {
      kind: 'manual',
      instructions: 'The agency does not take this electronically: file it at its counter.',
    };
  // The same bytes would be refused for ever (SCHEMA_INVALID …); a new revision may pass.
  if (byUs) return { kind: 'refused', code: said.code, message: said.message };
  return { kind: 'unsure', reason: `the agency broke (${said.code})`, symptom: 'unreachable' };
}

/** Text of a leaf, members by name, repeated ones as an array: data to be checked against a schema. */
function plainOf(element: Element): unknown {
  const children = elementsOf(element);
  if (children.length === 0) return element.textContent ?? '';
  const members: Record<string, unknown> = Object.create(null);
  for (const child of children) {
    const name =
      nameOf(child) === `{${NAMESPACE}}${child.localName}` ? (child.localName ?? '') : nameOf(child);
    const value = plainOf(child);
    const before = members[name];
    members[name] =
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return members;
}
