// Faults by what they mean: signatures that do not hold, requests that arrive late or twice, states that flap.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { Refusal } from '../../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../../mocks/kernel/ca.ts';
import { KEEPS_ALL } from '../../../mocks/kernel/rules.ts';
import { createSandbox } from '../../../mocks/kernel/sandbox.ts';
import { verifyBody } from '../../../mocks/labor/signature.ts';
import { withXml } from '../../../mocks/labor/xml.ts';
import { eventually } from '../../support/eventually.ts';
import { openBox, rowCodes, stop, stopRow } from './insurance-client.ts';
import { type LaborClient, laborClient, UNIT } from './labor-client.ts';

const START = new Date('2027-01-04T02:00:00Z');

describe('faults by their meaning', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let client: LaborClient;
  let count = 0;

  before(async () => {
    agencies = await startAgencies();
  });
  beforeEach(async () => {
    count += 1;
    box = agencies.sandbox(`meaning-${count}`, { start: START, frozen: true });
    client = laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));
  });
  after(() => agencies.close());

  const armed = (fault: string, operation = 'SubmitTermination') =>
    ({ fault, agency: 'labor', operation }) as const;

  it('broken and foreign signatures do not hold, and a wrapped one does not cover what stands in the Body', async () => {
    const keys = await prepareKeys();
    const { ca } = createSandbox([], {
      name: box.name,
      seed: 'exitgate',
      population: 'auto',
      clerk: 'accept',
      keys,
      start: START,
      frozen: true,
    });
    const verdict = async (kind: 'broken-signature' | 'foreign-signature' | 'wrapped-signature') => {
      box.fault({ fault: { phase: 'response', kind }, agency: 'labor' });
      const { text } = await client.send('Ping');
      try {
        return withXml(Buffer.from(text), (doc) => verifyBody(doc, { ca, keeps: KEEPS_ALL }).body.name);
      } catch (cause) {
        assert.ok(cause instanceof Refusal);
        return cause.code;
      }
    };
    assert.equal(await verdict('broken-signature'), 'AUTH_SIGNATURE');
    assert.equal(await verdict('foreign-signature'), 'AUTH_CERTIFICATE');
    assert.equal(await verdict('wrapped-signature'), 'AUTH_SIGNATURE');
  });

  it('a request may be taken after its client has given up', async () => {
    const late = { phase: 'before-commit', kind: 'late', delay_ms: 50 } as const;
    const content = await client.content('S-1');
    box.fault({ fault: late, agency: 'labor', operation: 'SubmitTermination' });
    // It hangs until the servers close, and nobody waits for it.
    void client.send('SubmitTermination', content).catch(() => undefined);
    await eventually(() => box.cases('labor').length === 1);
    assert.equal((await client.send('SubmitTermination', content)).code, 'DUPLICATE');
  });

  it('a request that is delivered twice is taken once', async () => {
    box.fault({
      fault: { phase: 'after-commit', kind: 'duplicate' },
      agency: 'labor',
      operation: 'SubmitTermination',
    });
    const answer = await client.submit('S-1');
    assert.deepEqual([answer.code, answer.field('duplicate')], ['DUPLICATE', 'true']);
    assert.equal(answer.headers.get('x-sandbox-fault'), 'fault-1');
    assert.equal(box.cases('labor').length, 1);
  });

  it('a state flaps: what was known at arming is told once more, then the present', async () => {
    await client.submit('S-1');
    box.fault(armed('status-flap', 'QueryFiling'));
    box.advance('PT3S');
    const state = async () => (await client.send('QueryFiling', { BAE941: 'S-1' })).field('SAA043');
    assert.deepEqual([await state(), await state()], ['2', '6']);
    assert.deepEqual(
      box.cases('labor').map(({ state: now }) => now),
      ['concluded'],
    );
  });

  it('a state flaps for those who ask alone: no filing is told that it was received, and lost', async () => {
    assert.throws(() => box.fault(armed('status-flap', 'SubmitTermination')), {
      code: 'FAULT_INVALID',
      message: /operations that only ask, and SubmitTermination changes something/,
    });
    const content = await client.content('S-1');
    box.fault({ fault: 'status-flap', agency: 'labor' });
    await client.send('SubmitTermination', content);
    assert.equal(box.cases('labor').length, 1);
    const ask = async () => (await client.send('QueryFiling', { BAE941: 'S-1' })).code;
    assert.deepEqual([await ask(), await ask()], ['NOT_FOUND', '0']);
  });

  it('a case sticks until somebody decides, and may then be late, lost, or annulled', async () => {
    box.fault({ fault: 'stuck', agency: 'labor' });
    const receipt = (await client.submit('S-1')).field('SAA036') ?? '';
    box.advance('P30D');
    assert.equal(box.cases('labor')[0]?.state, 'in_review');
    assert.equal(box.decide('labor', receipt, { decision: 'late', by: 'P2D' }).state, 'in_review');
    box.advance('P2D');
    assert.deepEqual(box.cases('labor')[0]?.allowed, ['annul']);
    assert.equal(box.decide('labor', receipt, { decision: 'annul' }).state, 'concluded');
    assert.throws(() => box.decide('labor', receipt, { decision: 'accept' }), /not allowed/);
  });

  it('are drawn from the seed where they have a probability', async () => {
    box.fault({ fault: '503-maintenance', agency: 'labor', probability: 0.5, times: 1000, id: 'odds' });
    const run = async () => {
      const seen: number[] = [];
      for (let n = 0; n < 20; n += 1) seen.push((await client.send('Ping')).status);
      return seen;
    };
    const start = box.snapshot();
    const first = await run();
    box.restore(start);
    assert.deepEqual(await run(), first);
    const struck = first.filter((status) => status === 503).length;
    assert.ok(struck > 3 && struck < 17, `${struck} of 20`);
  });

  it('are refused in a phase in which they cannot strike', () => {
    assert.throws(
      () => box.fault({ fault: { phase: 'connect', kind: 'truncate' } }),
      /truncate strikes in phase response, not connect/,
    );
  });

  const status = { phase: 'connect', kind: 'status' } as const;
  const dropped = { phase: 'callback', kind: 'callback-dropped' } as const;
  for (const [input, sentence] of [
    [
      { fault: 'partial-batch', agency: 'labor' },
      /partial-batch is known to insurance and insurance-sm2, not to labor/,
    ],
    [{ fault: 'partial-batch', agency: 'credit' }, /known to insurance and insurance-sm2, not to credit/],
    [{ fault: { phase: 'connect', kind: 'expired-token' }, agency: 'labor' }, /insurance and credit, not/],
    [{ fault: { phase: 'connect', kind: 'soap-fault' }, agency: 'credit' }, /known to labor, not to credit/],
    [{ fault: dropped, agency: 'insurance' }, /known to credit and insurance-sm2, not to insurance/],
    [{ fault: dropped, operation: 'SubmitTermination' }, /callbacks, which are of no operation/],
    [{ fault: 'hang', ttl: 'PT0S' }, /a ttl of zero is over before anything can be struck/],
    [{ fault: { ...status, headers: { 'a b': 'c' } } }, /HTTP cannot carry the header "a b"/],
    [{ fault: { ...status, headers: { via: 'a\nb' } } }, /HTTP cannot carry the header "via"/],
  ] as const)
    it(`are refused where they could never strike: ${JSON.stringify(input)}`, () => {
      assert.throws(() => box.fault(input), { code: 'FAULT_INVALID', message: sentence });
      assert.deepEqual(box.faults(), []);
    });

  it('spare agencies that do not know them, where none is named', async () => {
    box.fault({ fault: { phase: 'connect', kind: 'expired-token' } });
    assert.equal((await client.send('Ping')).code, '0');
    assert.equal(box.faults()[0]?.remaining, 1);
  });
});

describe('a partial batch', () => {
  it('passes its first row alone', async () => {
    const { sandbox, client } = await openBox('partial');
    sandbox.faults.arm({ preset: 'partial-batch', agency: 'insurance' });
    await client.signIn();
    const aac001 = await client.person();
    await client.send('2001', stop(stopRow(aac001), stopRow(aac001, { no: 2, insurance: '310' })), 'EG-1');
    sandbox.clock.advance(new Date(sandbox.clock.now().getTime() + 3000));
    assert.deepEqual(rowCodes((await client.progress('EG-1')).payload), ['0', 'ROW_ERROR']);
    sandbox.close();
  });
});
