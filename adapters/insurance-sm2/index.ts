/** Social insurance of a second city: JSON, signed with SM2 and SM3, bodies sealed with SM4; callbacks tell what has changed. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type {
  Absent,
  Adapter,
  AdapterEntry,
  Call,
  Callback,
  CallbackAnswer,
  FilingOrder,
  Manifest,
  Outcome,
  Setback,
} from '../adapter.ts';
import { addressAnswers, answered, clockCheck, unanswered } from '../checks.ts';
import { answerOrSetback, nothingFiled, send } from '../http.ts';
import { codesAnswer, enrolmentAnswer, listPage, rosterPage, unitAnswer } from './lists.ts';
import { personOf, retiredCode } from './map.ts';
import { openAnswer, openCallback } from './open.ts';
import {
  isSettledDuplicate,
  lookupOutcome,
  manualCode,
  readBackOutcome,
  submitOutcome,
  withdrawOutcome,
} from './reply.ts';
import {
  amendChange,
  codeTables,
  envelopeOf,
  fileChange,
  listChanges,
  listPersons,
  personState,
  ping,
  type Question,
  queryChange,
  queryEnrolment,
  queryUnit,
  withdrawChange,
} from './request.ts';
import { readSettings, settingsSchema } from './settings.ts';

const manifest: Manifest = {
  name: 'insurance-sm2',
  title: { en: 'Social insurance (SM2)', zh: '社会保险（国密 SM2）' },
  protocol: 'JSON over HTTPS, SM2/SM3 signature, SM4 body, callbacks',
  kinds: ['insurance_stop', 'insurance_transfer'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number'],
  settings: settingsSchema,
  withdraws: ['submitted', 'in_review', 'correction_requested'],
  amends: ['correction_requested'],
  capabilities: [
    'lookup',
    'readBack',
    'amend',
    'withdraw',
    'ping',
    'list',
    'roster',
    'inquire',
    'parseCallback',
    'codes',
  ],
  concurrency: 4,
  rate: { calls: 20, seconds: 1 },
  // At worst the unit, the filing, and the question after a settled duplicate.
  timeout: 120,
};

type Asked = { readonly kind: 'answer'; readonly value: unknown; readonly sentAt: Date } | Setback;

const LARGEST = 1024 * 1024;
const JSON_TYPE = 'application/json';

/** Throws when the settings would not pass the manifest's schema. */
function create(given: unknown): Adapter {
  const { url, uscc, identity, trust } = readSettings(given);
  let unitNumber: string | undefined;

  async function ask(call: Call, question: Question): Promise<Asked> {
    const { operation, path } = question;
    const request = envelopeOf(question, identity, new Date(), randomBytes(16).toString('hex'));
    const sent = await send(call, {
      operation,
      method: 'POST',
      url: `${url}${path}`,
      headers: { Accept: JSON_TYPE, ...request.headers },
      body: request.body,
      maxBytes: LARGEST,
    });
    // What was signed is the sealed body under these headers; what it says, only the opened content tells.
    const keep = (direction: 'sent' | 'received', part: string, body: Uint8Array) =>
      call.keep({ direction, operation: `${operation} ${part}`, contentType: JSON_TYPE, body });
    if (sent.kind !== 'not_sent') {
      keep('sent', 'content', request.content);
      keep('sent', 'signature', signatureRecord(request.headers));
    }
    if (sent.kind === 'answered') keep('received', 'signature', signatureRecord(sent.headers));
    const answer = answerOrSetback(sent, call.now);
    if (answer.kind !== 'answered') return answer;
    const opened = openAnswer(answer, { path, nonce: request.nonce }, trust);
    if (opened.kind === 'untrusted') return { kind: 'unsure', reason: opened.reason };
    keep('received', 'content', opened.content);
    return { kind: 'answer', value: opened.value, sentAt: opened.sentAt };
  }

  async function askFor<T extends { readonly kind: string }>(
    call: Call,
    question: Question,
    read: (value: unknown) => T,
  ): Promise<T | Setback> {
    const asked = await ask(call, question);
    return asked.kind === 'answer' ? read(asked.value) : asked;
  }

  async function knownUnit(call: Call) {
    if (unitNumber !== undefined) return { kind: 'unit', number: unitNumber } as const;
    const unit = await askFor(call, queryUnit(uscc), unitAnswer);
    if (unit.kind === 'unit') unitNumber = unit.number;
    return unit;
  }

  /** Lists go by the client, and would agree with another unit than the one in the settings. */
  async function ofUnit<T>(call: Call, work: () => Promise<T | Setback>): Promise<T | Setback> {
    const unit = await knownUnit(call);
    return unit.kind === 'unit' ? work() : unit;
  }

  async function fileAs(make: typeof fileChange, filing: FilingOrder, call: Call): Promise<Outcome> {
    if (filing.employer.uscc !== uscc)
      return { kind: 'hold', reason: 'the client of the connection speaks for another unit' };
    const gone = retiredCode(filing, call.codes);
    if (gone !== undefined) return manualCode(gone);
    const unit = await knownUnit(call);
    if (unit.kind !== 'unit') return nothingFiled(unit);
    const asked = await ask(call, make(filing, call.serial, unit.number));
    if (asked.kind !== 'answer') return asked;
    const outcome = submitOutcome(asked.value);
    // A number that the agency has given anew is asked for before the next try.
    if (outcome.kind === 'hold') unitNumber = undefined;
    if (!isSettledDuplicate(asked.value)) return outcome;
    const followed = await lookup(filing, call);
    return 'receipt' in followed && followed.receipt ? followed : outcome;
  }

  const lookup = (filing: FilingOrder, call: Call): Promise<Outcome | Absent> =>
    askFor<Outcome | Absent>(call, queryChange(call.serial), (value) =>
      lookupOutcome(value, filing, call.serial),
    );

  return {
    submit: (filing, call) => fileAs(fileChange, filing, call),
    amend: (filing, call) => fileAs(amendChange, filing, call),
    lookup,
    withdraw: (_, call) => askFor<Outcome>(call, withdrawChange(call.serial), withdrawOutcome),
    readBack: (filing, call) => askFor(call, personState(filing), (value) => readBackOutcome(value, filing)),
    list: (period, call, page) => ofUnit(call, () => askFor(call, listChanges(period, page), listPage)),
    roster: (call, page) => ofUnit(call, () => askFor(call, listPersons(page), rosterPage)),
    async inquire({ kind, employer, person }, call) {
      if (kind !== 'enrolment' || employer.uscc !== uscc)
        return {
          kind: 'refused',
          code: 'NOT_OFFERED',
          message: 'The agency answers enrolment questions of its own unit only.',
        };
      return askFor(call, queryEnrolment(personOf(person)), enrolmentAnswer);
    },
    codes: (call) => askFor(call, codeTables(), codesAnswer),
    async ping(call) {
      const asked = await ask(call, ping());
      if (asked.kind !== 'answer') return unanswered(asked, []);
      const unit = await askFor(call, queryUnit(uscc), unitAnswer);
      const known = unit.kind === 'unit';
      // Keys have no end: there is no certificate to look at.
      return answered('the agency answers and accepts our client and signature', [
        addressAnswers(url),
        clockCheck(asked.sentAt, new Date()),
        { subject: 'unit', ok: known, message: known ? 'the agency has a number for the unit' : unit.reason },
      ]);
    },
    async parseCallback(request, call): Promise<Callback> {
      const opened = openCallback(request, identity.clientId, trust, new Date());
      if (opened.kind === 'untrusted') return refusedCallback(opened.reason);
      const read = news.safeParse(opened.value);
      if (!read.success) return refusedCallback('the callback does not keep to the contract');
      const { id, serial, receipt } = read.data;
      call.keep({ direction: 'received', operation: 'callback', contentType: JSON_TYPE, body: request.body });
      call.keep({
        direction: 'received',
        operation: 'callback content',
        contentType: JSON_TYPE,
        body: opened.content,
      });
      return { kind: 'news', id, sentAt: opened.sentAt, about: [{ serial, receipt }], answer: TAKEN };
    },
  };
}

/** The state that a callback claims is not read: callbacks come late and out of order, so the change is asked about. */
const news = z.object({
  id: z.string().regex(/^[A-Z0-9-]{1,60}$/),
  serial: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  receipt: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
});

const TAKEN: CallbackAnswer = { status: 200, contentType: JSON_TYPE, body: '{"code":"OK"}' };
const refusedCallback = (reason: string): Callback => ({
  kind: 'refused',
  reason,
  answer: { status: 401, contentType: JSON_TYPE, body: '{"code":"REFUSED"}' },
});

const SIGNED = ['x-client-id', 'x-timestamp', 'x-nonce', 'x-signature'];

/** The headers that a signature needs to be checked again. */
function signatureRecord(headers: Readonly<Record<string, string>>): Buffer {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Buffer.from(JSON.stringify(Object.fromEntries(own.filter(([name]) => SIGNED.includes(name)))));
}

export const insuranceSm2: AdapterEntry = { manifest, create };
