/** An organisation whose exits stand at the mock agencies, and a worker that reconciles them: for tests of reconciliation. */
import assert from 'node:assert/strict';
import pino from 'pino';
import type { Adapter } from '../../adapters/adapter.ts';
import { ADAPTERS } from '../../adapters/index.ts';
import type { SandboxHandle } from '../../mocks/index.ts';
import { createAgencies } from '../../queues/agencies.ts';
import { runReconciliation, usualPeriod } from '../../queues/reconciliations.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from '../../src/cli/sandbox.ts';
import { businessDate } from '../../src/domain/dates.ts';
import type { Person } from '../../src/domain/facts.ts';
import type { FilingKind } from '../../src/domain/words.ts';
import type { Store } from '../../src/store/index.ts';
import { agencySays } from './agency-says.ts';
import { type ConnectionsByKind, makeDraft, makePerson, makeProfile, nextNumber } from './builders.ts';
import { makeCall } from './call.ts';
import { sql } from './database.ts';
import { makeFilingOrder } from './filing-order.ts';

/** When the exits are filed, and when they are reconciled: two weeks after, which is longer than any agency's delay. */
export const FILED = new Date('2026-11-25T02:00:00Z');
export const LATER = new Date('2026-12-10T02:00:00Z');
const SETTLED = '2026-11-26T02:00:00Z';

export interface Filed {
  readonly exitId: string;
  readonly filingId: string;
  readonly serial: string;
  readonly receipt: string;
  readonly person: Person;
}

export interface Reconciling {
  readonly orgId: string;
  readonly connections: ConnectionsByKind;
  adapter(kind: FilingKind): Promise<Adapter>;
  /** An exit with one filing of that kind, which is due. */
  due(kind?: FilingKind, person?: Person): Promise<Omit<Filed, 'receipt'>>;
  /** The same, filed there, passed and verified here. */
  verified(kind?: FilingKind): Promise<Filed>;
  /** Files at the agency under this serial and has it passed. @returns its receipt. */
  file(serial: string, person: Person, kind?: FilingKind): Promise<string>;
  /** Lets ours be verified under that receipt, two weeks ago. */
  verify(filed: Omit<Filed, 'receipt'>, receipt: string, kind?: FilingKind): Promise<Filed>;
  /** Files at the agency under a serial that is not ours. @returns its receipt. */
  fileElsewhere(person: Person, kind?: FilingKind): Promise<string>;
  /** Asks for a run and performs it. @returns the run as it ended. */
  run(kind?: FilingKind): Promise<NonNullable<Awaited<ReturnType<Store['reconciliations']['load']>>>>;
  worker(of?: Store): Parameters<typeof runReconciliation>[0];
  findings(state?: string): ReturnType<Store['findings']['list']>;
  /** `<sequence> <type>` of the exit, without what opening and filing told. */
  told(exitId: string): Promise<string[]>;
}

export async function makeReconciling(
  { store, url }: { readonly store: Store; readonly url: string },
  box: SandboxHandle,
): Promise<Reconciling> {
  const { id: orgId } = await store.organisations.ensure(`测试机构 ${nextNumber()}`);
  await connectToMocks(store, orgId, box.urls, EXAMPLE_EMPLOYER);
  const made = await store.connections.list(orgId, true);
  const connections: ConnectionsByKind = new Map(
    made.flatMap(({ id, adapter, kinds }) => kinds.map((kind) => [kind, { id, adapter }] as const)),
  );
  const agenciesOf = (of: Store) => createAgencies(of.connections, ADAPTERS);
  const agencies = agenciesOf(store);
  const connectionOf = (kind: FilingKind) => {
    const connection = connections.get(kind);
    assert.ok(connection);
    return connection.id;
  };
  const adapter = async (kind: FilingKind) => (await agencies.open(connectionOf(kind))).adapter;
  const worker: Reconciling['worker'] = (of = store) => ({
    store: of,
    agencies: of === store ? agencies : agenciesOf(of),
    health: { note: async () => {} },
    wake: { after: async () => {} },
    clock: () => LATER,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    leaseMs: 30_000,
  });

  const due: Reconciling['due'] = async (kind = 'labor_filing', person = makePerson()) => {
    const plans = makeProfile().filings.filter((each) => each.kind === kind);
    const profile = makeProfile({ filings: plans.map((each) => ({ ...each, after: [] })) });
    const { change, secret } = makeDraft({ connections, profile, person, now: FILED });
    assert.ok(await store.exits.open(orgId, true, change, secret, FILED));
    const [filing] = change.exit.filings;
    assert.ok(filing);
    return { exitId: change.exit.id, filingId: filing.id, serial: filing.serial, person };
  };
  const file: Reconciling['file'] = async (serial, person, kind = 'labor_filing') => {
    const order = makeFilingOrder({ kind, person: { ...person }, preparedAt: box.now() });
    const outcome = await (await adapter(kind)).submit(order, makeCall({ serial, now: box.now() }));
    assert.ok(outcome.kind === 'pending', JSON.stringify(outcome));
    box.advance('PT1M');
    return outcome.receipt;
  };
  const verify: Reconciling['verify'] = async (filed, receipt, kind = 'labor_filing') => {
    await agencySays(store, filed.exitId, { kind: 'accepted', receipt }, kind);
    await agencySays(store, filed.exitId, { kind: 'agrees' }, kind);
    await sql(
      url,
      `UPDATE filings SET updated_at = '${SETTLED}', prepared_at = '${SETTLED}' WHERE id = '${filed.filingId}'`,
    );
    return { ...filed, receipt };
  };

  return {
    orgId,
    connections,
    adapter,
    due,
    worker,
    file,
    verify,
    async verified(kind) {
      const filed = await due(kind);
      return verify(filed, await file(filed.serial, filed.person, kind), kind);
    },
    fileElsewhere: (person, kind) => file(`HR-${nextNumber()}`, person, kind),
    async run(kind = 'labor_filing') {
      const period = usualPeriod(businessDate(LATER));
      const run = await store.reconciliations.request(orgId, true, connectionOf(kind), period, LATER);
      assert.ok(run);
      assert.deepEqual(await runReconciliation(worker(), run.id), { kind: 'done' });
      const ended = await store.reconciliations.load(orgId, true, run.id);
      assert.ok(ended);
      return ended;
    },
    findings: (state) =>
      store.findings.list(orgId, true, state === undefined ? {} : { state }, { limit: 100 }),
    async told(exitId) {
      const events = await store.events.ofExit(orgId, exitId, { after: 0, limit: 100 });
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        events.map((_, index) => index + 1),
        'no gap',
      );
      return events
        .filter(({ type }) => type.startsWith('reconciliation.'))
        .map(({ type, data }) => `${type} ${data.kind}`);
    },
  };
}
