// The night's reconciliation of a second city's agency, from the plan through the queue to the finding.
import assert from 'node:assert/strict';
import pino from 'pino';
import { insuranceSm2 } from '../../adapters/insurance-sm2/index.ts';
import { type Agencies, startAgencies } from '../../mocks/index.ts';
import { createQueueSystem, type QueueSystem } from '../../queues/queue.ts';
import {
  RECONCILIATIONS,
  reconcileNightly,
  runReconciliation,
  wakeReconciliation,
} from '../../queues/reconciliations.ts';
import { EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { makePerson, nextNumber } from '../support/builders.ts';
import { makeCall } from '../support/call.ts';
import { sql } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeFilingOrder } from '../support/filing-order.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { FILED, makeReconciling } from '../support/reconciling.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const AGENCY = 'insurance-sm2';

describe('reconciliation with a second city', function () {
  this.timeout(30_000);
  useRealNetwork();
  let test: TestStore;
  let agencies: Agencies;
  let queues: QueueSystem;
  before(async () => {
    test = await openTestStore();
    agencies = await startAgencies();
    queues = createQueueSystem({ databaseUrl: test.url, log: pino({ level: 'silent' }), lockMs: 30_000 });
  });
  after(async () => {
    await queues.close();
    await agencies.close();
    await test.close();
  });

  it('finds at night what was filed there past the gateway', async () => {
    const box = agencies.sandbox(`second-city-${nextNumber()}`, { start: FILED });
    box.freeze();
    const ours = await makeReconciling(test, box);
    const { uscc } = EXAMPLE_EMPLOYER;
    const client = box.sm2Client(uscc);
    const settings = insuranceSm2.manifest.settings.parse({
      url: box.urls[AGENCY],
      uscc,
      client_id: client.clientId,
      private_key: client.privateKey,
      agency_public_key: client.agencyPublicKey,
      body_key: client.bodyKey,
    });
    const connection = await test.store.connections.create(ours.orgId, true, {
      name: 'second city',
      adapter: AGENCY,
      kinds: ['insurance_stop'],
      region: '440300',
      employerUscc: uscc,
      settings,
    });
    const made = `UPDATE connections SET created_at = '${FILED.toISOString()}' WHERE id = '${connection.id}'`;
    await sql(test.url, made);
    const person = makePerson();
    const order = makeFilingOrder({ kind: 'insurance_stop', person: { ...person }, preparedAt: box.now() });
    const call = makeCall({ serial: `HR-${nextNumber()}`, now: box.now() });
    const filed = await insuranceSm2.create(settings).submit(order, call);
    assert.ok(filed.kind === 'pending', JSON.stringify(filed));

    const worker = ours.worker();
    queues.work(RECONCILIATIONS, 1, (id) => runReconciliation(worker, id));
    await reconcileNightly(worker, (id) => wakeReconciliation(queues, id), [AGENCY], 1000);
    const night = await eventually(
      async () => {
        const filter = { connectionId: connection.id };
        const [run] = await test.store.reconciliations.list(ours.orgId, true, filter, { limit: 10 });
        return run?.endedAt !== undefined && run;
      },
      { what: 'the end of the night’s run' },
    );
    assert.deepEqual(
      [night.night, night.state, night.reason, night.counts?.listed, night.counts?.opened],
      ['2026-12-10', 'complete', undefined, 1, 1],
    );
    const [found, ...more] = await ours.findings();
    assert.deepEqual(more, []);
    assert.deepEqual([found?.facts.kind, found?.facts.receipt], ['filed_elsewhere', filed.receipt]);
    assert.deepEqual(found?.person(), { name: person.name, id_number: person.id_number });
  });
});
