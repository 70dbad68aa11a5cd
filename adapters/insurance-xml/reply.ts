/** What a verified answer means for a filing. Pure: content of the signed payload in, outcome out. */
import { type BodyCipher, unwrapSessionKey } from '../../src/crypto/body-cipher.ts';
import type { SigningIdentity } from '../../src/crypto/certificates.ts';
import type { Absent, FilingOrder, Outcome, ReadBack, Setback } from '../adapter.ts';
import { readCompactTime, readDate } from '../format.ts';
import { INSURANCES, insurancesOf, settledSince, targetRegion } from './map.ts';
import { type Session, TRANS } from './request.ts';
import { rowsOutcome } from './rows.ts';
import { type Element, field } from './xml.ts';

export interface Answer {
  readonly code: string;
  readonly content: Element;
}

/** Codes that say "not now", whatever was asked; undefined for the others. */
export function setbackOf(
  { code, content }: Answer,
  now: Date,
): Exclude<Setback, { kind: 'unsure' }> | undefined {
  const until = readCompactTime(field(content, 'Until') ?? '');
  switch (code) {
    case 'WINDOW_CLOSED':
      return { kind: 'hold', reason: `the agency answers ${code}`, ...(until ? { until } : {}) };
    case 'MAINTENANCE': {
      const reason = `the agency answers ${code}`;
      return { kind: 'hold', reason, symptom: 'maintenance', ...(until ? { until } : {}) };
    }
    case 'PRECONDITION_STOP':
      // The transfer waits for the stop to be settled, which the agency does in its own time.
      return { kind: 'hold', reason: 'the stop is not settled yet (PRECONDITION_STOP)' };
    case 'RATE_LIMIT': {
      const after = until ? Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000)) : undefined;
      return {
        kind: 'retry',
        reason: 'the agency answers RATE_LIMIT',
        symptom: 'busy',
        ...(after === undefined ? {} : { after }),
      };
    }
    case 'AUTH_SIGNATURE':
    case 'AUTH_CERTIFICATE':
    case 'AUTH_BINDING':
      // About the connection, not about the exit: a person renews the certificate, and the same filing goes through.
      return { kind: 'hold', reason: `the agency does not accept our signature (${code})` };
    case 'AUTH_SESSION':
    case 'BODY_UNREADABLE':
      return { kind: 'retry', reason: `the agency does not accept our session (${code})` };
    default:
      return undefined;
  }
}

/** Answer to a stop or a transfer. Any code but these recorded nothing. */
export function submitOutcome(answer: Answer, now: Date): Outcome {
  if (answer.code !== '0' && answer.code !== 'DUPLICATE') return setbackOf(answer, now) ?? refusal(answer);
  const receipt = field(answer.content, 'AAZ308');
  if (!receipt) return { kind: 'unsure', reason: 'the answer carries no receipt' };
  // "Code 0" is only "received": what becomes of the rows is asked for.
  return { kind: 'pending', receipt, stage: stageOf(answer.content) };
}

export function refusal({ code, content }: Answer): Outcome {
  return { kind: 'refused', code, message: details(content) || code };
}

/** Known, and settled meanwhile: what became of the rows only 3001 tells. */
export const isSettledDuplicate = ({ code, content }: Answer): boolean =>
  code === 'DUPLICATE' && field(content, 'State') === 'finished';

/** Answer to 3001 about the filing's own serial. */
export function progressOutcome(
  answer: Answer,
  filing: FilingOrder,
  serial: string,
  now: Date,
): Outcome | Absent {
  if (answer.code === 'NOT_FOUND') return { kind: 'absent' };
  if (answer.code !== '0') return setbackOf(answer, now) ?? unasked(answer);
  const { content } = answer;
  const receipt = field(content, 'AAZ308');
  const transaction = filing.kind === 'insurance_transfer' ? TRANS.transfer : TRANS.stop;
  if (!receipt || field(content, 'MessageId') !== serial || field(content, 'TransCode') !== transaction)
    return { kind: 'unsure', reason: 'the answer is about another batch' };
  if (field(content, 'State') !== 'finished') return { kind: 'pending', receipt, stage: stageOf(content) };
  return rowsOutcome(content, insurancesOf(filing), receipt);
}

/** Answer to 3002: every insurance of the filing no longer paid since the exit date (and handed on, after a transfer). */
export function stateReadBack(answer: Answer, filing: FilingOrder, now: Date): ReadBack {
  if (answer.code === 'NOT_IN_UNIT')
    return { kind: 'differs', reason: 'the agency does not know the person here' };
  if (answer.code !== '0') return setbackOf(answer, now) ?? unasked(answer);
  const transfer = filing.kind === 'insurance_transfer';
  const wrong = insurancesOf(filing).flatMap((insurance) => {
    const found = answer.content.children.filter((each) => field(each, 'AAE140') === insurance);
    const [state] = found;
    const name = INSURANCES[insurance].en;
    if (!state || found.length !== 1) return [`${name} is not listed`];
    if (!['2', '3'].includes(field(state, 'AAC031') ?? '')) return [`${name} is still being paid`];
    if (transfer)
      return field(state, 'TargetRegion') === targetRegion(filing) ? [] : [`${name} is not transferred`];
    const since = readDate(field(state, 'AAE035') ?? '');
    return since === settledSince(filing) ? [] : [`${name} stopped on another day`];
  });
  return wrong.length === 0 ? { kind: 'agrees' } : { kind: 'differs', reason: wrong.join('; ') };
}

/** A question that was refused says nothing about the filing it was asked for. */
export const unasked = ({ code }: Answer): Extract<Outcome, { kind: 'unsure' }> => ({
  kind: 'unsure',
  reason: `the agency refused the question (${code})`,
});

export interface SignedIn extends Session {
  readonly seconds: number;
}

/** Answer to 0002; undefined when it holds no session that we can open. */
export function readSession(
  answer: Answer,
  cipher: BodyCipher,
  identity: SigningIdentity,
): SignedIn | undefined {
  const { content } = answer;
  const number = field(content, 'Session');
  const seconds = Number(field(content, 'ExpiresIn'));
  const key = unwrapSessionKey(cipher, identity.key, Buffer.from(field(content, 'Key') ?? '', 'base64'));
  const fits = answer.code === '0' && field(content, 'Algorithm') === cipher && seconds > 0;
  return fits && number && key ? { number, cipher, key, seconds } : undefined;
}

/** Of an answer to 0001. */
export const agencyTime = ({ content }: Answer): Date | undefined =>
  readCompactTime(field(content, 'AgencyTime') ?? '');

/** AAC001, the agency's own number for the person. */
export const readLocalNumber = ({ code, content }: Answer, name: string): string | undefined =>
  code === '0' ? field(content, name) : undefined;

const stageOf = (content: Element): 'received' | 'in_review' =>
  field(content, 'State') === 'received' ? 'received' : 'in_review';

const details = (content: Element): string =>
  content.children
    .filter((each) => each.name === 'Detail')
    .map((each) => each.text)
    .join('\n');
