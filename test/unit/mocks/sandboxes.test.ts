// Sandboxes as states: snapshot, restore, fork, the same bytes for the same calls, and no talk across.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { exchange } from '../../../mocks/kernel/exchange.ts';
import { syntheticIdNumber } from '../../support/builders.ts';
import * as credit from './credit-client.ts';
import * as insurance from './insurance-client.ts';
import { type LaborClient, laborClient, PERSON, UNIT } from './labor-client.ts';

const START = new Date('2027-01-04T02:00:00Z');

describe('sandboxes', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`state-${count}`, { start: START, frozen: true });
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const states = (of: SandboxHandle = box) => of.cases('labor').map(({ state }) => state);

  it('are born at the time told, to the millisecond, and go back to it', () => {
    assert.equal(box.now().getTime(), START.getTime());
    box.advance('P1D');
    box.reset();
    assert.equal(box.now().getTime(), START.getTime());
  });

  it('go back to a snapshot: cases, rolls, time, timers, faults and the clerk', async () => {
    await client.submit('S-1');
    const before = box.snapshot();
    box.advance('PT3S');
    await client.submit('S-9', { AAC002: syntheticIdNumber(9), AAC003: '测试丙' });
    box.fault({ fault: 'hang' });
    box.clerk('labor', { policy: 'manual' });
    assert.deepEqual(states(), ['concluded', 'submitted']);
    box.restore(before);
    assert.deepEqual(states(), ['submitted']);
    assert.equal(box.now().getTime(), START.getTime());
    assert.deepEqual(box.faults(), []);
    assert.equal(box.membership(UNIT.uscc, PERSON.idNumber)?.employment.state, 'active');
    box.advance('PT3S');
    assert.deepEqual(states(), ['concluded'], 'the timers of the snapshot fire again');
    assert.equal((await client.submit('S-2', { AAC002: '440305199202290036', AAC003: '李某' })).code, '0');
  });

  it('part after a fork, and both know the client of the first', async () => {
    await client.submit('S-1');
    const fork = agencies.fork(box.name, `${box.name}-too`);
    box.advance('PT3S');
    assert.deepEqual([states(), states(fork)], [['concluded'], ['submitted']]);
    assert.equal(fork.caPem, box.caPem);
    const there = laborClient(fork.urls.labor, client.identity);
    assert.equal((await there.send('QueryFiling', { BAE941: 'S-1' })).field('SAA043'), '2');
    assert.equal(fork.oauthClient(UNIT.uscc).clientSecret, box.oauthClient(UNIT.uscc).clientSecret);
    assert.throws(() => agencies.fork(box.name, fork.name), RangeError);
  });

  it('keep fifty clients apart that come all at once', async () => {
    const runs = Array.from({ length: 50 }, async (_, n) => {
      const own = agencies.sandbox(`crowd-${n}`, { start: START, frozen: true });
      const { submit } = laborClient(own.urls.labor, await own.identity(UNIT.uscc, UNIT.name));
      for (let serial = 0; serial < n % 4; serial += 1)
        await submit(`S-${n}-${serial}`, {
          AAC002: syntheticIdNumber(serial),
          AAC003: `人${serial}`,
        });
      own.advance('PT3S');
      return own.cases('labor').map(({ serial, state }) => `${serial} ${state}`);
    });
    const seen = await Promise.all(runs);
    assert.deepEqual(
      seen,
      seen.map((_, n) => Array.from({ length: n % 4 }, (_each, serial) => `S-${n}-${serial} concluded`)),
    );
  });
});

describe('sandboxes of the same seed', () => {
  const WALL = new Date('2026-11-25T02:00:00Z');
  const start = '2026-11-25T02:00:00Z';

  /** The bytes of every answer of one run. */
  async function insuranceRun(): Promise<string[]> {
    const { sandbox, client, agency } = await insurance.openBox('same', start, { wallNow: () => WALL });
    const bytes: string[] = [];
    const send = async (code: string, element: string, id: string) => {
      const call = client.build(code, element, id, {}, ['0001', '0002'].includes(code));
      const outcome = await exchange(agency, sandbox, call);
      assert.ok('reply' in outcome);
      bytes.push(JSON.stringify(outcome.reply.headers) + outcome.reply.body.toString());
    };
    await send('0001', '<ConnectivityTest/>', 'Q-1');
    await send('0002', '<SignIn><Algorithm>sm4-cbc</Algorithm></SignIn>', 'Q-2');
    await client.signIn();
    await send('1001', `<QueryUnit><BAB010>${insurance.UNIT}</BAB010></QueryUnit>`, 'Q-3');
    await send('3001', '<Progress><MessageId>never</MessageId></Progress>', 'Q-4');
    await send('9999', '<QueryUnit/>', 'Q-5');
    sandbox.close();
    return bytes;
  }

  async function creditRun(): Promise<string[]> {
    const { sandbox, client, agency } = await credit.openBox('same', start, { wallNow: () => WALL });
    const bytes: string[] = [];
    const send = async (method: string, path: string, content?: unknown) => {
      const outcome = await exchange(agency, sandbox, await client.build(method, path, content));
      assert.ok('reply' in outcome);
      bytes.push(JSON.stringify(outcome.reply.headers) + outcome.reply.body.toString());
    };
    await send('GET', '/v1/ping');
    await send('POST', '/v1/registration-changes', credit.change('S-1'));
    credit.advance(sandbox, 3);
    await send('GET', '/v1/registration-changes/S-1');
    await send('GET', '/v1/registration-changes/S-2');
    await send('PUT', '/v1/registration-changes/S-2');
    sandbox.close();
    return bytes;
  }

  it('answer the same calls with the same bytes, refusals included', async () => {
    for (const run of [insuranceRun, creditRun]) {
      const [first, second] = [await run(), await run()];
      assert.equal(first.length, 5);
      assert.deepEqual(first, second);
    }
  });

  it('answer so over SOAP too, and after a reset', async () => {
    const agencies = await startAgencies({ only: ['labor'] });
    try {
      const box = agencies.sandbox('same', { start: START, frozen: true });
      const run = async () => {
        box.reset();
        const client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
        const texts = [(await client.submit('S-1')).text, (await client.submit('S-1')).text];
        box.advance('PT3S');
        texts.push((await client.send('QueryFiling', { BAE941: 'S-1' })).text);
        texts.push((await client.send('QueryFiling', { BAE941: 'S-2' })).text);
        return texts;
      };
      assert.deepEqual(await run(), await run());
    } finally {
      await agencies.close();
    }
  });
});
