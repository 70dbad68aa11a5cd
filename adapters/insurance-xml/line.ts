/**
 * The line to the agency: signs, sends, opens answers, and keeps one sign-in session for the adapter instance.
 * It reports setbacks as values; what an answer means for a filing is reply.ts.
 */
import { randomUUID } from 'node:crypto';
import type { BodyCipher } from '../../src/crypto/body-cipher.ts';
import type { SigningIdentity, Trust } from '../../src/crypto/certificates.ts';
import type { Call, Setback } from '../adapter.ts';
import { type Held, holder } from '../held.ts';
import { answerOrSetback, nothingFiled, send } from '../http.ts';
import { openAnswer } from './open.ts';
import { type Answer, readSession, type SignedIn, setbackOf } from './reply.ts';
import { envelopeOf, type Session, signIn, type Transaction } from './request.ts';

export interface LineSettings {
  readonly url: string;
  readonly unit: string;
  readonly cipher: BodyCipher;
  readonly identity: SigningIdentity;
  readonly trust: Trust;
}

export type Asked = { readonly kind: 'answer'; readonly answer: Answer } | Setback;

export interface Line {
  /** Without a session: the connectivity test. */
  plain(call: Call, transaction: Transaction): Promise<Asked>;
  /** Inside a session, signing in first where there is none. */
  secure(call: Call, transaction: Transaction): Promise<Asked>;
}

const TIMEOUT_MS = 30_000;
const LARGEST = 1024 * 1024;
/** A session is left a minute before its end, so that no message is under way when it ends. */
const MARGIN_MS = 60_000;

/** A fresh number for what is asked, not filed: an old answer cannot be passed off as the answer to it. */
export const questionId = (): string => `Q${randomUUID().replaceAll('-', '')}`;

export function openLine(settings: LineSettings): Line {
  async function exchange(
    call: Call,
    transaction: Transaction,
    session: Session | undefined,
  ): Promise<Asked> {
    const { url, unit, identity, trust } = settings;
    const request = envelopeOf(transaction, unit, session, identity);
    const sent = await send(call, {
      operation: transaction.code,
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/xml; charset=UTF-8' },
      body: request.bytes,
      timeoutMs: TIMEOUT_MS,
      maxBytes: LARGEST,
    });
    const keepOpened = (direction: 'sent' | 'received', body: Buffer) => {
      // The signature is over the payload, and the session key dies with the session: keep what it can be checked with.
      const operation = `${transaction.code} payload`;
      if (session) call.keep({ direction, operation, contentType: 'application/xml; charset=UTF-8', body });
    };
    if (sent.kind !== 'not_sent') keepOpened('sent', request.payload);
    const answer = answerOrSetback(sent, call.now);
    if (answer.kind !== 'answered') return answer;
    const { code, messageId } = transaction;
    const expected = { code, messageId, unit, session, request: request.bytes };
    const opened = openAnswer(answer.body, expected, trust, call.now);
    if (opened.kind === 'untrusted') return { kind: 'unsure', reason: opened.reason };
    keepOpened('received', opened.payload);
    return { kind: 'answer', answer: opened };
  }

  async function signInNow(call: Call): Promise<Held<SignedIn>> {
    const asked = await exchange(call, signIn(settings.cipher)(questionId(), call.now), undefined);
    if (asked.kind !== 'answer') return nothingFiled(asked);
    const session = readSession(asked.answer, settings.cipher, settings.identity);
    if (session) {
      const until = call.now.getTime() + session.seconds * 1000 - MARGIN_MS;
      return { kind: 'held', value: session, until };
    }
    const reason = `the agency does not let us sign in (${asked.answer.code})`;
    return setbackOf(asked.answer, call.now) ?? { kind: 'retry', reason };
  }

  const session = holder<SignedIn>(signInNow);

  return {
    plain: (call, transaction) => exchange(call, transaction, undefined),
    secure: async (call, transaction) => {
      const first = await session.get(call, call.now.getTime());
      if (first.kind !== 'held') return first;
      const asked = await exchange(call, transaction, first.value);
      if (asked.kind !== 'answer' || asked.answer.code !== 'AUTH_SESSION') return asked;
      // The agency signed that it took nothing, so the same message may go again, once, under a new session.
      call.log(`${transaction.code}: the session has ended, signing in again`);
      const second = await session.get(call, call.now.getTime(), first.value);
      return second.kind === 'held' ? exchange(call, transaction, second.value) : second;
    },
  };
}
