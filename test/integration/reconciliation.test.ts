// Reconciliation at the mock agencies, over a real PostgreSQL: each kind of difference, once, and what is none.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { reconcileNightly, runReconciliation, usualPeriod } from '../../queues/reconciliations.ts';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { makePerson, nextNumber, syntheticIdNumber } from '../support/builders.ts';
import { sql } from '../support/database.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { FILED, LATER, makeReconciling, type Reconciling } from '../support/reconciling.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const OPENED = 'reconciliation.finding_opened';
const RESOLVED = 'reconciliation.finding_resolved';

describe('reconciliation', function () {
  this.timeout(30_000);
  useRealNetwork();
  let test: TestStore;
  let agencies: Agencies;
  let box: SandboxHandle;
  let ours: Reconciling;
  before(async () => {
    test = await openTestStore();
    agencies = await startAgencies();
  });
  after(async () => {
    await agencies.close();
    await test.close();
  });
  beforeEach(async () => {
    box = agencies.sandbox(`reconciling-${nextNumber()}`, { start: FILED });
    box.freeze();
    ours = await makeReconciling(test, box);
  });

  const kinds = async (state?: string) => (await ours.findings(state)).map(({ facts }) => facts.kind);
  const caseOf = (receipt: string, agency: 'labor' | 'insurance' = 'labor') =>
    box.cases(agency).find((each) => each.receipt === receipt)?.id ?? '';

  it('finds nothing where both agree, and says how much was compared', async () => {
    await ours.verified();
    await ours.due();
    const { state, counts, reason } = await ours.run();
    assert.deepEqual([state, reason], ['complete', undefined]);
    assert.deepEqual(counts, { listed: 1, enrolled: 0, compared: 2, found: 0, opened: 0, resolved: 0 });
  });

  it('finds a filing that was made elsewhere, of somebody whom we do not know', async () => {
    const person = makePerson();
    const receipt = await ours.fileElsewhere(person);
    assert.equal((await ours.run()).counts?.opened, 1);
    const [found, ...more] = await ours.findings();
    assert.deepEqual(more, []);
    assert.ok(found);
    assert.deepEqual(
      [found.facts.kind, found.facts.receipt, found.facts.theirs, found.facts.exitId, found.state],
      ['filed_elsewhere', receipt, 'accepted', undefined, 'open'],
    );
    assert.deepEqual(found.person(), { name: person.name, id_number: person.id_number });
    const rows = await sql(test.url, 'SELECT * FROM findings');
    assert.ok(rows.length > 0 && rows.every(({ sealed }) => Buffer.isBuffer(sealed)));
    const kept = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))));
    for (const word of [person.name, person.id_number])
      assert.ok(!kept.some((value) => value.includes(word)), 'encrypted');
  });

  it('tells the exit of a filing made elsewhere while ours waits, once', async () => {
    const { exitId, person } = await ours.due();
    await ours.fileElsewhere(person);
    await ours.run();
    assert.equal((await ours.run()).counts?.opened, 0);
    assert.deepEqual(await kinds(), ['filed_elsewhere']);
    assert.deepEqual(await ours.told(exitId), [`${OPENED} filed_elsewhere`]);
  });

  it('finds one that the agency no longer has, and sees it resolved when it is there again', async () => {
    const { exitId, filingId } = await ours.verified();
    const before = box.snapshot();
    box.reset();
    assert.equal((await ours.run()).counts?.opened, 1);
    const [found] = await ours.findings('open');
    assert.deepEqual(
      [found?.facts.kind, found?.facts.filingId, found?.facts.ours, found?.facts.theirs],
      ['missing_there', filingId, 'verified', 'absent'],
    );
    box.restore(before);
    assert.equal((await ours.run()).counts?.resolved, 1);
    assert.equal((await ours.run()).counts?.resolved, 0);
    box.reset();
    assert.equal((await ours.run()).counts?.opened, 1, 'back again');
    const again = `${OPENED} missing_there`;
    assert.deepEqual(await ours.told(exitId), [again, `${RESOLVED} missing_there`, again]);
    assert.equal((await ours.findings()).length, 1, 'the same one');
  });

  it('finds another state there, and who counts as the employer’s again', async () => {
    const { exitId, receipt } = await ours.verified();
    box.decide('labor', caseOf(receipt), { decision: 'annul', code: 'ANNULLED', reason: '测试' });
    await ours.run();
    const found = await ours.findings('open');
    assert.deepEqual(found.map(({ facts }) => `${facts.kind} ${facts.ours} ${facts.theirs}`).toSorted(), [
      'state_differs verified rejected',
      'still_enrolled verified enrolled',
    ]);
    assert.deepEqual((await ours.told(exitId)).toSorted(), [
      `${OPENED} state_differs`,
      `${OPENED} still_enrolled`,
    ]);
  });

  it('finds who is still insured after the exit, and nobody who was hired again', async () => {
    const left = await ours.verified('insurance_stop');
    const rehired = await ours.verified('insurance_stop');
    const insure = ({ person }: typeof left, since: string) =>
      box.person({
        uscc: EXAMPLE_EMPLOYER.uscc,
        idNumber: person.id_number,
        name: person.name,
        enrolments: { 410: { state: 'paying', since } },
      });
    insure(left, '2022-03-01');
    insure(rehired, '2026-12-01');
    assert.equal((await ours.run('insurance_stop')).counts?.found, 1);
    const [found] = await ours.findings();
    assert.deepEqual(
      [found?.facts.kind, found?.facts.exitId, found?.facts.since],
      ['still_enrolled', left.exitId, '2022-03-01'],
    );
  });

  it('finds the same name under another number', async () => {
    const filed = await ours.due();
    const number = syntheticIdNumber(5_000 + nextNumber());
    const receipt = await ours.file(filed.serial, { ...filed.person, id_number: number });
    await ours.verify(filed, receipt);
    await ours.run();
    const [found, ...more] = await ours.findings();
    assert.deepEqual(more, []);
    assert.equal(found?.facts.kind, 'identity_differs');
    assert.deepEqual(found?.person(), {
      name: filed.person.name,
      id_number: number,
      our_number: filed.person.id_number,
    });
    const events = await test.store.events.ofExit(ours.orgId, filed.exitId, { after: 0, limit: 100 });
    const plain = JSON.stringify(events.at(-1)?.data);
    assert.ok(!plain.includes(number) && !plain.includes(filed.person.name), 'nothing personal in the event');
  });

  it('compares the credit register as well', async () => {
    await ours.verified('credit_update');
    const person = makePerson();
    await ours.fileElsewhere(person, 'credit_update');
    assert.deepEqual((await ours.run('credit_update')).counts?.found, 1);
    assert.deepEqual(await kinds(), ['filed_elsewhere']);
  });

  it('takes an agency that is away for no empty one: incomplete, with the reason, nothing missing, nothing resolved', async () => {
    await ours.verified();
    await ours.fileElsewhere(makePerson());
    await ours.run();
    assert.deepEqual(await kinds('open'), ['filed_elsewhere']);
    box.reset();
    for (const operation of ['ListFilings', 'ListEmployees']) {
      const fault = { fault: '503-maintenance', agency: 'labor', operation } as const;
      const run = await box.withFault(fault, () => ours.run());
      assert.equal(run.state, 'incomplete', operation);
      assert.deepEqual(run.reason, { code: 'said', reason: 'HTTP 503: not in service' });
    }
    assert.deepEqual(await kinds('open'), ['filed_elsewhere']);
    assert.equal((await ours.run()).state, 'complete');
    assert.deepEqual(await kinds('open'), ['missing_there']);
  });

  it('asks nothing during a maintenance that somebody has entered', async () => {
    const connectionId = ours.connections.get('labor_filing')?.id ?? '';
    const night = { startsAt: FILED, endsAt: new Date('2026-12-11T00:00:00Z'), reason: '系统升级' };
    await test.store.maintenances.create(ours.orgId, true, connectionId, night, FILED);
    const run = await ours.run();
    assert.deepEqual(
      [run.state, run.reason],
      ['incomplete', { code: 'maintenance_entered', until: '2026-12-11T00:00:00.000Z', reason: '系统升级' }],
    );
    assert.deepEqual(box.exchanges('labor'), []);
  });

  it('asks nothing while the agency is known to be away, and says what it has seen of it', async () => {
    const connectionId = ours.connections.get('labor_filing')?.id ?? '';
    const seen: string[] = [];
    const note = async (_id: string, { kind }: { readonly kind: string }) => void seen.push(kind);
    const run = async () => {
      const period = usualPeriod('2026-12-10');
      const asked = await test.store.reconciliations.request(ours.orgId, true, connectionId, period, LATER);
      await runReconciliation({ ...ours.worker(), health: { note } }, asked?.id ?? '');
      return test.store.reconciliations.load(ours.orgId, true, asked?.id ?? '');
    };
    assert.equal((await run())?.state, 'complete');
    assert.deepEqual(seen, ['agrees', 'agrees'], 'list and roster were answered');
    const before = await test.store.health.load(connectionId);
    assert.ok(before);
    const away = { ...before.health, state: 'unavailable', cause: 'unreachable', since: FILED } as const;
    assert.ok(await test.store.health.save(before, away, [], FILED));
    const asked = box.exchanges('labor').length;
    const { state, reason } = (await run()) ?? {};
    assert.deepEqual([state, reason], ['incomplete', { code: 'unreachable', since: FILED.toISOString() }]);
    assert.equal(box.exchanges('labor').length, asked);
  });

  it('judges nothing that has only just been filed', async () => {
    const { filingId } = await ours.verified();
    box.reset();
    await sql(test.url, `UPDATE filings SET updated_at = '2026-12-09T03:00:00Z' WHERE id = '${filingId}'`);
    assert.equal((await ours.run()).counts?.found, 0);
  });

  it('leaves alone what a person has dismissed, and tells the exit so', async () => {
    const { exitId } = await ours.verified();
    box.reset();
    await ours.run();
    const [found] = await ours.findings();
    assert.ok(found);
    const dismissal = { actor: '赵某', reason: '经办机构换了系统' };
    const dismissed = await test.store.findings.dismiss(ours.orgId, true, found.id, dismissal, LATER);
    assert.ok(dismissed?.kind === 'dismissed');
    assert.deepEqual([dismissed.finding.state, dismissed.finding.dismissal()], ['dismissed', dismissal]);
    const twice = await test.store.findings.dismiss(ours.orgId, true, found.id, dismissal, LATER);
    assert.deepEqual(twice, { kind: 'not_open', state: 'dismissed' });
    assert.equal((await ours.run()).counts?.opened, 0);
    assert.deepEqual(await kinds('dismissed'), ['missing_there']);
    assert.deepEqual(await ours.told(exitId), [`${OPENED} missing_there`, `${RESOLVED} missing_there`]);
    const events = await test.store.events.ofExit(ours.orgId, exitId, { after: 0, limit: 100 });
    assert.deepEqual(events.at(-1)?.data.actor, '赵某');
  });

  it('runs once a night for each connection, however many workers there are', async () => {
    await ours.verified();
    await sql(
      test.url,
      `UPDATE connections SET created_at = '${FILED.toISOString()}' WHERE org_id = '${ours.orgId}'`,
    );
    const stores = [test.store, test.another()];
    const adapters = ['labor-soap', 'insurance-xml', 'credit-rest'];
    const nights = async () => {
      const runs = await test.store.reconciliations.list(ours.orgId, true, {}, { limit: 100 });
      return runs.map(({ night, state }) => `${night} ${state}`);
    };
    // 04:59 in China: the night of the 10th has not come, that of the 9th has.
    const early = new Date('2026-12-09T20:59:00Z');
    await Promise.all(stores.map((store) => store.reconciliations.planNight(adapters, early, usualPeriod)));
    assert.deepEqual(await nights(), Array(3).fill('2026-12-09 waiting'));
    await sql(test.url, `DELETE FROM reconciliations WHERE org_id = '${ours.orgId}'`);
    const runs = stores.map(async (store) => {
      const worker = ours.worker(store);
      const woken: string[] = [];
      await reconcileNightly(worker, async (id) => void woken.push(id), adapters, 1000);
      const own = await store.reconciliations.list(ours.orgId, true, {}, { limit: 100 });
      const mine = own.filter(({ id }) => woken.includes(id));
      await Promise.all(mine.map(({ id }) => runReconciliation(worker, id)));
    });
    await Promise.all(runs);
    assert.deepEqual(await nights(), Array(3).fill('2026-12-10 complete'));
    const asked = box.exchanges('labor').filter(({ operation }) => operation === 'ListFilings');
    assert.equal(asked.length, 1);
    await reconcileNightly(ours.worker(), async () => {}, adapters, 1000);
    assert.equal((await nights()).length, 3);
  });

  it('makes up for the latest of the nights on which no worker ran, and for that one alone', async () => {
    const made = `UPDATE connections SET created_at = '${FILED.toISOString()}' WHERE org_id = '${ours.orgId}'`;
    await sql(test.url, made);
    // Half past four in the afternoon in China, after three nights without a worker.
    const late = { ...ours.worker(), clock: () => new Date('2026-12-12T08:30:00Z') };
    const woken: string[] = [];
    for (let pass = 0; pass < 2; pass++)
      await reconcileNightly(late, async (id) => void woken.push(id), ['labor-soap'], 1000);
    const runs = await test.store.reconciliations.list(ours.orgId, true, {}, { limit: 100 });
    assert.deepEqual(
      runs.map(({ night, state, period }) => [night, state, period]),
      [['2026-12-12', 'waiting', usualPeriod('2026-12-12')]],
    );
    assert.ok(woken.includes(runs[0]?.id ?? ''));
  });

  it('is taken over from a worker that has died, and that one’s conclusion is not taken', async () => {
    await ours.verified();
    const connectionId = ours.connections.get('labor_filing')?.id ?? '';
    const { reconciliations } = test.store;
    const run = await reconciliations.request(
      ours.orgId,
      true,
      connectionId,
      usualPeriod('2026-12-10'),
      LATER,
    );
    const lease = { token: 'dead', now: new Date(LATER.getTime() - 60_000), until: LATER };
    const claim = await reconciliations.claim(run?.id ?? '', lease);
    assert.ok(claim);
    assert.ok((await reconciliations.due(LATER, 1000)).includes(claim.id));
    await runReconciliation(ours.worker(), claim.id);
    const counts = { listed: 0, enrolled: 0, compared: 0 };
    const late = { complete: true, findings: [], counts, hashes: [] };
    assert.equal(await reconciliations.conclude(claim, 'dead', late, LATER), undefined);
    const ended = await reconciliations.load(ours.orgId, true, claim.id);
    assert.deepEqual([ended?.state, ended?.counts?.listed], ['complete', 1]);
  });
});
