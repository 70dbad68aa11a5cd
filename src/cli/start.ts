/** `exitgate start | api | worker`: everything in one process, or the two roles apart. */
import type { Command } from 'commander';
import type { Agencies } from '../../mocks/index.ts';
import { createApp, type Roles } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { SCOPES } from '../store/organisations.ts';
import { serveUntilStopped } from './lifetime.ts';
import { registeredAdapters } from './registry.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from './sandbox.ts';

export const SANDBOX_ORGANISATION = 'sandbox';

export function addServices(program: Command): void {
  program
    .command('start')
    .description('API, console, workers and mock agencies in one process')
    .option('--no-mocks', 'without the mock agencies')
    .action(async ({ mocks }: { mocks: boolean }) => serve({ api: true, worker: true }, mocks));
  program
    .command('api')
    .description('the HTTP API and the console alone')
    .action(() => serve({ api: true, worker: false }, false));
  program
    .command('worker')
    .description('the queue workers alone')
    .action(() => serve({ api: false, worker: true }, false));
}

async function serve(roles: Roles, withMocks: boolean): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const adapters = await registeredAdapters(config);
  const agencies = withMocks ? await startMocks(config) : undefined;
  const desk = agencies === undefined ? {} : { sandboxDeskUrl: agencies.urls.desk };
  const app = await createApp({ ...desk, ...config }, roles, { log, adapters }).catch(
    async (error: unknown) => {
      await agencies?.close();
      throw error;
    },
  );
  const lines = [`exitgate is up (queues on ${app.queues.backend})`];
  if (app.url !== undefined) {
    lines.push(`  API       ${app.url}        docs ${app.url}/docs`);
    lines.push(
      `  console   ${app.url}/console/queues${app.operatorKey === undefined ? ' is closed: set EXITGATE_OPERATOR_KEY' : ''}`,
    );
    if (app.operatorKey !== undefined && config.operatorKey === undefined)
      lines.push(`            any user name, password: the key in ${config.dataFolder}/operator.key`);
  }
  if (agencies !== undefined) {
    lines.push(
      `  mocks     ${agencies.urls.desk} (desk), ${agencies.urls.labor}, ${agencies.urls.insurance}, ${agencies.urls.credit}, ${agencies.urls['insurance-sm2']}`,
    );
    const organisation = await app.store.organisations.ensure(SANDBOX_ORGANISATION);
    await connectToMocks(app.store, organisation.id, agencies.urls, EXAMPLE_EMPLOYER);
    if ((await app.store.organisations.listKeys(organisation.id)).length === 0 && app.url !== undefined) {
      const { secret } = await app.store.organisations.createKey(organisation.id, {
        name: 'first start',
        live: false,
        scopes: SCOPES,
        addresses: [],
      });
      lines.push(
        '',
        'A test API key, shown this once (exitgate keys makes more):',
        `  export EXITGATE_KEY=${secret}`,
        'Try next:',
      );
      lines.push(...firstExit(app.url));
    }
  }
  // Listens for the signals first: whoever reads that it is up may end it at once.
  const ended = serveUntilStopped(
    {
      failed: app.failed,
      close: async () => {
        await app.close();
        await agencies?.close();
      },
    },
    () => console.log(`stopping: work in hand has ${config.shutdownSeconds} s to end (once more: at once)`),
  );
  console.log(lines.join('\n'));
  process.exit(await ended);
}

/** Loaded where they are wanted: a gateway that runs in earnest has no agencies in it. */
async function startMocks({ host, mocksPort }: Config): Promise<Agencies> {
  const [{ startAgencies }, { portsFrom }] = await Promise.all([
    import('../../mocks/index.ts'),
    import('./mocks.ts'),
  ]);
  return startAgencies({ host, ports: portsFrom(mocksPort) });
}

function firstExit(url: string): string[] {
  const body = {
    external_id: 'HR-1',
    profile: 'general',
    reason: 'resignation',
    employer: EXAMPLE_EMPLOYER,
    employee: {
      external_id: 'E-1',
      name: '张某',
      id_type: 'resident_id',
      id_number: '11010519491231002X',
      post: '投资顾问',
      contract: { type: 'fixed_term', start: '2022-03-01', end: '2027-02-28' },
    },
    notice_date: '2026-10-26',
    exit_date: '2026-11-25',
  };
  return [
    `  curl -s ${url}/v1/exits -H "Authorization: Bearer $EXITGATE_KEY" -H "Idempotency-Key: first" -H "Content-Type: application/json" \\`,
    `    -d '${JSON.stringify(body)}'`,
    `  curl -s ${url}/v1/filings -H "Authorization: Bearer $EXITGATE_KEY"`,
  ];
}
