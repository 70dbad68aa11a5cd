// Findings and their connections: what ends with one that is deleted, and one difference at two that lead to one agency.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import { runReconciliation, usualPeriod } from '../../queues/reconciliations.ts';
import { businessDate } from '../../src/domain/dates.ts';
import { makePerson, nextNumber } from '../support/builders.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { FILED, LATER, makeReconciling, type Reconciling } from '../support/reconciling.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

describe('findings and their connections', function () {
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
    box = agencies.sandbox(`findings-${nextNumber()}`, { start: FILED });
    box.freeze();
    ours = await makeReconciling(test, box);
  });

  const labor = () => ours.connections.get('labor_filing')?.id ?? '';
  /** The same agency under a connection of another id, as a renewed certificate has it. */
  async function renew(): Promise<string> {
    const old = (await test.store.connections.list(ours.orgId, true)).find(({ id }) => id === labor());
    const opened = await test.store.connections.open(labor());
    assert.ok(old && opened);
    const { id: _id, createdAt: _at, ...draft } = old;
    const made = await test.store.connections.create(ours.orgId, true, {
      ...draft,
      settings: opened.settings,
    });
    return made.id;
  }
  async function run(connectionId: string) {
    const { reconciliations } = test.store;
    const period = usualPeriod(businessDate(LATER));
    const asked = await reconciliations.request(ours.orgId, true, connectionId, period, LATER);
    assert.ok(asked);
    await runReconciliation(ours.worker(), asked.id);
    const ended = await reconciliations.load(ours.orgId, true, asked.id);
    assert.equal(ended?.state, 'complete', ended?.reason?.code);
    return ended;
  }
  const remove = (id: string) => test.store.connections.remove(ours.orgId, true, id, LATER);
  async function annulled() {
    const filed = await ours.verified();
    const found = box.cases('labor').find(({ receipt }) => receipt === filed.receipt);
    box.decide('labor', found?.id ?? '', { decision: 'annul', code: 'ANNULLED', reason: '测试' });
    return filed;
  }
  const resolutions = async (exitId: string) =>
    (await test.store.events.ofExit(ours.orgId, exitId, { after: 0, limit: 100 })).flatMap(
      ({ type, data }) => (type === 'reconciliation.finding_resolved' ? [data.resolution] : []),
    );

  it('end with it, and their exit hears of it; what a person dismissed stays so', async () => {
    const { exitId } = await annulled();
    await ours.fileElsewhere(makePerson());
    await run(labor());
    const open = await ours.findings('open');
    assert.equal(open.length, 3);
    const dismissed = open.find(({ facts }) => facts.kind === 'still_enrolled');
    const dismissal = { actor: '测试', reason: '已核实' };
    await test.store.findings.dismiss(ours.orgId, true, dismissed?.id ?? '', dismissal, LATER);
    const told = await remove(labor());
    assert.deepEqual([...(told ?? new Map()).keys()], [exitId]);
    assert.deepEqual((await ours.findings()).map(({ state }) => state).toSorted(), [
      'dismissed',
      'resolved',
      'resolved',
    ]);
    assert.deepEqual(await resolutions(exitId), ['dismissed', 'connection_deleted']);
    assert.equal(await remove(labor()), undefined, 'once');
  });

  it('are none of a run that ends after its connection was deleted', async () => {
    await annulled();
    const { reconciliations } = test.store;
    const period = usualPeriod(businessDate(LATER));
    const asked = await reconciliations.request(ours.orgId, true, labor(), period, LATER);
    await remove(labor());
    await runReconciliation(ours.worker(), asked?.id ?? '');
    const ended = await reconciliations.load(ours.orgId, true, asked?.id ?? '');
    assert.deepEqual([ended?.state, ended?.reason], ['incomplete', { code: 'connection_deleted' }]);
    assert.deepEqual(await ours.findings(), []);
  });

  it('are opened once for one difference at two connections, and by the other when the first is deleted', async () => {
    const { exitId } = await annulled();
    const renewed = await renew();
    await run(labor());
    assert.equal((await run(renewed)).counts?.opened, 0);
    const differs = async () =>
      (await ours.findings('open')).flatMap(({ facts, connectionId }) =>
        facts.kind === 'state_differs' ? [connectionId] : [],
      );
    assert.deepEqual(await differs(), [labor()]);
    await remove(labor());
    await run(renewed);
    assert.deepEqual(await differs(), [renewed]);
    assert.ok((await resolutions(exitId)).includes('connection_deleted'));
  });
});
