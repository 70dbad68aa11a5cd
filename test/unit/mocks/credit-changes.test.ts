// The credit agency's business: registration changes, corrections, withdrawal, serials, faults around the commit.
import assert from 'node:assert/strict';
import { credit } from '../../../mocks/credit/index.ts';
import { DECISIONS } from '../../../mocks/kernel/agency.ts';
import { advance, CHANGES, change, createClient, openBox } from './credit-client.ts';

describe('credit agency: registration changes', () => {
  let box: Awaited<ReturnType<typeof openBox>>;
  beforeEach(async () => {
    box = await openBox();
  });
  afterEach(() => box.sandbox.close());

  it('receives a change, concludes it later, and shows the registration cancelled', async () => {
    const { client, sandbox } = box;
    assert.equal((await client.practitioner()).body.status, 'registered');
    const received = await client.submit('EG-1');
    assert.deepEqual([received.status, received.body.state], [202, 'received']);
    assert.equal((await client.practitioner()).body.status, 'registered');
    advance(sandbox, 2);
    assert.equal((await client.state('EG-1')).body.state, 'in_review');
    advance(sandbox, 1);
    const { receipt } = received.body;
    assert.deepEqual((await client.state('EG-1')).body, {
      serial: 'EG-1',
      revision: 'EG-1',
      receipt,
      state: 'concluded',
    });
    const { status, since } = (await client.practitioner()).body;
    assert.deepEqual([status, since], ['cancelled', '2026-11-25']);
  });

  it('answers DUPLICATE with the first receipt and today’s state, and refuses other content', async () => {
    const { client, sandbox } = box;
    const first = await client.submit('EG-1');
    advance(sandbox, 3);
    const { practitioner, ...rest } = change('EG-1');
    const again = await client.send('POST', CHANGES, { practitioner, ...rest });
    assert.equal(again.status, 200);
    assert.deepEqual(again.body, { code: 'DUPLICATE', receipt: first.body.receipt, state: 'concluded' });
    const other = await client.submit('EG-1', { effective_date: '2026-11-26' });
    assert.deepEqual([other.status, other.body.code], [409, 'SERIAL_REUSED']);
    assert.equal((await client.submit('EG-2')).body.code, 'ALREADY_DONE');
    assert.equal(credit.cases(sandbox.room('credit')).length, 1);
  });

  it('keeps a change whose answer was lost; the very same request again is a DUPLICATE', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({
      agency: 'credit',
      operation: 'submitRegistrationChange',
      preset: 'commit-then-lose-reply',
    });
    const call = await client.build('POST', CHANGES, change('EG-1'));
    assert.equal((await client.raw(call)).kind, 'reset');
    assert.equal((await client.state('EG-1')).body.state, 'received');
    assert.equal(client.read(await client.raw(call), call).body.code, 'DUPLICATE');
    const unknown = await client.state('EG-2');
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'NOT_FOUND']);
  });

  it('takes nothing under maintenance and rate limit, and says when to come back', async () => {
    const { client, sandbox } = box;
    for (const [preset, status, code] of [
      ['503-maintenance', 503, 'MAINTENANCE'],
      ['429', 429, 'RATE_LIMIT'],
    ] as const) {
      sandbox.faults.arm({ agency: 'credit', preset });
      const answer = await client.submit('EG-1');
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    assert.equal((await client.submit('EG-1')).status, 202);
  });

  it('signs by a foreign certificate only when that fault is armed', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({ agency: 'credit', preset: 'foreign-signature' });
    await assert.rejects(client.submit('EG-1'), /not issued by the CA/);
    assert.equal((await client.state('EG-1')).status, 200);
  });

  it('asks for a correction, takes the amendment under a new serial, and concludes', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({ agency: 'credit', preset: 'correction', due: '2026-12-01' });
    const { receipt } = (await client.submit('EG-1')).body;
    assert.equal(
      (await client.send('PATCH', `${CHANGES}/EG-1`, change('EG-1-r2'))).body.code,
      'NO_CORRECTION_OPEN',
    );
    advance(sandbox, 3);
    const asked = (await client.state('EG-1')).body;
    assert.equal(asked.state, 'correction_requested');
    assert.deepEqual(asked.correction, { field: 'supplement', reason: asked.message, due: '2026-12-01' });
    const supplements = [{ kind: 'settlement', title: 'Settlement', text: '…' }];
    const amend = () => client.send('PATCH', `${CHANGES}/EG-1`, change('EG-1-r2', { supplements }));
    const amended = await amend();
    assert.deepEqual([amended.status, amended.body], [202, { receipt, state: 'in_review' }]);
    assert.deepEqual((await amend()).body, { code: 'DUPLICATE', receipt, state: 'in_review' });
    const reused = await client.send('PATCH', `${CHANGES}/EG-1`, change('EG-1'));
    assert.equal(reused.body.code, 'SERIAL_REUSED');
    advance(sandbox, 3);
    for (const serial of ['EG-1', 'EG-1-r2'])
      assert.deepEqual((await client.state(serial)).body, {
        serial: 'EG-1',
        revision: 'EG-1-r2',
        receipt,
        state: 'concluded',
      });
  });

  it('does not let the timer of the submission decide the amendment', async () => {
    const { client, sandbox } = box;
    const receipt = String((await client.submit('EG-1')).body.receipt);
    advance(sandbox, 1);
    const room = sandbox.room('credit');
    const ask = {
      decision: 'correction',
      code: 'X1',
      field: 'remarks',
      reason: 'say why',
      due: '2026-12-01',
    } as const;
    sandbox.transaction(() => credit.decide(receipt, ask, room));
    await client.send('PATCH', `${CHANGES}/EG-1`, change('EG-1-r2'));
    advance(sandbox, 2);
    assert.equal((await client.state('EG-1')).body.state, 'in_review');
    advance(sandbox, 1);
    assert.equal((await client.state('EG-1')).body.state, 'concluded');
  });

  it('lets the clerk refuse', async () => {
    const { client, sandbox } = box;
    sandbox.faults.arm({ agency: 'credit', preset: 'reject', code: 'CRD.EVIDENCE', reason: 'no evidence' });
    await client.submit('EG-1');
    advance(sandbox, 3);
    const { state, code, message } = (await client.state('EG-1')).body;
    assert.deepEqual([state, code, message], ['rejected', 'CRD.EVIDENCE', 'no evidence']);
    assert.equal((await client.practitioner()).body.status, 'registered');
    assert.equal((await client.submit('EG-2')).status, 202, 'a rejected case is no open case');
  });

  it('withdraws while it is open, again harmlessly, and not afterwards', async () => {
    const { client, sandbox } = box;
    const withdraw = (serial: string) => client.send('POST', `${CHANGES}/${serial}/withdrawal`, {});
    await client.submit('EG-1');
    assert.equal((await client.submit('EG-2')).body.code, 'ALREADY_OPEN');
    assert.equal((await withdraw('EG-1')).body.state, 'withdrawn');
    assert.equal((await withdraw('EG-1')).body.state, 'withdrawn');
    advance(sandbox, 3);
    assert.equal((await client.practitioner()).body.status, 'registered');
    await client.submit('EG-2');
    advance(sandbox, 3);
    const late = await withdraw('EG-2');
    assert.deepEqual([late.status, late.body.code], [409, 'WITHDRAW_TOO_LATE']);
    assert.equal((await withdraw('EG-3')).status, 404);
  });

  it('refuses who is not registered, not this unit’s, not of this name, and impossible dates', async () => {
    const { client, sandbox } = box;
    const code = async (over: Record<string, unknown>) => (await client.submit('EG-1', over)).body.code;
    assert.equal((await client.practitioner()).status, 200);
    assert.equal(await code({ effective_date: '2019-12-31' }), 'DATE_INVALID');
    assert.equal((await client.practitioner({ name: '李某' })).body.code, 'IDENTITY_MISMATCH');
    assert.equal(
      (await client.practitioner({ id_number: '110105194912310021' })).body.code,
      'IDENTITY_MISMATCH',
    );
    const none = { idType: 'resident_id', idNumber: '440305199202290036', name: '李某' };
    sandbox.rolls.putMember('91110105MA001234X4', none, { registration: { status: 'none' } });
    const person = { id_type: none.idType, id_number: none.idNumber, name: none.name };
    assert.equal(await code({ practitioner: person }), 'NOT_REGISTERED');
    assert.equal((await client.practitioner(person)).status, 404);
    const uscc = '91110000600037341L';
    const other = await createClient(sandbox, await sandbox.ca.identity(uscc, 'Other'), uscc);
    assert.equal((await other.practitioner({ unit_uscc: uscc })).body.code, 'NOT_IN_UNIT');
    await client.submit('EG-9');
    assert.equal((await other.state('EG-9')).status, 404);
  });

  it('waits for a person under the policy manual, and decides only what the state allows', async () => {
    const { client, sandbox } = box;
    sandbox.clerk().setPolicy('credit', { policy: 'manual', delayMs: 0 });
    const receipt = String((await client.submit('EG-1')).body.receipt);
    advance(sandbox, 86_400);
    const room = sandbox.room('credit');
    assert.deepEqual(
      credit.cases(room)[0]?.allowed,
      DECISIONS.filter((word) => word !== 'annul'),
    );
    const ask = {
      decision: 'correction',
      code: 'X1',
      field: 'remarks',
      reason: 'say why',
      due: '2026-12-01',
    } as const;
    assert.equal(sandbox.transaction(() => credit.decide(receipt, ask, room)).state, 'correction_requested');
    assert.throws(() => credit.decide(receipt, { decision: 'accept' }, room), /accept is not allowed/);
    await client.send('PATCH', `${CHANGES}/EG-1`, change('EG-1-r2', { remarks: 'because' }));
    assert.equal(
      sandbox.transaction(() => credit.decide(receipt, { decision: 'accept' }, room)).state,
      'concluded',
    );
    assert.equal((await client.practitioner()).body.status, 'cancelled');
  });
});
