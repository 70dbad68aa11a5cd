// The staged path with the smallest agency there can be: order of stages, all-or-nothing commit, loud bugs.
import assert from 'node:assert/strict';
import { type Agency, type Call, type Message, Refusal } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { createSandbox, type Sandbox } from '../../../mocks/kernel/sandbox.ts';

type Parrot = Agency<Message & { text: string }, string, string>;

const parrot: Parrot = {
  name: 'credit',
  commonName: 'parrot.agency.mock',
  clerkDelay: 'PT1S',
  reads: [],
  page: () => undefined,
  operation: () => 'say',
  authenticate: (call) => ({ operation: 'say', text: call.body.toString() }),
  validate: () => undefined,
  handle({ text }, room) {
    room.store.table<{ text: string }>('credit.said').put(text, { text });
    room.schedule(room.now(), 'echo', text);
    if (text === 'no') throw new Refusal('NO', 'not that');
    if (text === 'bug') throw new Error('a bug');
    return text;
  },
  encode: (text) => text,
  refuse: ({ code }) => code,
  check(draft) {
    if (draft === 'unpublished') throw new Error('not in the contract');
  },
  seal: (draft, _call, _message, signer) => ({ status: 200, headers: {}, body: `${draft}, ${signer.cn}` }),
  fire: (_event, subject) => ({ en: subject, zh: subject }),
  cases: () => [],
  decide: () => {
    throw new Refusal('NO', 'never');
  },
};

describe('kernel exchange', () => {
  let sandbox: Sandbox;
  before(async () => {
    const keys = await prepareKeys();
    sandbox = createSandbox([parrot], { name: 'x', seed: 's', population: 'auto', clerk: 'accept', keys });
    sandbox.clock.freeze();
  });
  after(() => sandbox.close());

  const say = async (text: string) => {
    const call: Call = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(text),
      base: 'http://127.0.0.1',
    };
    const outcome = await exchange(parrot, sandbox, call);
    const entry = sandbox.journal.list().at(-1);
    const said = sandbox.room('credit').store.table<{ text: string }>('credit.said');
    return {
      reply: outcome.kind === 'reply' ? `${outcome.reply.status} ${outcome.reply.body}` : outcome.kind,
      stages: entry?.stages.map(({ stage }) => stage).join(' '),
      error: entry?.error,
      said: said.get(text) !== undefined,
      timers: sandbox.clock.upcoming().filter(({ subject }) => subject === text).length,
    };
  };

  it('goes through the stages in order', async () => {
    assert.deepEqual(await say('hello'), {
      reply: '200 hello, parrot.agency.mock',
      stages: 'limits authenticate validate scenario commit encode check sign',
      error: undefined,
      said: true,
      timers: 1,
    });
  });

  it('takes back rows and timers of a refusal, and still checks and signs it', async () => {
    assert.deepEqual(await say('no'), {
      reply: '200 NO, parrot.agency.mock',
      stages: 'limits authenticate validate scenario commit check sign',
      error: undefined,
      said: false,
      timers: 0,
    });
  });

  it('is loud about a bug and about an answer that breaks the published contract', async () => {
    const bug = await say('bug');
    assert.match(bug.reply, /^500 mock agency credit is broken: a bug/);
    assert.deepEqual([bug.said, bug.timers], [false, 0]);
    const unpublished = await say('unpublished');
    assert.match(unpublished.reply, /^500 .*not in the contract/);
    assert.match(unpublished.error ?? '', /kernel-exchange/);
  });
});
