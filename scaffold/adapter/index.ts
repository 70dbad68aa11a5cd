/** Sample agency: JSON over HTTP, requests and answers signed by a detached JWS. */
import { z } from 'zod';
import type {
  Adapter,
  AdapterEntry,
  Call,
  FilingOrder,
  Manifest,
  Outcome,
  Setback,
} from '../../adapters/adapter.ts';
import { addressAnswers, certificateCheck, unanswered } from '../../adapters/checks.ts';
import { answerOrSetback, send } from '../../adapters/http.ts';
import { checkIdentity, signedConnection } from '../../adapters/settings.ts';
import { readIdentity, readTrust } from '../../src/crypto/certificates.ts';
import { type Person, personOf } from './map.ts';
import { openAnswer, SIGNATURE } from './open.ts';
import {
  type Answer,
  cancelOutcome,
  filedOutcome,
  lookupOutcome,
  pingOutcome,
  readBackOutcome,
} from './reply.ts';
import {
  amendExit,
  cancelExit,
  getExit,
  ping,
  type Question,
  queryPerson,
  signatureOf,
  submitExit,
} from './request.ts';

const settingsSchema = z
  .object({ ...signedConnection('sample-json.agency.mock') })
  .superRefine(checkIdentity);

const manifest: Manifest = {
  name: 'sample-json',
  title: { en: 'Sample agency', zh: 'sample-json' },
  protocol: 'JSON over HTTP, detached JWS',
  kinds: ['labor_filing'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number'],
  settings: settingsSchema,
  withdraws: ['submitted', 'in_review', 'correction_requested'],
  amends: ['correction_requested'],
  capabilities: ['lookup', 'readBack', 'amend', 'withdraw', 'ping'],
  concurrency: 4,
  timeout: 60,
};

type Asked = { readonly kind: 'answer'; readonly answer: Answer } | Setback;

/** Throws when the settings would not pass the manifest's schema. */
function create(given: unknown): Adapter {
  const settings = settingsSchema.parse(given);
  const url = settings.url.replace(/\/+$/, '');
  const identity = readIdentity(settings.certificate, settings.key);
  const trust = readTrust(settings.ca, settings.agency);

  async function ask(call: Call, question: Question): Promise<Asked> {
    const { operation, method, path, body } = question;
    const signature = signatureOf(question, identity, new Date());
    const sent = await send(call, {
      operation,
      method,
      url: `${url}${path}`,
      headers: {
        Accept: 'application/json',
        ...(body.length > 0 ? { 'Content-Type': 'application/json' } : {}),
        [SIGNATURE]: signature,
      },
      ...(body.length > 0 ? { body } : {}),
      maxBytes: 1024 * 1024,
    });
    // Signatures travel in headers, which are not kept with the bodies: without them the bodies prove nothing.
    const keep = (direction: 'sent' | 'received', jws: string) =>
      call.keep({
        direction,
        operation: `${operation} signature`,
        contentType: 'application/jose',
        body: Buffer.from(jws),
      });
    if (sent.kind !== 'not_sent') keep('sent', signature);
    if (sent.kind === 'answered' && sent.headers[SIGNATURE]) keep('received', sent.headers[SIGNATURE]);
    const answer = answerOrSetback(sent, call.now);
    if (answer.kind !== 'answered') return answer;
    const opened = openAnswer(answer, signature, trust, call.now);
    return opened.kind === 'opened'
      ? { kind: 'answer', answer: opened }
      : { kind: 'unsure', reason: opened.reason };
  }

  async function file(filing: FilingOrder, call: Call, make: (person: Person) => Question): Promise<Outcome> {
    const person = personOf(filing);
    if (!person) return { kind: 'manual', instructions: NO_DOCUMENT };
    const asked = await ask(call, make(person));
    return asked.kind === 'answer' ? filedOutcome(asked.answer, call.serial) : asked;
  }

  return {
    submit: (filing, call) => file(filing, call, (person) => submitExit(filing, call.serial, person)),
    amend: async (filing, call) =>
      filing.receipt === undefined
        ? { kind: 'manual', instructions: 'an amendment needs the receipt of what it amends' }
        : file(filing, call, (person) => amendExit(filing.receipt ?? '', filing, call.serial, person)),
    lookup: async (_, call) => {
      const asked = await ask(call, getExit(call.serial));
      return asked.kind === 'answer' ? lookupOutcome(asked.answer, call.serial) : asked;
    },
    withdraw: async (_, call) => {
      const asked = await ask(call, cancelExit(call.serial));
      return asked.kind === 'answer' ? cancelOutcome(asked.answer, call.serial) : asked;
    },
    readBack: async (filing, call) => {
      const person = personOf(filing);
      if (!person) return { kind: 'differs', reason: NO_DOCUMENT };
      const asked = await ask(call, queryPerson(filing, person));
      return asked.kind === 'answer' ? readBackOutcome(asked.answer, filing) : asked;
    },
    ping: async (call) => {
      const asked = await ask(call, ping());
      const ours = certificateCheck(identity.certificate, call.now);
      return asked.kind === 'answer'
        ? pingOutcome(asked.answer, [addressAnswers(url), ours], call.now)
        : unanswered(asked, [ours]);
    },
  };
}

const NO_DOCUMENT = 'the identity document cannot be named in the words of the agency';

export const sampleJson: AdapterEntry = { manifest, create };
