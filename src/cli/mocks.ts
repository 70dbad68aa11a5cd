/** `exitgate mocks`: the mock agencies alone, for whoever builds against them. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Agency } from '../../mocks/kernel/agency.ts';
import { prepareKeys } from '../../mocks/kernel/ca.ts';
import { readConfig } from '../config.ts';
import { serveUntilStopped } from './lifetime.ts';

/** Five ports from the first on; 0: five free ones. */
export function portsFrom(first: number) {
  const port = (index: number) => (first === 0 ? 0 : first + index);
  return { desk: port(0), labor: port(1), insurance: port(2), credit: port(3), 'insurance-sm2': port(4) };
}

/** What loads them knows the gateway's adapters, which the agencies alone do without. */
async function agenciesAt(paths: readonly string[]): Promise<readonly Agency[]> {
  if (paths.length === 0) return [];
  const { loadAgency } = await import('./adapter-module.ts');
  return Promise.all(paths.map((path) => loadAgency(resolve(path))));
}

export function addMocks(program: Command): void {
  program
    .command('mocks')
    .description(
      'the mock agencies: labour, insurance (of two cities), credit, and the desk that steers them',
    )
    .option(
      '--public',
      'for strangers: limits, a token for each sandbox, synthetic people only, idle sandboxes go',
    )
    .option('--agency <module...>', 'an agency of your own beside them: a module that exports it')
    .addHelpText(
      'after',
      '\nSettings: MOCKS_PORT (4100), the first of five ports (0: free ones); HOST (127.0.0.1), where they listen.',
    )
    .action(async (options: { public?: boolean; agency?: string[] }) => {
      const config = readConfig();
      const operatorToken =
        options.public === true
          ? (config.mocksOperatorToken ?? randomBytes(24).toString('base64url'))
          : undefined;
      // Another thread makes the keys, which take half the time of a start, while the agencies are read.
      const keys = prepareKeys();
      const { startAgencies } = await import('../../mocks/index.ts');
      const own = await agenciesAt(options.agency ?? []);
      await keys;
      const agencies = await startAgencies({
        ...(operatorToken === undefined ? {} : { hosting: 'public', operatorToken }),
        trustProxy: config.mocksTrustProxy,
        ...(own.length > 0 ? { agencies: own } : {}),
        host: config.host,
        ports: portsFrom(config.mocksPort),
        log: (line) => console.log(line),
      });
      if (options.public === true)
        console.log('open to strangers: limits, tokens, synthetic people only (GET /limits, GET /fidelity)');
      // One that was set is known to whoever set it, and need not stand in a log.
      if (operatorToken !== undefined && config.mocksOperatorToken === undefined)
        console.log(`operator token ${operatorToken} (until the next start; MOCKS_OPERATOR_TOKEN sets one)`);
      for (const [name, url] of Object.entries(agencies.urls)) console.log(`${name.padEnd(14)} ${url}`);
      process.exit(await serveUntilStopped(agencies, () => console.log('stopping')));
    });
}
