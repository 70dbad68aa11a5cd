/**
 * What somebody writes who has read the agency's contract and nothing else: it files, and is wrong wherever the line or
 * the agency is not at its best. For the test that shows that the suite sees it.
 */
import { z } from 'zod';
import type { Adapter, AdapterEntry, Call, FilingOrder, Outcome } from '../../adapters/adapter.ts';
import { exitOf, personOf } from '../../scaffold/adapter/map.ts';
import { type Question, signatureOf } from '../../scaffold/adapter/request.ts';
import { readIdentity } from '../../src/crypto/certificates.ts';

const settings = z.object({
  url: z.string(),
  certificate: z.string(),
  key: z.string().meta({ secret: true }),
});

interface Said {
  readonly receipt: string;
  readonly state: string;
  readonly code?: string;
  readonly message?: string;
}

const WORDS: Readonly<Record<string, string>> = {
  concluded: 'accepted',
  rejected: 'refused',
  withdrawn: 'refused',
};

function create(given: unknown): Adapter {
  const { url, certificate, key } = settings.parse(given);
  const identity = readIdentity(certificate, key);

  /** Neither the signal nor a time-out: it waits for as long as it takes. */
  async function ask(call: Call, method: 'GET' | 'POST', path: string, content?: object) {
    const body = Buffer.from(content === undefined ? '' : JSON.stringify(content));
    const question: Question = { operation: `${method} ${path}`, method, path, body };
    const headers = { 'x-signature': signatureOf(question, identity, new Date()) };
    call.keep({ direction: 'sent', operation: question.operation, contentType: 'application/json', body });
    const answer = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method,
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    // Whoever it was that answered, it is believed.
    return { status: answer.status, said: (await answer.json()) as Said };
  }

  const outcomeOf = ({ receipt, state, code = 'NO', message = '' }: Said): Outcome => {
    const kind = WORDS[state] ?? 'pending';
    if (kind === 'accepted') return { kind, receipt };
    if (kind === 'refused') return { kind, receipt, code, message };
    return { kind: 'pending', receipt, stage: 'in_review' };
  };

  async function file(filing: FilingOrder, call: Call): Promise<Outcome> {
    const person = personOf(filing);
    if (!person) throw new Error('no person');
    // When it was sent, by the clock: another message each time.
    const content = { ...exitOf(filing, call.serial, person), sent_at: performance.now() };
    const { status, said } = await ask(call, 'POST', '/exits', content).catch(async (error: Error) => {
      call.log(`${person.name}: ${error.message}, once more`);
      // In doubt, once more, under another serial so that the agency does not complain.
      return ask(call, 'POST', '/exits', { ...content, serial: `${call.serial}-again` });
    });
    if (status === 200 || status === 202) return outcomeOf(said);
    if (status >= 429) return { kind: 'retry', reason: `HTTP ${status} for ${person.name}` };
    return { kind: 'refused', code: said.code ?? 'NO', message: said.message ?? '' };
  }

  return {
    submit: file,
    lookup: async (_, call) => {
      const { status, said } = await ask(call, 'GET', `/exits/${call.serial}`);
      return status === 404 ? { kind: 'absent' } : outcomeOf(said);
    },
    readBack: async (filing, call) => {
      const body = { unit: filing.employer.uscc, person: personOf(filing) };
      const { said } = await ask(call, 'POST', '/people/query', body);
      const ended = Reflect.get(said, 'employment') === 'ended';
      return ended ? { kind: 'agrees' } : { kind: 'differs', reason: 'not yet' };
    },
    withdraw: async (_, call) => {
      const { said } = await ask(call, 'POST', `/exits/${call.serial}/cancellation`, {});
      return { kind: 'accepted', receipt: said.receipt };
    },
    ping: async () => ({ kind: 'up', message: 'surely', checks: [] }),
  };
}

export const naive: AdapterEntry = {
  manifest: {
    name: 'naive-json',
    title: { en: 'Naive', zh: '天真' },
    protocol: 'JSON over HTTP',
    kinds: ['labor_filing'],
    regions: ['*'],
    personFields: ['name', 'id_type', 'id_number'],
    settings,
    withdraws: ['submitted'],
    amends: [],
    capabilities: ['lookup', 'readBack', 'amend', 'withdraw', 'ping'],
    concurrency: 1,
    timeout: 60,
  },
  create,
};
