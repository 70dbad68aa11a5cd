/** Labour filing (劳动用工备案) over SOAP 1.1 with signed bodies. README.md beside this file tells what means what. */
import { readIdentity, readTrust, unitOf } from '../../src/crypto/certificates.ts';
import type {
  Adapter,
  AdapterEntry,
  Call,
  FilingOrder,
  Manifest,
  Outcome,
  Page,
  PingCheck,
  Setback,
} from '../adapter.ts';
import { addressAnswers, answered, certificateCheck, clockCheck, unanswered } from '../checks.ts';
import { compactDate, readCompactTime } from '../format.ts';
import { answerOrSetback, nothingFiled, send } from '../http.ts';
import { readEmployees, readFilings } from './lists.ts';
import { contentOf, type Fields, type LocalNumbers, type Person, personOf, reasonOf } from './map.ts';
import {
  noOutcome,
  type PersonState,
  type Reply,
  readPerson,
  readReply,
  readStates,
  readTime,
  readUnitNumber,
  statesOutcome,
  UNREADABLE,
} from './reply.ts';
import { envelopeOf, headersOf, type Operation } from './request.ts';
import { settings } from './settings.ts';

const manifest: Manifest = {
  name: 'labor-soap',
  title: { en: 'Labour filing (SOAP)', zh: '劳动用工备案（SOAP）' },
  protocol: 'SOAP 1.1, XML-DSig',
  kinds: ['labor_filing'],
  regions: ['*'],
  personFields: ['name', 'id_type', 'id_number'],
  settings,
  withdraws: ['submitted', 'in_review', 'correction_requested'],
  amends: ['correction_requested'],
  capabilities: ['lookup', 'amend', 'withdraw', 'readBack', 'ping', 'list', 'roster'],
  concurrency: 4,
  rate: { calls: 6000, seconds: 60 },
  // A submission is at most four requests of 30 seconds.
  timeout: 120,
};

const PERSON_INCOMPLETE: Outcome = {
  kind: 'refused',
  code: 'PERSON_INCOMPLETE',
  message:
    'The name, the type or the number of the identity document is missing, or the agency does not know the type.',
};
const NO_RECEIPT: Outcome = {
  kind: 'refused',
  code: 'NO_RECEIPT',
  message: 'The filing has no receipt yet.',
};
/** Why a question was not answered: a code, never the agency's own text. */
const reasonIn = (outcome: Outcome): string =>
  'reason' in outcome ? outcome.reason : 'code' in outcome ? outcome.code : outcome.kind;
const OTHER_FILING: Outcome = { kind: 'unsure', reason: 'the answer is about another filing' };

/** A question that was refused says nothing about the filing it was asked for. */
function unasked(reply: Reply): Outcome {
  const no = noOutcome(reply);
  if (no?.kind === 'refused')
    return { kind: 'unsure', reason: `the agency refused the question (${no.code})` };
  return no ?? UNREADABLE;
}

/** Of a list: what is no page of it, whatever the reason, leaves it unread. */
function unread(outcome: Outcome): Setback {
  if (outcome.kind === 'retry' || outcome.kind === 'hold' || outcome.kind === 'unsure') return outcome;
  const why = outcome.kind === 'refused' ? outcome.code : outcome.kind;
  return { kind: 'unsure', reason: `the agency refused the question (${why})` };
}

interface Local extends LocalNumbers {
  readonly kind: 'local';
  readonly person: Person;
  readonly state: PersonState;
}

function create(input: unknown): Adapter {
  const { url, certificate, key, ca, agency, reason_version: version, timeout } = settings.parse(input);
  const identity = readIdentity(certificate, key);
  const trust = readTrust(ca, agency);
  /** AAB001 by USCC. A unit keeps its number; a person's changes with the employment and is always asked for. */
  const units = new Map<string, string>();

  async function ask(call: Call, operation: Operation, fields: Fields): Promise<Reply | Outcome> {
    const body = envelopeOf(operation, fields, identity);
    const headers = headersOf(operation);
    const sent = await send(call, {
      operation,
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs: timeout * 1000,
    });
    // Faults travel with 500, or with 501 for what is not implemented.
    const answer = answerOrSetback(sent, call.now, [500, 501]);
    return answer.kind === 'answered' ? readReply(answer.body, operation, trust, call.now) : answer;
  }

  async function unitNumber(uscc: string, call: Call): Promise<string | Outcome> {
    const known = units.get(uscc);
    if (known !== undefined) return known;
    const reply = await ask(call, 'QueryUnit', { BAB010: uscc });
    if (reply.kind !== 'reply') return reply;
    const AAB001 = readUnitNumber(reply);
    if (AAB001 === undefined) return noOutcome(reply) ?? UNREADABLE;
    units.set(uscc, AAB001);
    return AAB001;
  }

  /** One page of what the agency has of the unit that the certificate speaks for. */
  async function askList<Entry>(
    call: Call,
    operation: Operation,
    fields: Fields,
    read: (reply: Reply) => Page<Entry>,
  ): Promise<Page<Entry>> {
    const uscc = unitOf(identity.certificate) ?? '';
    const AAB001 = await unitNumber(uscc, call);
    if (typeof AAB001 !== 'string') return unread(AAB001);
    const reply = await ask(call, operation, { AAB001, ...fields });
    if (reply.kind !== 'reply') return unread(reply);
    if (reply.code === 'NOT_IN_UNIT') units.delete(uscc);
    return reply.code === '0' ? read(reply) : unread(unasked(reply));
  }

  /** Asked anew: the unit may have been struck off. */
  async function unitCheck(call: Call, uscc: string): Promise<PingCheck> {
    const reply = await ask(call, 'QueryUnit', { BAB010: uscc });
    const found = reply.kind === 'reply' && readUnitNumber(reply) !== undefined;
    const why = reply.kind === 'reply' ? (noOutcome(reply) ?? UNREADABLE) : reply;
    const message = found
      ? 'the agency has a local number for the unit'
      : `the agency gives no local number for the unit of the certificate (${reasonIn(why)})`;
    return { subject: 'unit', ok: found, message };
  }

  /** The agency's numbers for unit and person, and the state of the employment. */
  async function lookUpLocal(filing: FilingOrder, call: Call): Promise<Local | Outcome> {
    const person = personOf(filing);
    if (!person) return PERSON_INCOMPLETE;
    const { uscc } = filing.employer;
    const AAB001 = await unitNumber(uscc, call);
    if (typeof AAB001 !== 'string') return AAB001;
    const reply = await ask(call, 'QueryPerson', { AAB001, ...person });
    if (reply.kind !== 'reply') return reply;
    // If it is the unit's number that is no longer right, the next call asks for it anew.
    if (reply.code === 'NOT_IN_UNIT') units.delete(uscc);
    const state = readPerson(reply);
    return state
      ? { kind: 'local', AAB001, AAC001: state.AAC001, person, state }
      : (noOutcome(reply) ?? UNREADABLE);
  }

  /** A new filing, or a new revision of one that waits for a supplement. */
  async function file(filing: FilingOrder, call: Call, receipt?: string): Promise<Outcome> {
    const local = await lookUpLocal(filing, call);
    if (local.kind === 'unsure') return nothingFiled(local); // only asked so far
    if (local.kind !== 'local') return local;
    const content = contentOf(filing, local.person, local, call.serial, version);
    const reply = receipt
      ? await ask(call, 'SupplementFiling', { SAA036: receipt, ...content })
      : await ask(call, 'SubmitTermination', content);
    if (reply.kind !== 'reply') return reply;
    const states = readStates(reply);
    if (!states) return noOutcome(reply) ?? UNREADABLE;
    if (states.BAE941 !== call.serial || (receipt && states.SAA036 !== receipt)) return OTHER_FILING;
    if (reply.code !== 'DUPLICATE') return noOutcome(reply) ?? statesOutcome(states);
    // Taken before, and the answer was lost: done. What became of it meanwhile, reasons and corrections, only QueryFiling tells.
    const followed = await lookup({ ...filing, receipt: states.SAA036 }, call);
    const known = ['accepted', 'pending', 'correction', 'refused'].includes(followed.kind);
    return known && followed.kind !== 'absent'
      ? followed
      : { kind: 'pending', receipt: states.SAA036, stage: 'received' };
  }

  const lookup = async (filing: FilingOrder, call: Call) => {
    // Always by serial: by receipt, a revision that never arrived would be answered with the state of the one before.
    const reply = await ask(call, 'QueryFiling', { BAE941: call.serial });
    if (reply.kind !== 'reply') return reply;
    if (reply.code === 'NOT_FOUND') {
      const known = filing.receipt !== undefined && filing.revision === 1;
      return known
        ? ({
            kind: 'unsure',
            reason: 'the agency no longer finds a filing that it gave a receipt for',
          } as const)
        : ({ kind: 'absent' } as const);
    }
    const states = readStates(reply);
    if (!states) return unasked(reply);
    const same = states.BAE941 === call.serial && states.SAA036 === (filing.receipt ?? states.SAA036);
    return same ? statesOutcome(states) : OTHER_FILING;
  };

  return {
    submit: (filing, call) => file(filing, call),
    lookup,
    amend: async (filing, call) => (filing.receipt ? file(filing, call, filing.receipt) : NO_RECEIPT),

    /** `accepted` means that the withdrawal was. */
    withdraw: async (filing, call) => {
      if (!filing.receipt) return NO_RECEIPT;
      const reply = await ask(call, 'WithdrawFiling', { SAA036: filing.receipt });
      if (reply.kind !== 'reply') return reply;
      const states = readStates(reply);
      if (!states) return noOutcome(reply) ?? UNREADABLE;
      return states.SAA036 === filing.receipt ? { kind: 'accepted', receipt: states.SAA036 } : OTHER_FILING;
    },

    readBack: async (filing, call) => {
      const local = await lookUpLocal(filing, call);
      if (local.kind === 'refused') return { kind: 'differs', reason: local.code };
      if (local.kind === 'retry' || local.kind === 'hold' || local.kind === 'unsure') return local;
      if (local.kind !== 'local')
        return { kind: 'unsure', reason: 'the state of the employment cannot be asked for' };
      const { employmentState, abc916, abc917 } = local.state;
      if (employmentState !== 'ended')
        return { kind: 'differs', reason: 'the employment has not ended there' };
      if (abc916 !== filing.exitDate)
        return { kind: 'differs', reason: 'the employment ended on another day there' };
      // The reason decides the unemployment benefit, so another one there is not what was filed.
      const same = abc917 === undefined || abc917 === reasonOf(filing, version);
      return same
        ? { kind: 'agrees' }
        : { kind: 'differs', reason: 'the employment ended for another reason there' };
    },

    list: ({ from, to }, call, cursor) =>
      askList(call, 'ListFilings', { from: compactDate(from), to: compactDate(to), cursor }, readFilings),
    roster: (call, cursor) => askList(call, 'ListEmployees', { cursor }, readEmployees),

    ping: async (call) => {
      const reply = await ask(call, 'Ping', {});
      const ours = certificateCheck(identity.certificate, call.now);
      const no = reply.kind === 'reply' ? noOutcome(reply) : reply;
      if (no?.kind === 'unsure') return unanswered(no, [ours]);
      if (no !== undefined && 'symptom' in no && no.symptom !== undefined) return unanswered(no, [ours]);
      const here = [addressAnswers(url), ours];
      const said = reply.kind === 'reply' ? readTime(reply) : undefined;
      if (!said) return { kind: 'down', reason: reasonIn(no ?? UNREADABLE), checks: here };
      return answered(`agency time ${said.time}, ${said.businessHours}`, [
        ...here,
        clockCheck(readCompactTime(said.time), call.now),
        await unitCheck(call, unitOf(identity.certificate) ?? ''),
      ]);
    },
  };
}

export const laborSoap: AdapterEntry = { manifest, create };
