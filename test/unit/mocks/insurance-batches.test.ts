// The insurance agency's business: batches, serials, the clerk, the window, faults around the commit.
import assert from 'node:assert/strict';
import { insurance, setWindow } from '../../../mocks/insurance/index.ts';
import { DECISIONS } from '../../../mocks/kernel/agency.ts';
import {
  advance,
  createClient,
  openBox,
  rowCodes,
  stop,
  stopRow,
  text,
  transfer,
  transferRow,
} from './insurance-client.ts';

describe('insurance agency: batches', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  let aac001: string;
  beforeEach(async () => {
    box = await openBox();
    await box.client.signIn();
    aac001 = await box.client.person();
  });
  afterEach(() => box.sandbox.close());

  it('receives a stop, settles it later, and shows the person paused from the day', async () => {
    const { client, sandbox } = box;
    const received = await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    assert.equal(received.code, '0');
    assert.equal(text(received.payload, 'State'), 'received');
    assert.match((await client.state(aac001)).payload, /<AAE140>110<\/AAE140><AAC031>1</);
    advance(sandbox, 2);
    const processing = await client.progress('EG-1');
    assert.equal(text(processing.payload, 'State'), 'processing');
    assert.deepEqual(rowCodes(processing.payload), []);
    advance(sandbox, 1);
    const receipt = text(received.payload, 'AAZ308');
    const finished = await client.send('3001', `<Progress><AAZ308>${receipt}</AAZ308></Progress>`);
    assert.equal(text(finished.payload, 'MessageId'), 'EG-1');
    assert.match(finished.payload, /<Row no="1"><Code>0<\/Code><Message>OK<\/Message><AAC031>2</);
    const state = (await client.state(aac001)).payload;
    assert.match(state, /<AAE140>110<\/AAE140><AAC031>2<\/AAC031><AAE035>20261125</);
    assert.match(state, /<AAE140>210<\/AAE140><AAC031>1</);
  });

  it('settles rows one by one: some pass, others fail', async () => {
    const { client, sandbox } = box;
    const rows = [
      stopRow(aac001, { no: 1 }),
      stopRow(aac001, { no: 2 }),
      stopRow('000000000000', { no: 3, insurance: '210' }),
      stopRow(aac001, { no: 4, insurance: '210', name: '李某' }),
      stopRow(aac001, { no: 5, insurance: '310', reason: '999' }),
      stopRow(aac001, { no: 6, insurance: '410', date: '20191231', month: '202611' }),
      stopRow(aac001, { no: 7, insurance: '410', month: '202610' }),
      stopRow(aac001, { no: 8, insurance: '510' }),
    ];
    await client.send('2001', stop(...rows), 'EG-1');
    advance(sandbox, 3);
    assert.deepEqual(rowCodes((await client.progress('EG-1')).payload), [
      '0',
      'ALREADY_DONE',
      'NOT_IN_UNIT',
      'IDENTITY_MISMATCH',
      'REASON_UNKNOWN',
      'DATE_INVALID',
      'DATE_INVALID',
      '0',
    ]);
    const states = [...(await client.state(aac001)).payload.matchAll(/<AAC031>(\d)/g)].map(
      (match) => match[1],
    );
    assert.deepEqual(states, ['2', '1', '1', '1', '2']);
  });

  it('answers DUPLICATE with the first receipt, over a new session too, and refuses other content', async () => {
    const { client, sandbox } = box;
    const first = await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    advance(sandbox, 3);
    await client.signIn('aes-256-cbc');
    const again = await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    assert.equal(again.code, 'DUPLICATE');
    assert.equal(text(again.payload, 'AAZ308'), text(first.payload, 'AAZ308'));
    assert.equal(text(again.payload, 'State'), 'finished');
    assert.equal(
      (await client.send('2001', stop(stopRow(aac001, { insurance: '210' })), 'EG-1')).code,
      'SERIAL_REUSED',
    );
    assert.equal((await client.send('2002', transfer(transferRow(aac001)), 'EG-1')).code, 'SERIAL_REUSED');
    assert.equal(insurance.cases(sandbox.room('insurance')).length, 1);
    const stale = await client.send('2001', stop(stopRow(aac001)), 'EG-2');
    assert.equal(stale.code, '0');
    advance(sandbox, 3);
    assert.match((await client.progress('EG-2')).payload, /<Code>ALREADY_DONE<.*<AAC031>2</);
  });

  it('keeps a batch whose receipt was lost: progress by serial finds it, the resend is a DUPLICATE', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({ agency: 'insurance', operation: 'stop', preset: 'commit-then-lose-reply' });
    const call = client.build('2001', stop(stopRow(aac001)), 'EG-1');
    assert.equal((await client.raw(call)).kind, 'reset');
    assert.equal((await client.progress('EG-1')).code, '0');
    assert.equal((await client.progress('EG-2')).code, 'NOT_FOUND');
    assert.equal(client.read(await client.raw(call), call).code, 'DUPLICATE');
  });

  it('takes nothing when the line drops first, or under maintenance and rate limit', async () => {
    const { client, sandbox } = box;
    for (const [preset, status, code] of [
      ['503-maintenance', 503, 'MAINTENANCE'],
      ['429', 429, 'RATE_LIMIT'],
    ] as const) {
      sandbox.faults.arm({ agency: 'insurance', operation: 'stop', preset });
      const answer = await client.send('2001', stop(stopRow(aac001)), 'EG-1');
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    sandbox.faults.arm({ agency: 'insurance', operation: 'stop', preset: 'drop-on-connect' });
    assert.equal((await client.raw(client.build('2001', stop(stopRow(aac001)), 'EG-1'))).kind, 'reset');
    assert.equal((await client.progress('EG-1')).code, 'NOT_FOUND');
    assert.equal((await client.send('2001', stop(stopRow(aac001)), 'EG-1')).code, '0');
  });

  it('refuses a transfer before the stop is settled and leaves its serial free', async () => {
    const { client, sandbox } = box;
    await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    const early = await client.send('2002', transfer(transferRow(aac001)), 'EG-2');
    assert.equal(early.code, 'PRECONDITION_STOP');
    assert.match(early.payload, /<Detail>rows 1</);
    advance(sandbox, 3);
    assert.equal((await client.send('2002', transfer(transferRow(aac001)), 'EG-2')).code, '0');
    advance(sandbox, 3);
    assert.deepEqual(rowCodes((await client.progress('EG-2')).payload), ['0']);
    assert.match((await client.state(aac001)).payload, /<TargetRegion>310000</);
    await client.send('2002', transfer(transferRow(aac001)), 'EG-3');
    advance(sandbox, 3);
    assert.deepEqual(rowCodes((await client.progress('EG-3')).payload), ['ALREADY_DONE']);
    const injury = await client.send('2002', transfer(transferRow(aac001, { insurance: '410' })), 'EG-4');
    assert.equal(injury.code, 'SCHEMA_INVALID');
  });

  it('closes the window, says when it opens, and still knows what it took', async () => {
    const { client, sandbox } = box;
    await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    setWindow({ opens: 5, closes: 20 }, sandbox.room('insurance'));
    const closed = await client.send('2001', stop(stopRow(aac001, { insurance: '210' })), 'EG-2');
    assert.equal(closed.code, 'WINDOW_CLOSED');
    assert.equal(text(closed.payload, 'Until'), '20261205000000');
    assert.equal((await client.send('2001', stop(stopRow(aac001)), 'EG-1')).code, 'DUPLICATE');
    advance(sandbox, 7 * 86_400);
    await client.signIn();
    const early = await client.send('2001', stop(stopRow(aac001, { insurance: '210' })), 'EG-2');
    assert.equal(text(early.payload, 'Until'), '20261205000000');
    advance(sandbox, 3 * 86_400);
    await client.signIn();
    assert.equal((await client.send('2001', stop(stopRow(aac001, { insurance: '210' })), 'EG-2')).code, '0');
  });

  it('refuses days that do not exist, row numbers twice and more than 200 rows', async () => {
    const { client } = box;
    const code = async (...rows: string[]) => (await client.send('2001', stop(...rows), 'EG-1')).code;
    assert.equal(await code(stopRow(aac001, { date: '20260230', month: '202602' })), 'SCHEMA_INVALID');
    assert.equal(await code(stopRow(aac001), stopRow(aac001)), 'SCHEMA_INVALID');
    const many = Array.from({ length: 201 }, (_, at) => stopRow(aac001, { no: at + 1 }));
    assert.equal(await code(...many), 'SCHEMA_INVALID');
    assert.equal(await code(...many.slice(0, 200)), '0');
  });

  it('lets the clerk refuse or ask for more, row by row in the answer', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({ agency: 'insurance', preset: 'reject' });
    await client.send('2001', stop(stopRow(aac001), stopRow('000000000000', { no: 2 })), 'EG-1');
    advance(sandbox, 3);
    assert.deepEqual(rowCodes((await client.progress('EG-1')).payload), [
      'REJECTED_BY_REVIEW',
      'NOT_IN_UNIT',
    ]);
    sandbox.faults.arm({ agency: 'insurance', preset: 'correction', field: 'AAE160', due: '2026-12-01' });
    await client.send('2001', stop(stopRow(aac001)), 'EG-2');
    advance(sandbox, 3);
    const { payload } = await client.progress('EG-2');
    assert.match(payload, /<Code>CORRECTION<.*<AAC031>1<\/AAC031><Field>AAE160<\/Field><Due>20261201</);
    assert.match((await client.state(aac001)).payload, /<AAE140>110<\/AAE140><AAC031>1</);
  });

  it('waits for a person under the policy manual, and decides once', async () => {
    const { client, sandbox } = box;
    sandbox.clerk().setPolicy('insurance', { policy: 'manual', delayMs: 0 });
    const receipt = text((await client.send('2001', stop(stopRow(aac001)), 'EG-1')).payload, 'AAZ308');
    advance(sandbox, 86_400);
    const room = sandbox.room('insurance');
    assert.deepEqual(
      insurance.cases(room)[0]?.allowed,
      DECISIONS.filter((word) => word !== 'annul'),
    );
    const decided = sandbox.transaction(() => insurance.decide(receipt, { decision: 'accept' }, room));
    assert.equal(decided.state, 'finished');
    assert.throws(() => insurance.decide(receipt, { decision: 'accept' }, room), /is finished/);
    assert.throws(() => insurance.decide('AAZ0', { decision: 'accept' }, room), /No batch/);
    await client.signIn();
    assert.deepEqual(rowCodes((await client.progress('EG-1')).payload), ['0']);
  });

  it('tells another unit nothing of a batch', async () => {
    const { client, sandbox } = box;
    const received = await client.send('2001', stop(stopRow(aac001)), 'EG-1');
    const uscc = '91110000600037341L';
    const other = createClient(sandbox, await sandbox.ca.identity(uscc, 'Other'), uscc);
    await other.signIn();
    assert.equal((await other.progress('EG-1')).code, 'NOT_FOUND');
    const receipt = text(received.payload, 'AAZ308');
    assert.equal(
      (await other.send('3001', `<Progress><AAZ308>${receipt}</AAZ308></Progress>`)).code,
      'NOT_FOUND',
    );
    assert.equal((await other.state(aac001)).code, 'NOT_IN_UNIT');
    const theirs = await other.send('2001', stop(stopRow(aac001)), 'EG-1');
    assert.equal(theirs.code, '0', 'a serial is the unit’s own');
    advance(sandbox, 3);
    assert.deepEqual(rowCodes((await other.progress('EG-1')).payload), ['NOT_IN_UNIT']);
  });

  it('answers the same calls with the same bytes', async () => {
    const one = await box.client.send('2001', stop(stopRow(aac001)), 'EG-1');
    const twin = await openBox();
    await twin.client.signIn();
    const two = await twin.client.send('2001', stop(stopRow(await twin.client.person())), 'EG-1');
    assert.equal(two.payload, one.payload);
    assert.ok(two.signature.equals(one.signature));
    twin.sandbox.close();
  });
});
