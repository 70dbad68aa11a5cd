/** Amendments, corrections, cancellation and release over the whole way: what the agency holds, what was sent, what the HR core hears, in order. */
import assert from 'node:assert/strict';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import type { Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const PATIENCE = { within: 20_000, every: 50 };

describe('an exit that changes while agencies have it', function () {
  this.timeout(90_000);
  const site = useGateway();
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });

  async function ask(method: string, path: string, body: unknown) {
    const reply = await tenant.call(method, path, body);
    assert.ok(reply.status < 300, JSON.stringify(reply.body));
    return reply.body;
  }
  const amend = (exitId: string, body: unknown) => ask('PATCH', `/v1/exits/${exitId}`, body);
  const cases = () => tenant.agencies.cases('labor');
  const caseStates = () => cases().map(({ state }) => state);
  const sent = (operation: string) =>
    tenant.agencies
      .exchanges('labor')
      .filter((each) => each.operation === operation)
      .map(({ request }) => request.body.toString());
  const labor = (exitId: string) => tenant.filing(exitId);
  const inState = (exitId: string, state: string) =>
    eventually(async () => (await labor(exitId)).state === state, {
      what: `the filing ${state}`,
      ...PATIENCE,
    });
  const status = (exitId: string, wanted: string) =>
    eventually(async () => (await tenant.exit(exitId)).status === wanted, {
      what: `the exit ${wanted}`,
      ...PATIENCE,
    });
  const clerk = (policy: 'accept' | 'manual') => tenant.agencies.clerk('labor', { policy, delay: 'PT0S' });
  /** What the HR core was told of the exit and of its labour filing, in order and without a gap, up to an event of that type. */
  async function toldUntil(exitId: string, last: string): Promise<string[]> {
    await eventually(() => tenant.core.taken(exitId).some(({ type }) => type === last), {
      what: last,
      ...PATIENCE,
    });
    const all = tenant.core.taken(exitId);
    assert.deepEqual(
      all.map(({ sequence }) => sequence),
      all.map((_, index) => index + 1),
    );
    const own = all.filter(({ data }) => data.kind === undefined || data.kind === 'labor_filing');
    const types = own.map(({ type }) => type);
    return types.slice(0, types.lastIndexOf(last) + 1);
  }
  const endedOn = async (exitId: string) => {
    const sentLast = sent('SubmitTermination').at(-1) ?? '';
    const number = /<(?:\w+:)?AAC002>([^<]+)</.exec(sentLast)?.[1] ?? '';
    assert.ok(number, `no number was sent for ${exitId}`);
    return tenant.agencies.membership(EXAMPLE_EMPLOYER.uscc, number)?.employment.endedOn;
  };

  it('amended while its submission hangs: withdrawn and filed anew, never twice at once', async () => {
    clerk('manual');
    tenant.agencies.fault({
      fault: { phase: 'after-commit', kind: 'slow', delay_ms: 3_000 },
      agency: 'labor',
      operation: 'SubmitTermination',
    });
    const exitId = await tenant.open();
    await eventually(() => cases().length === 1, { what: 'the first case', ...PATIENCE });
    await amend(exitId, { exit_date: '2026-12-01' });
    await eventually(() => caseStates().join() === 'withdrawn,submitted', {
      what: 'the second case',
      ...PATIENCE,
    });
    const [, second] = cases();
    tenant.agencies.decide('labor', second?.id ?? '', { decision: 'accept' });
    await tenant.completed(exitId, 40_000);
    assert.deepEqual(caseStates(), ['withdrawn', 'concluded']);
    const filing = await labor(exitId);
    assert.deepEqual([filing.serial, filing.revision], [second?.serial, 2]);
    assert.equal(await endedOn(exitId), '2026-12-01');
    const told = await toldUntil(exitId, 'exit.completed');
    assert.ok(told.indexOf('exit.amended') < told.indexOf('filing.withdrawn'));
    assert.deepEqual(
      told.filter((type) => type.startsWith('filing.')),
      ['filing.submitted', 'filing.withdrawn', 'filing.submitted', 'filing.accepted', 'filing.verified'],
    );
  });

  it('amended while the clerk has it: withdrawn and filed anew', async () => {
    clerk('manual');
    const exitId = await tenant.open();
    await inState(exitId, 'submitted');
    clerk('accept');
    await amend(exitId, { exit_date: '2026-12-02' });
    await tenant.completed(exitId);
    assert.deepEqual(caseStates(), ['withdrawn', 'concluded']);
    assert.equal(await endedOn(exitId), '2026-12-02');
    const told = await toldUntil(exitId, 'exit.completed');
    assert.deepEqual(told.slice(2, 6), [
      'filing.submitted',
      'exit.amended',
      'filing.withdrawn',
      'filing.submitted',
    ]);
  });

  it('asked for a correction: answered with a claim that the agency receives', async () => {
    tenant.agencies.fault({ fault: 'correction', agency: 'labor' });
    const exitId = await tenant.open();
    await inState(exitId, 'correction_requested');
    const { id } = await labor(exitId);
    await ask('POST', `/v1/filings/${id}/amendments`, {
      actor: '测试合规',
      supplements: [{ kind: 'claim', title: '权利主张书', text: '保留追偿权，金额200000元' }],
    });
    await tenant.completed(exitId);
    const [only, ...others] = cases();
    assert.deepEqual(others, []);
    assert.match(JSON.stringify(only?.detail.supplements), /权利主张书.*保留追偿权/);
    const [supplement] = sent('SupplementFiling');
    assert.match(supplement ?? '', /权利主张书/);
    assert.equal((await labor(exitId)).revision, 2);
    assert.deepEqual(
      (await toldUntil(exitId, 'exit.completed')).filter((type) =>
        /correction|attention|amended|accepted/.test(type),
      ),
      ['filing.correction_requested', 'exit.attention_required', 'filing.amended', 'filing.accepted'],
    );
  });

  it('asked for a correction: answered by amending the exit', async () => {
    tenant.agencies.fault({ fault: 'correction', agency: 'labor' });
    const exitId = await tenant.open();
    await inState(exitId, 'correction_requested');
    await amend(exitId, { exit_date: '2026-12-03' });
    await tenant.completed(exitId);
    assert.deepEqual([caseStates(), sent('SupplementFiling').length], [['concluded'], 1]);
    assert.equal(await endedOn(exitId), '2026-12-03');
  });

  it('cancelled while the clerk has it: withdrawn, and nothing else is filed', async () => {
    clerk('manual');
    const exitId = await tenant.open();
    await inState(exitId, 'submitted');
    const body = { actor: '测试人事', reason: '员工撤回辞职' };
    assert.equal((await ask('POST', `/v1/exits/${exitId}/cancel`, body)).status, 'filing');
    await inState(exitId, 'withdrawn');
    assert.equal((await tenant.exit(exitId)).status, 'cancelled');
    assert.deepEqual([caseStates(), tenant.agencies.cases('insurance')], [['withdrawn'], []]);
    assert.deepEqual((await toldUntil(exitId, 'filing.withdrawn')).slice(2), [
      'filing.submitted',
      'exit.cancelled',
      'filing.withdrawn',
    ]);
  });

  it('cancelled after conclusion: a person’s, until what was settled at the counter is entered', async () => {
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    const body = { actor: '测试人事', reason: '员工撤回辞职' };
    const { status: now, filings } = await ask('POST', `/v1/exits/${exitId}/cancel`, body);
    assert.equal(now, 'attention');
    for (const { id } of filings)
      await ask('POST', `/v1/filings/${id}/receipt`, { outcome: 'withdrawn', actor: '测试人事' });
    await status(exitId, 'cancelled');
    const told = await toldUntil(exitId, 'filing.withdrawn');
    assert.deepEqual(told.slice(told.indexOf('exit.completed')), [
      'exit.completed',
      'exit.cancelled',
      'filing.manual_required',
      'exit.attention_required',
      'filing.withdrawn',
    ]);
  });

  it('released at the limit: the reserved claims reach the labour agency as claims', async () => {
    const disputes = [
      { external_id: 'C-88', kind: 'customer_complaint', summary: '测试投诉', amount: '200000.00' },
    ];
    const exitId = await tenant.open({
      disputes,
      notice_date: '2020-10-26',
      exit_date: '2020-11-25',
      employee: { contract: { type: 'open_ended', start: '2019-03-01' } },
    });
    await eventually(() => tenant.core.taken(exitId).some(({ type }) => type === 'exit.decision_required'), {
      what: 'the question',
      ...PATIENCE,
    });
    await ask('POST', `/v1/exits/${exitId}/release`, {
      actor: '测试总监',
      reason: '通知期已满',
      reserved_claims: [
        { title: '对员工的追偿权', summary: '保留追偿权', dispute: 'C-88', amount: '200000.00' },
      ],
    });
    await tenant.completed(exitId);
    const supplements = cases()[0]?.detail.supplements as { kind: string }[];
    assert.deepEqual(
      supplements.map(({ kind }) => kind),
      ['claim'],
    );
    assert.match(JSON.stringify(supplements), /对员工的追偿权.*C-88；保留追偿权；200000.00 元/);
    const told = await toldUntil(exitId, 'exit.completed');
    assert.deepEqual(
      told.filter((type) => /opened|gated|decision|released|started|completed/.test(type)),
      [
        'exit.opened',
        'exit.gated',
        'exit.decision_required',
        'exit.released',
        'exit.filing_started',
        'exit.completed',
      ],
    );
  });
});
