/** Practitioners' registration by REST: OAuth 2.0 client credentials, requests and answers signed by detached JWS. */
import { z } from 'zod';
import { readIdentity, readTrust } from '../../src/crypto/certificates.ts';
import type {
  Absent,
  Adapter,
  AdapterEntry,
  Call,
  CallbackAnswer,
  FilingOrder,
  Manifest,
  Outcome,
  PingCheck,
  Setback,
} from '../adapter.ts';
import { addressAnswers, certificateCheck, unanswered } from '../checks.ts';
import { answerOrSetback, send } from '../http.ts';
import { checkIdentity, signedConnection } from '../settings.ts';
import { consentTo, inquiryAnswer, inquiryOf } from './inquiry.ts';
import { changesPage, practitionersPage } from './lists.ts';
import { type Practitioner, practitionerOf } from './map.ts';
import { openAnswer, openCallback, SIGNATURE } from './open.ts';
import {
  type Answer,
  isSettledDuplicate,
  isTokenRefused,
  lookupOutcome,
  namedIn,
  pingOutcome,
  readBackOutcome,
  submitOutcome,
  withdrawOutcome,
} from './reply.ts';
import {
  amendChange,
  getChange,
  inquire,
  listChanges,
  listPractitioners,
  ping,
  type Question,
  queryPractitioner,
  signatureOf,
  submitChange,
  withdrawChange,
} from './request.ts';
import { type Token, tokenHolder } from './token.ts';

const settingsSchema = z
  .object({
    ...signedConnection('credit.agency.mock'),
    client_id: z
      .string()
      .min(1, 'must be the client id that the agency gave out')
      .describe('OAuth client id'),
    client_secret: z
      .string()
      .min(1, "must be the client's secret")
      .meta({ secret: true })
      .describe('OAuth client secret'),
  })
  .superRefine(checkIdentity);

const manifest: Manifest = {
  name: 'credit-rest',
  title: { en: "Practitioners' registration (REST)", zh: '从业人员登记（REST）' },
  protocol: 'REST with JSON, OAuth 2.0 client credentials, detached JWS',
  kinds: ['credit_update'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number'],
  settings: settingsSchema,
  withdraws: ['submitted', 'in_review', 'correction_requested'],
  amends: ['correction_requested'],
  capabilities: [
    'lookup',
    'amend',
    'withdraw',
    'readBack',
    'ping',
    'list',
    'roster',
    'inquire',
    'parseCallback',
  ],
  concurrency: 8,
  rate: { calls: 6000, seconds: 60 },
  // At worst two tokens and the request twice.
  timeout: 120,
};

type Asked = { readonly kind: 'answer'; readonly answer: Answer } | Setback;

/** Throws when the settings would not pass the manifest's schema. */
function create(given: unknown): Adapter {
  const settings = settingsSchema.parse(given);
  const url = settings.url.replace(/\/+$/, '');
  const identity = readIdentity(settings.certificate, settings.key);
  const trust = readTrust(settings.ca, settings.agency);
  const tokens = tokenHolder(url, settings.client_id, settings.client_secret);

  async function exchange(call: Call, question: Question, token: Token): Promise<Asked> {
    const { operation, method, path, body } = question;
    const signature = signatureOf(question, identity, new Date());
    const sent = await send(call, {
      operation,
      method,
      url: `${url}${path}`,
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        Authorization: `Bearer ${token.value}`,
        'X-JWS-Signature': signature,
      },
      ...(body ? { body } : {}),
      maxBytes: 1024 * 1024,
    });
    // Signatures travel in headers, which are not kept with the bodies: without them the bodies prove nothing.
    const keepSignature = (direction: 'sent' | 'received', jws: string) =>
      call.keep({
        direction,
        operation: `${operation} signature`,
        contentType: 'application/jose',
        body: Buffer.from(jws),
      });
    if (sent.kind !== 'not_sent') keepSignature('sent', signature);
    if (sent.kind === 'answered' && sent.headers[SIGNATURE])
      keepSignature('received', sent.headers[SIGNATURE]);
    const answer = answerOrSetback(sent, call.now);
    if (answer.kind !== 'answered') return answer;
    const opened = openAnswer(answer, signature, trust, call.now);
    return opened.kind === 'opened'
      ? { kind: 'answer', answer: opened }
      : { kind: 'unsure', reason: opened.reason };
  }

  async function ask(call: Call, question: Question): Promise<Asked> {
    const first = await tokens.get(call, Date.now());
    if (first.kind !== 'held') return first;
    const asked = await exchange(call, question, first.value);
    if (asked.kind !== 'answer' || !isTokenRefused(asked.answer)) return asked;
    // The agency signed that it took nothing: once more, with a new token and the same body.
    call.log(`${question.operation}: the token is no longer taken, getting another`);
    const second = await tokens.get(call, Date.now(), first.value);
    return second.kind === 'held' ? exchange(call, question, second.value) : second;
  }

  async function lookup(call: Call): Promise<Outcome | Absent> {
    const asked = await ask(call, getChange(call.serial));
    return asked.kind === 'answer' ? lookupOutcome(asked.answer, call.serial) : asked;
  }

  async function file(call: Call, question: Question): Promise<Outcome> {
    const asked = await ask(call, question);
    if (asked.kind !== 'answer') return asked;
    const outcome = submitOutcome(asked.answer);
    if (!isSettledDuplicate(asked.answer)) return outcome;
    const followed = await lookup(call);
    return 'receipt' in followed && followed.receipt ? followed : outcome;
  }

  return {
    submit: (filing, call) =>
      withPractitioner(filing, (practitioner) => file(call, submitChange(filing, call.serial, practitioner))),
    lookup: (_, call) => lookup(call),
    amend: async (filing, call) => {
      const { previousSerial } = filing;
      if (previousSerial === undefined) return NO_EARLIER_SERIAL;
      return withPractitioner(filing, (practitioner) =>
        file(call, amendChange(previousSerial, filing, call.serial, practitioner)),
      );
    },
    withdraw: async ({ previousSerial }, call) => {
      // Any serial of the case will do, and that of an answer may never have arrived.
      const asked = await ask(call, withdrawChange(previousSerial ?? call.serial));
      return asked.kind === 'answer' ? withdrawOutcome(asked.answer) : asked;
    },
    readBack: async (filing, call) => {
      const practitioner = practitionerOf(filing);
      if (!practitioner) return { kind: 'differs', reason: NO_DOCUMENT };
      const asked = await ask(call, queryPractitioner(filing, practitioner));
      return asked.kind === 'answer' ? readBackOutcome(asked.answer, filing) : asked;
    },
    list: async ({ from, to }, call, cursor) => {
      const asked = await ask(call, listChanges(from, to, cursor));
      return asked.kind === 'answer' ? changesPage(asked.answer) : asked;
    },
    roster: async (call, cursor) => {
      const asked = await ask(call, listPractitioners(cursor));
      return asked.kind === 'answer' ? practitionersPage(asked.answer) : asked;
    },
    ping: async (call) => {
      const asked = await ask(call, ping());
      const ours = certificateCheck(identity.certificate, call.now);
      if (asked.kind === 'answer') return pingOutcome(asked.answer, [addressAnswers(url), ours], call.now);
      if (asked.kind === 'unsure' || asked.symptom !== undefined) return unanswered(asked, [ours]);
      // It answers, and does not take our client.
      const session: PingCheck = { subject: 'session', ok: false, message: asked.reason };
      return { kind: 'down', reason: asked.reason, checks: [addressAnswers(url), ours, session] };
    },
    inquire: async (inquiry, call) => {
      const ground = consentTo(inquiry, call.now);
      if (ground.kind === 'refused') return ground;
      const subject = practitionerOf(inquiry);
      if (!subject) return { kind: 'refused', code: 'DOCUMENT_UNKNOWN', message: NO_DOCUMENT };
      const asked = await ask(call, inquire(inquiryOf(inquiry, subject, ground.consent)));
      return asked.kind === 'answer' ? inquiryAnswer(asked.answer) : asked;
    },
    parseCallback: async ({ headers, body }, call) => {
      const signature = headers[SIGNATURE];
      // Beside the body, as with answers: without it the body proves nothing.
      if (signature !== undefined)
        call.keep({
          direction: 'received',
          operation: 'callback signature',
          contentType: 'application/jose',
          body: Buffer.from(signature),
        });
      const opened = openCallback(signature, body, trust, call.now);
      if (opened.kind === 'untrusted')
        return { kind: 'refused', reason: opened.reason, answer: said(401, 'AUTH_SIGNATURE') };
      const about = namedIn(opened.body);
      if (about === undefined)
        return { kind: 'refused', reason: 'not as published', answer: said(400, 'SCHEMA_INVALID') };
      const { id, sentAt } = opened;
      return { kind: 'news', id, sentAt, about, answer: said(200, 'RECEIVED') };
    },
  };
}

const said = (status: number, code: string): CallbackAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify({ code }),
});

/** What the agency has cannot be named: nothing was sent. */
const NO_EARLIER_SERIAL: Outcome = {
  kind: 'refused',
  code: 'NO_EARLIER_SERIAL',
  message: 'The filing has no earlier serial to amend.',
};

const NO_DOCUMENT = 'the identity document cannot be named in the words of the agency';

async function withPractitioner(
  filing: FilingOrder,
  file: (practitioner: Practitioner) => Promise<Outcome>,
): Promise<Outcome> {
  const practitioner = practitionerOf(filing);
  return practitioner ? file(practitioner) : { kind: 'manual', instructions: NO_DOCUMENT };
}

export const creditRest: AdapterEntry = { manifest, create };
