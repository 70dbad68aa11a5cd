// `exitgate reconcile` as an operator types it: its table, its languages, its exit codes.
import assert from 'node:assert/strict';
import { type Agencies, type SandboxHandle, startAgencies } from '../../mocks/index.ts';
import type { Store } from '../../src/store/index.ts';
import { exitgate, killLeftOvers, useCommand } from '../e2e/support/processes.ts';
import { makePerson, nextNumber } from '../support/builders.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { storeOf, testEnvironment } from '../support/gateway.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { makeReconciling, type Reconciling } from '../support/reconciling.ts';

describe('exitgate reconcile', function () {
  this.timeout(120_000);
  useRealNetwork();
  useCommand();
  let database: TestDatabase;
  let agencies: Agencies;
  let box: SandboxHandle;
  let store: Store;
  let ours: Reconciling;
  let environment: Record<string, string>;
  before(async () => {
    database = await freshDatabase();
    environment = testEnvironment(database.url);
    store = storeOf(environment);
    await store.checkMasterKey();
    agencies = await startAgencies();
    box = agencies.sandbox(`command-${nextNumber()}`);
    box.freeze();
    ours = await makeReconciling({ store, url: database.url }, box);
  });
  after(async () => {
    await agencies.close();
    await store.close();
    await database.drop();
  });
  afterEach(killLeftOvers);

  const run = async (...args: string[]) => {
    const command = exitgate(['reconcile', ...args], environment);
    const { code } = await command.ended;
    return { code, output: command.output() };
  };

  it('says that all agree, and ends with 0', async () => {
    const { code, output } = await run();
    assert.equal(code, 0, output);
    assert.equal(output.match(/^ {2}in agreement$/gm)?.length, 3, output);
    assert.match(
      output,
      /^mock labor-soap \(labor-soap, .*, sandbox\): 0 filings there, 0 people, 0 of ours$/m,
    );
  });

  it('prints what differs, in either language, and ends with 2; nobody’s name or number', async () => {
    const person = makePerson();
    const receipt = await ours.fileElsewhere(person);
    const connection = ours.connections.get('labor_filing')?.id ?? '';
    const period = ['--from', '2026-11-01', '--to', '2026-11-30'];
    const english = await run('--connection', connection, ...period);
    assert.equal(english.code, 2, english.output);
    assert.match(
      english.output,
      new RegExp(
        `^  fnd_\\w+  filed elsewhere  labour filing  2026-11-25  –     accepted  ${receipt}  –$`,
        'm',
      ),
    );
    const chinese = await run('--connection', connection, ...period, '--language', 'zh');
    assert.equal(chinese.code, 2, chinese.output);
    assert.match(chinese.output, /非本系统申报 {2}用工备案/);
    for (const { output } of [english, chinese])
      assert.ok(!output.includes(person.name) && !output.includes(person.id_number), output);
  });

  it('ends with 1 when an agency could not be read', async () => {
    const connection = ours.connections.get('insurance_stop')?.id ?? '';
    const fault = { fault: '503-maintenance', agency: 'insurance', operation: 'batch-list' } as const;
    const { code, output } = await box.withFault(fault, () => run('--connection', connection));
    assert.equal(code, 1, output);
    assert.match(output, /incomplete, so that nothing is called missing: HTTP 503/);
    // What it has shown keeps it from being asked again just now.
    const chinese = await run('--connection', connection, '--language', 'zh');
    assert.equal(chinese.code, 1, chinese.output);
    assert.match(
      chinese.output,
      /核对未完成，故不判定缺失：机构自 .* 起处于系统维护中|核对未完成，故不判定缺失：正在确认机构是否恢复应答/,
    );
  });

  it('ends with 3 when one could not be read and another differs: neither hides the other', async () => {
    await ours.fileElsewhere(makePerson());
    const fault = { fault: '503-maintenance', agency: 'insurance', operation: 'batch-list' } as const;
    // Where the test before has shown it, nobody asks again just now: unread either way.
    const { code, output } = await box.withFault(fault, () => run(), { allowUnmet: true });
    assert.equal(code, 3, output);
    assert.match(output, /incomplete/);
    assert.match(output, /filed elsewhere/);
  });

  it('refuses what cannot be with a sentence', async () => {
    const unknown = await run('--connection', 'con_none');
    assert.deepEqual([unknown.code, /there is no connection con_none/.test(unknown.output)], [1, true]);
    const wrong = await run('--from', '2026-02-30');
    assert.match(wrong.output, /give a date such as 2026-11-25/);
    const reversed = await run('--from', '2026-12-01', '--to', '2026-11-01');
    assert.match(reversed.output, /the period ends on 2026-11-01, before it begins on 2026-12-01/);
    assert.equal(reversed.code, 1);
  });
});
