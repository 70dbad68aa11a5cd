/** `exitgate profile`: real files, a real database, what an editor of profiles reads. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitgate, killLeftOvers, useCommand } from '../e2e/support/processes.ts';
import { makeProfile } from '../support/builders.ts';
import { testEnvironment } from '../support/gateway.ts';
import { extending, PROFILES, textOf } from '../support/profiles.ts';
import { MASTER_KEY, makeOrganisation, openTestStore, type TestStore } from '../support/store.ts';

describe('exitgate profile', function () {
  this.timeout(60_000);
  useCommand();
  let folder: string;
  let opened: TestStore;
  let environment: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'exitgate-profile-'));
    opened = await openTestStore();
    environment = {
      ...testEnvironment(opened.url),
      EXITGATE_MASTER_KEY: MASTER_KEY.toString('base64'),
    };
    const organisation = await makeOrganisation(opened.store);
    const live = await makeOrganisation(opened.store, { sandbox: false });
    await organisation.openExit();
    await live.openExit({ disputes: [] });
    await live.openExit();
    await organisation.openExit({
      facts: { profile: 'internet' },
      profile: makeProfile({ name: 'internet', effective_from: '2025-01-01' }),
    });
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await opened.close();
  });
  afterEach(killLeftOvers);

  const file = (name: string, text: string) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, text);
    return path;
  };
  const run = async (...args: readonly string[]) => {
    const command = exitgate(['profile', ...args], environment);
    const { code } = await command.ended;
    return { code, output: command.output() };
  };

  describe('check', () => {
    it('finds those that come along right', async () => {
      const { code, output } = await run(
        'check',
        join(PROFILES, 'securities.yaml'),
        join(PROFILES, 'general.yaml'),
      );
      assert.equal(code, 0, output);
      assert.match(output, /securities\.yaml is right: 2026-01-01 \(8 gates, 4 filings\)\n/);
    });

    it('says file, line and reason of a broken one, and ends with 1', async () => {
      const text = textOf('securities').replace('owner: sales', 'owner: treasury');
      const path = file('securities', text);
      const { code, output } = await run('check', path);
      assert.equal(code, 1);
      const line = text.slice(0, text.indexOf('owner: treasury')).split('\n').length;
      assert.match(
        output,
        new RegExp(`^${path}:${line}: gates\\[1\\]\\.owner: there is no department treasury`),
      );
      assert.equal(output.trim().split('\n').length, 1, output);
    });

    it('tells of the profiles that a broken base takes along, and of a file that is not there', async () => {
      const late = textOf('general').replace('effective_from: 2026-01-01', 'effective_from: 2027-01-01');
      const { code, output } = await run('check', file('general', late));
      assert.equal(code, 1);
      assert.match(
        output,
        /profiles\/retail\.yaml:\d+: extends: no version of general was in force on 2026-01-01/,
      );
      const missing = await run('check', join(folder, 'nowhere.yaml'));
      assert.equal(missing.code, 1);
      assert.match(missing.output, /nowhere\.yaml cannot be read/);
    });
  });

  describe('diff', () => {
    it('says what a new version changes, from when, and how many open exits keep theirs', async () => {
      const next = extending('securities', 'general', '2099-01-01', 'credit_system: none');
      const { code, output } = await run('diff', file('securities', `${textOf('securities')}---\n${next}`));
      assert.equal(code, 0, output);
      assert.match(output, /2026-01-01: as before; 3 open exits \(2 live, 1 test\) are pinned to it\n/);
      assert.match(
        output,
        /2099-01-01: added\n +holds for exits that are opened from 2099-01-01 on; open ones keep theirs\n/,
      );
      assert.match(output, /against 2026-01-01:\n/);
      assert.match(output, /- gate compliance_pledge\n/);
      assert.match(output, /- filing credit_update\n/);
      assert.match(output, /~ risk\.weights\.violation\.points: 20 → 15\n/);
    });

    it('is loud, and ends with 1, when open exits are pinned to a version that is altered or removed', async () => {
      const altered = textOf('securities').replace('holds: notice_end', 'holds: filing_deadline');
      const changed = await run('diff', file('securities', altered));
      assert.equal(changed.code, 1, changed.output);
      assert.match(changed.output, /~ gate open_dispute, holds: notice_end → filing_deadline\n/);
      assert.match(
        changed.output,
        /^!!! securities 2026-01-01 is altered, and 3 open exits \(2 live, 1 test\) are pinned to it\.$/m,
      );

      const moved = textOf('securities').replace('effective_from: 2026-01-01', 'effective_from: 2026-02-01');
      const removed = await run('diff', file('securities', moved));
      assert.equal(removed.code, 1);
      assert.match(removed.output, /^!!! securities 2026-01-01 is removed, and 3 open exits/m);
    });

    it('sees through a base to those that extend it', async () => {
      const text = textOf('general').replace('owner: finance', 'owner: audit');
      const { code, output } = await run('diff', file('general', text));
      assert.equal(code, 1);
      assert.match(output, /securities 2026-01-01 \(extends it\): altered; 3 open exits/);
      assert.match(output, /^!!! securities 2026-01-01 is altered/m);
      assert.ok(!output.includes('!!! general'), output);
    });

    it('misses a version that exits are pinned to and nobody has', async () => {
      const { code, output } = await run('diff', join(PROFILES, 'internet.yaml'));
      assert.equal(code, 1);
      assert.match(
        output,
        /^!!! internet 2025-01-01 is missing, and 1 open exit \(test\) is pinned to it\.$/m,
      );
    });

    it('leaves the database alone with --offline', async () => {
      const altered = textOf('securities').replace('holds: notice_end', 'holds: filing_deadline');
      const command = exitgate(['profile', 'diff', '--offline', file('securities', altered)], {
        ...environment,
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere',
      });
      assert.equal((await command.ended).code, 0, command.output());
      assert.match(command.output(), /2026-01-01: altered\n/);
      assert.match(command.output(), /Open exits were not counted/);
      const same = await run('diff', '--offline', join(PROFILES, 'retail.yaml'));
      assert.match(same.output, /Nothing changes\./);
    });

    it('wants a file that is right', async () => {
      const { code, output } = await run('diff', file('retail', 'name: retail\n'));
      assert.equal(code, 1);
      assert.match(output, /mend it first .*\n.*retail\.yaml:1: /);
    });
  });
});
