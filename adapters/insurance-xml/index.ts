/** Social insurance by signed and encrypted XML messages: stop of payment, and transfer of the relation. */
import { z } from 'zod';
import { BODY_CIPHERS } from '../../src/crypto/body-cipher.ts';
import { readIdentity, readTrust, unitOf } from '../../src/crypto/certificates.ts';
import type {
  Absent,
  Adapter,
  AdapterEntry,
  Call,
  FilingOrder,
  Manifest,
  Outcome,
  PingCheck,
  Setback,
} from '../adapter.ts';
import { addressAnswers, answered, certificateCheck, clockCheck, unanswered } from '../checks.ts';
import { nothingFiled } from '../http.ts';
import { checkIdentity, signedConnection } from '../settings.ts';
import { openLine, questionId } from './line.ts';
import { batchesPage, rosterPage } from './lists.ts';
import { personOf } from './map.ts';
import {
  type Answer,
  agencyTime,
  isSettledDuplicate,
  progressOutcome,
  readLocalNumber,
  refusal,
  setbackOf,
  stateReadBack,
  submitOutcome,
  unasked,
} from './reply.ts';
import {
  batchList,
  connectivityTest,
  filingTransaction,
  personState,
  progress,
  queryPerson,
  queryUnit,
  type Transaction,
  unitRoster,
} from './request.ts';

const settingsSchema = z
  .object({
    ...signedConnection('insurance.agency.mock'),
    cipher: z
      .enum(BODY_CIPHERS, `must be one of ${BODY_CIPHERS.join(', ')}`)
      .default('sm4-cbc')
      .describe('Cipher of the message bodies'),
  })
  .superRefine(checkIdentity);

const manifest: Manifest = {
  name: 'insurance-xml',
  title: { en: 'Social insurance (XML)', zh: '社会保险（XML 报文）' },
  protocol: 'XML envelope over HTTP, CMS signature, SM4 or AES body',
  kinds: ['insurance_stop', 'insurance_transfer'],
  regions: ['*'],
  personFields: ['name', 'id_number'],
  settings: settingsSchema,
  withdraws: [],
  amends: ['correction_requested'],
  capabilities: ['lookup', 'amend', 'readBack', 'ping', 'list', 'roster'],
  concurrency: 4,
  rate: { calls: 6000, seconds: 60 },
  // At worst a sign-in, the unit, the person and the filing, and the last two again under a new session.
  timeout: 180,
};

/** Throws when the settings would not pass the manifest's schema. */
function create(given: unknown): Adapter {
  const settings = settingsSchema.parse(given);
  const identity = readIdentity(settings.certificate, settings.key);
  const unit = unitOf(identity.certificate) ?? '';
  const line = openLine({
    url: settings.url,
    unit,
    cipher: settings.cipher,
    identity,
    trust: readTrust(settings.ca, settings.agency),
  });
  let unitNumber: string | undefined;

  const ask = (call: Call, question: (id: string, time: Date) => Transaction) =>
    line.secure(call, question(questionId(), call.now));

  /** AAB001. No message carries it, but a unit that the agency does not know cannot file, and hears that first. */
  async function localUnit(call: Call): Promise<string | Setback | Outcome> {
    if (unitNumber) return unitNumber;
    const asked = await ask(call, queryUnit(unit));
    if (asked.kind !== 'answer') return asked;
    unitNumber = readLocalNumber(asked.answer, 'AAB001');
    return unitNumber ?? setbackOf(asked.answer, call.now) ?? refusal(asked.answer);
  }

  async function submit(filing: FilingOrder, call: Call): Promise<Outcome> {
    if (filing.employer.uscc !== unit)
      return { kind: 'hold', reason: 'the certificate of the connection speaks for another unit' };
    const known = await localUnit(call);
    if (typeof known !== 'string') return beforeFiling(known);
    const asked = await ask(call, queryPerson(personOf(filing)));
    if (asked.kind !== 'answer') return nothingFiled(asked);
    const local = readLocalNumber(asked.answer, 'AAC001');
    if (!local) return setbackOf(asked.answer, call.now) ?? refusal(asked.answer);
    const filed = await line.secure(call, filingTransaction(filing, call.serial, local));
    if (filed.kind !== 'answer') return filed;
    const outcome = submitOutcome(filed.answer, call.now);
    if (!isSettledDuplicate(filed.answer)) return outcome;
    const followed = await lookup(filing, call);
    return 'receipt' in followed && followed.receipt ? followed : outcome;
  }

  async function lookup(filing: FilingOrder, call: Call): Promise<Outcome | Absent> {
    const asked = await ask(call, progress(call.serial));
    return asked.kind === 'answer' ? progressOutcome(asked.answer, filing, call.serial, call.now) : asked;
  }

  return {
    submit,
    // Rows that are settled answer ALREADY_DONE, which counts as done: the whole batch goes again, under its new serial.
    amend: submit,
    lookup,
    readBack: async (filing, call) => {
      const person = await ask(call, queryPerson(personOf(filing)));
      if (person.kind !== 'answer') return person;
      const local = readLocalNumber(person.answer, 'AAC001');
      if (!local) {
        const { code } = person.answer;
        if (code === 'NOT_IN_UNIT' || code === 'IDENTITY_MISMATCH')
          return { kind: 'differs', reason: `the agency does not find the person (${code})` };
        return setbackOf(person.answer, call.now) ?? unasked(person.answer);
      }
      const asked = await ask(call, personState(local));
      return asked.kind === 'answer' ? stateReadBack(asked.answer, filing, call.now) : asked;
    },
    list: async ({ from, to }, call, cursor) => {
      const asked = await ask(call, batchList(from, to, cursor));
      return asked.kind === 'answer' ? batchesPage(asked.answer, call.now) : asked;
    },
    roster: async (call, cursor) => {
      const asked = await ask(call, unitRoster(cursor));
      return asked.kind === 'answer' ? rosterPage(asked.answer, call.now) : asked;
    },
    ping: async (call) => {
      const asked = await line.plain(call, connectivityTest(questionId(), call.now));
      const ours = certificateCheck(identity.certificate, call.now);
      if (asked.kind !== 'answer') return unanswered(asked, [ours]);
      const setback = setbackOf(asked.answer, call.now);
      if (setback?.symptom !== undefined) return unanswered(setback, [ours]);
      const here = [addressAnswers(settings.url), ours];
      const { code } = asked.answer;
      if (code !== '0') return { kind: 'down', reason: `the agency answers ${code}`, checks: here };
      const clock = clockCheck(agencyTime(asked.answer), call.now);
      const known = await ask(call, queryUnit(unit));
      if (known.kind !== 'answer') {
        const session: PingCheck = { subject: 'session', ok: false, message: known.reason };
        return answered('', [...here, clock, session]);
      }
      return answered('the agency answers and accepts our certificate', [
        ...here,
        clock,
        { subject: 'session', ok: true, message: 'the agency lets us sign in' },
        unitCheck(known.answer),
      ]);
    },
  };
}

function unitCheck(answer: Answer): PingCheck {
  const found = readLocalNumber(answer, 'AAB001') !== undefined;
  const message = found
    ? 'the agency has a local number for the unit'
    : `the agency has no local number for the unit of the certificate (${answer.code})`;
  return { subject: 'unit', ok: found, message };
}

function beforeFiling(outcome: Setback | Outcome): Outcome {
  return outcome.kind === 'unsure' ? nothingFiled(outcome) : outcome;
}

export const insuranceXml: AdapterEntry = { manifest, create };
