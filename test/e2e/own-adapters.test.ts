/** A gateway that files through an adapter of somebody's own package: `ADAPTERS`. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAdapter } from '../../src/cli/adapter-new.ts';
import type { BuildAnswer } from '../support/build.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { askShared } from '../support/shared-servers.ts';
import { ROOT } from '../support/sources.ts';
import { exitgate, killLeftOvers, started, useCommand } from './support/processes.ts';

describe('a gateway with an adapter of its own', function () {
  this.timeout(90_000);
  useRealNetwork();
  useCommand();
  let folder: string;
  let environment: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exitgate-own-'));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
    newAdapter('harbour-json', { out: join(folder, 'mine') });
    const { command } = await askShared<BuildAnswer>({ ask: 'build' });
    const modules = join(folder, 'mine', 'node_modules');
    mkdirSync(join(modules, 'exitgate'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(modules, 'exitgate', 'package.json'));
    symlinkSync(join(command, '..', '..', '..'), join(modules, 'exitgate', 'dist'));
    for (const name of ['zod', 'tsx']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    environment = {
      EXITGATE_DATA: join(folder, 'data'),
      PORT: '0',
      MOCKS_PORT: '0',
      LOG_LEVEL: 'warn',
      ADAPTERS: join(folder, 'mine'),
    };
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
  afterEach(killLeftOvers);

  it('shows it among the others, and connects to it', async () => {
    const gateway = await started(['start'], environment);
    const key = /EXITGATE_KEY=(eg_test_\S+)/.exec(gateway.stdout())?.[1] ?? '';
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${gateway.url}/v1/adapters`, { headers });
    const { data } = (await answer.json()) as { data: readonly { name: string }[] };
    const names = data.map(({ name }) => name);
    assert.deepEqual(names.slice(-2), ['batch-upload', 'harbour-json']);
    const connection = await fetch(`${gateway.url}/v1/connections`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'own' },
      body: JSON.stringify({
        name: 'harbour',
        adapter: 'harbour-json',
        kinds: ['labor_filing'],
        settings: {},
      }),
    });
    // Its own schema judges the settings: the adapter is known, and wants an address.
    assert.match(await connection.text(), /\/settings\/url/);
    assert.deepEqual(await gateway.kill('SIGTERM'), { code: 0, signal: null }, gateway.output());
  });

  for (const [what, module, sentence] of [
    ['is not there', 'nowhere', /ADAPTERS: .*nowhere is neither a folder nor a file/],
    ['exports none', '.', /ADAPTERS: /],
  ] as const)
    it(`does not start with a module that ${what}`, async () => {
      const gateway = exitgate(['start'], { ...environment, ADAPTERS: join(folder, module) });
      assert.equal((await gateway.ended).code, 1);
      assert.match(gateway.output(), sentence);
    });
});
