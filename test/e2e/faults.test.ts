/** What agencies do to a filing, one exit each, over the whole way: what the row says, what the HR core hears, what the agency holds. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { changeSettings, type Tenant } from '../support/gateway.ts';
import { useGateway } from '../support/site.ts';

const SUBMIT = { agency: 'labor', operation: 'SubmitTermination' } as const;

describe('an agency that fails', function () {
  this.timeout(120_000);
  /** The gateway's clock is so far ahead of the real one. */
  let ahead = 0;
  // A sweep every moment: the agency's slow answer below leaves time for a good many, on any machine.
  const site = useGateway({ SWEEP_SECONDS: '0.2' }, { clock: () => new Date(Date.now() + ahead) });
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await site.newTenant();
  });
  afterEach(() => {
    ahead = 0;
  });

  const steps = async (exitId: string): Promise<string[]> =>
    (await tenant.filing(exitId)).attempt_log.map(
      (each: { step: string; outcome: string }) => `${each.step} ${each.outcome}`,
    );
  const submissions = () =>
    tenant.agencies.exchanges('labor').filter((each) => each.operation === SUBMIT.operation).length;
  /** Waits until the HR core has the exit's event of that type. */
  const told = (exitId: string, type: string) =>
    eventually(() => tenant.core.taken(exitId).find((each) => each.type === type), {
      what: type,
    });
  const inState = (exitId: string, state: string) =>
    eventually(
      async () => {
        const filing = await tenant.filing(exitId);
        return filing.state === state && filing;
      },
      { what: `the filing ${state}`, every: 50 },
    );

  it('loses its answer after the commit: looked up, never sent again', async () => {
    tenant.agencies.fault({ fault: 'commit-then-lose-reply', ...SUBMIT });
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    assert.equal(submissions(), 1);
    const [only, ...others] = tenant.agencies.cases('labor');
    assert.deepEqual(others, []);
    assert.equal((await tenant.filing(exitId)).receipt, only?.receipt);
    assert.deepEqual((await steps(exitId)).slice(0, 2), ['submit unsure', 'lookup accepted']);
    await told(exitId, 'filing.outcome_unknown');
  });

  it('is in maintenance: held until the time it names, no attempt burnt', async () => {
    tenant.agencies.fault({ fault: '503-maintenance', ...SUBMIT });
    const exitId = await tenant.open();
    const { data } = await told(exitId, 'filing.held');
    const held = await tenant.filing(exitId);
    assert.equal(held.attempts, 0);
    assert.equal(held.state, 'due');
    assert.deepEqual(await steps(exitId), ['submit hold']);
    const wait = Date.parse(String(data.until)) - Date.now();
    assert.ok(wait > 100_000 && wait <= 120_000, `held for ${wait} ms; the agency said 120 s`);
    assert.equal(submissions(), 1, 'it did not wait');

    ahead = 121_000;
    await tenant.completed(exitId);
    assert.deepEqual((await steps(exitId)).slice(0, 2), ['submit hold', 'submit pending']);
    assert.equal(tenant.agencies.cases('labor').length, 1);
    assert.equal(tenant.core.taken(exitId).filter(({ type }) => type === 'filing.held').length, 1);
  });

  it('never answers: after the time-out looked up, found absent, sent again once', async () => {
    await changeSettings(site.gateway.store, tenant, 'labor-soap', { timeout: 1 });
    tenant.agencies.fault({ fault: 'hang', ...SUBMIT });
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    assert.deepEqual((await steps(exitId)).slice(0, 2), ['submit unsure', 'lookup absent']);
    assert.equal(submissions(), 2);
    const [only, ...others] = tenant.agencies.cases('labor');
    assert.deepEqual(others, []);
    const filing = await tenant.filing(exitId);
    assert.deepEqual([filing.receipt, filing.serial], [only?.receipt, only?.serial]);
    const sent = tenant.agencies
      .exchanges('labor')
      .filter((each) => each.operation === SUBMIT.operation)
      .map(({ request }) => request.body.toString('base64'));
    assert.equal(sent[0], sent[1], 'a resend has the same bytes');
  });

  it('asks for a correction: the HR core hears what and until when, the exit waits for a person', async () => {
    tenant.agencies.fault({ fault: 'correction', agency: 'labor' });
    const exitId = await tenant.open();
    const { data } = await told(exitId, 'filing.correction_requested');
    assert.equal(data.code, 'MATERIAL_MISSING');
    assert.match(String(data.message), /attach the settlement/);
    assert.match(String(data.due), /^\d{4}-\d\d-\d\d$/);
    await told(exitId, 'exit.attention_required');
    const filing = await inState(exitId, 'correction_requested');
    assert.equal(filing.correction.code, 'MATERIAL_MISSING');
    const { status, filings } = await tenant.exit(exitId);
    assert.equal(status, 'attention');
    assert.deepEqual(
      filings.map((each: { state: string }) => each.state),
      ['correction_requested', 'waiting', 'waiting'],
    );
  });

  it('rejects: the HR core hears why, it is never sent again', async () => {
    tenant.agencies.fault({ fault: 'reject', agency: 'labor' });
    const exitId = await tenant.open();
    const { data } = await told(exitId, 'filing.rejected');
    assert.equal(data.code, 'REJECTED_BY_REVIEW');
    assert.match(String(data.message), /does not agree with the records/);
    await told(exitId, 'exit.attention_required');
    assert.equal((await tenant.exit(exitId)).status, 'attention');
    const filing = await inState(exitId, 'rejected');
    assert.equal(filing.next_attempt_at, null);
    assert.equal(submissions(), 1);
    assert.equal(tenant.agencies.cases('insurance').length, 0, 'what depends on it went ahead');
  });

  it('answers under a foreign signature: not believed, looked up', async () => {
    tenant.agencies.fault({ fault: 'foreign-signature', ...SUBMIT });
    const exitId = await tenant.open();
    await tenant.completed(exitId);
    assert.deepEqual((await steps(exitId)).slice(0, 2), ['submit unsure', 'lookup accepted']);
    assert.equal(submissions(), 1);
    await told(exitId, 'filing.outcome_unknown');
  });

  it('answers while our clock jumps ahead: the claim outlives it, one filing', async () => {
    tenant.agencies.fault({ fault: { phase: 'after-commit', kind: 'slow', delay_ms: 4_000 }, ...SUBMIT });
    const exitId = await tenant.open();
    await eventually(() => tenant.agencies.cases('labor').length === 1);
    const before = site.gateway.log.length;
    // Thirty leases: on the new clock the claim is long over, and sweep finds the filing due while it is still in hand.
    ahead = 60_000;
    await eventually(() => site.gateway.log.slice(before).some((line) => line.includes('sweep woke')));
    await tenant.completed(exitId);
    assert.equal(submissions(), 1);
    assert.equal(tenant.agencies.cases('labor').length, 1);
  });
});
