// The test kit as somebody else's test uses it: verify, coverage, and the exam's report.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../../mocks/index.ts';
import { residentId } from '../../../mocks/kernel/identifiers.ts';
import { laborClient, UNIT } from './labor-client.ts';

describe('test kit', () => {
  let agencies: Agencies;
  let box: SandboxHandle;
  let count = 0;

  before(async () => {
    agencies = await startAgencies({ only: ['labor'] });
  });
  beforeEach(() => {
    count += 1;
    box = agencies.sandbox(`kit-${count}`, { start: new Date('2027-01-04T02:00:00Z'), frozen: true });
  });
  after(() => agencies.close());

  const client = async () => laborClient(box.urls.labor, await box.identity(UNIT.uscc, UNIT.name));

  it('verifies what came, how often, and says what came instead', async () => {
    const { submit, send } = await client();
    await submit('S-1');
    await submit('S-1');
    await send('QueryFiling', { BAE941: 'S-2' });
    box.verify({ operation: 'SubmitTermination', count: 2 });
    box.verify({ operation: 'SubmitTermination' });
    box.verify({ operation: 'QueryFiling', outcome: 'NOT_FOUND', count: 1 });
    box.verify({ operation: 'WithdrawFiling', count: 0 });
    assert.throws(() => box.verify({ operation: 'SubmitTermination', count: 1 }), {
      name: 'AssertionError',
      message: /came 2 times, not 1; what came: .*1 × labor QueryFiling NOT_FOUND/,
    });
    assert.throws(() => box.verify({ operation: 'WithdrawFiling' }), /came 0 times, not once or more/);
  });

  it('refuses what could only be a mistake', async () => {
    assert.throws(() => box.restore('nope'), /there is no snapshot nope; known: none/);
    await fetch(`${box.urls.desk}/snapshots/before`, { method: 'PUT' });
    assert.throws(() => box.restore('nope'), /known: before/);
    await assert.rejects(box.clock.advance({ by: 'P1D', to: 'next-event' }), /either by or to, not both/);
    assert.throws(() => box.verify({ operation: 'QueryFilling', count: 0 }), /nearest: QueryFiling/);
    assert.throws(() => box.verify({ operation: 'Nope', count: 0 }), /no agency has the operation Nope/);
  });

  it('covers the faults that struck, and says whether the operation came through afterwards', async () => {
    const { send } = await client();
    const survived = () => box.coverage().find(({ fault }) => fault === 'reset')?.survived;
    await box.withFault('drop-on-connect', () => assert.rejects(send('Ping')));
    assert.equal(survived(), false);
    await send('Ping');
    assert.equal(survived(), true);
    box.verify({ operation: 'Ping', fault: 'reset', outcome: 'reset', count: 1 });
    box.reset();
    assert.deepEqual(box.coverage(), []);
  });

  it('reports on the exam: met, running, passed, failed', async () => {
    box.profile('go-live-exam');
    const { submit, send, content } = await client();
    const report = async () => {
      const answer = await fetch(`${box.urls.desk}/exam`);
      const { tasks } = (await answer.json()) as { tasks: { scenario: string; verdict: string }[] };
      const verdict = (code: string) => tasks.find(({ scenario }) => scenario === code)?.verdict;
      return ['LAB.ACCEPTED', 'LAB.REJECTED', 'LAB.ALREADY_ENDED'].map(verdict);
    };
    const person = (n: number) => ({ AAC002: residentId('990000', '19900101', n), AAC003: `测试${n}` });
    const file = (n: number) => submit(`S-${n}`, person(n));
    const readBack = (n: number) => content('S-0', person(n)); // asks about the person
    assert.deepEqual(await report(), ['not_met', 'not_met', 'not_met']);
    await file(1);
    assert.deepEqual(await report(), ['running', 'not_met', 'not_met']);
    box.advance('PT3S');
    assert.deepEqual(await report(), ['running', 'not_met', 'not_met'], 'its end was not asked about');
    await send('QueryFiling', { BAE941: 'S-1' });
    assert.deepEqual(await report(), ['running', 'not_met', 'not_met'], 'the read-back was not asked for');
    await readBack(2);
    assert.deepEqual(await report(), ['running', 'not_met', 'not_met'], 'somebody else was asked about');
    await readBack(1);
    assert.deepEqual(await report(), ['passed', 'not_met', 'not_met']);
    for (const n of [2, 3, 4, 5]) await file(n);
    for (let again = 0; again < 6; again += 1) await file(6);
    assert.deepEqual(await report(), ['passed', 'running', 'failed']);
  });
});
