/** `exitgate demo`: plays one exit from end to end against the mock agencies, shows it happening, and checks that it did. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { startAgencies } from '../../mocks/index.ts';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { localSecret } from '../local.ts';
import { createLog } from '../log.ts';
import { SCOPES } from '../store/organisations.ts';
import { createClient } from './demo/gateway.ts';
import { startHrCore } from './demo/hr-core.ts';
import { createScreen } from './demo/screen.ts';
import { play } from './demo/story.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from './sandbox.ts';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('play one exit end to end against the mock agencies')
    .action(async () => {
      process.exit(await demo());
    });
}

/** Its own folder, so that a demo beside a running gateway disturbs nothing; LOG_LEVEL still opens the log. */
function settings() {
  const environment = process.env;
  const folder = join(environment.EXITGATE_DATA ?? '.exitgate', 'demo');
  return readConfig({
    LOG_LEVEL: 'silent',
    ...environment,
    EXITGATE_MASTER_KEY: environment.EXITGATE_MASTER_KEY ?? localSecret(folder, 'master.key', 32),
    EXITGATE_DATA: folder,
    WEBHOOK_ALLOW: '127.0.0.0/8',
    HOST: '127.0.0.1',
    PORT: '0',
    SWEEP_SECONDS: '2',
  });
}

async function demo(): Promise<number> {
  const screen = createScreen((line) => console.log(line));
  const releases: (() => Promise<void>)[] = [];
  process.once('SIGINT', () => process.exit(130));
  try {
    const config = settings();
    const agencies = await startAgencies();
    releases.push(agencies.close);
    screen.step(`mock agencies up: desk ${agencies.urls.desk}, labour, insurance, credit`);
    const app = await createApp(config, { api: true, worker: true }, { log: createLog(config.logLevel) });
    releases.push(app.close);
    screen.step(
      `gateway up: ${app.url}, ${config.databaseUrl === undefined ? 'embedded PostgreSQL' : 'given PostgreSQL'}, queues on ${app.queues.backend}`,
    );
    const core = await startHrCore();
    releases.push(core.close);

    // An organisation of its own for each run: the same case may be played again and again on the same data.
    const organisation = await app.store.organisations.ensure(`demo ${new Date().toISOString()}`);
    await connectToMocks(app.store, organisation.id, agencies.urls, EXAMPLE_EMPLOYER);
    const { secret } = await app.store.organisations.createKey(organisation.id, {
      name: 'demo',
      live: false,
      scopes: SCOPES,
      addresses: [],
    });

    const exitId = await play({
      hr: createClient(app.url ?? '', secret),
      desk: createClient(agencies.urls.desk),
      core,
      screen,
    });
    const where =
      config.databaseUrl === undefined
        ? `${config.dataFolder} (embedded PostgreSQL)`
        : 'the database of DATABASE_URL';
    console.log(
      `\n${core.received.length} webhooks, in order, every signature verified. One filing at the labour agency although its answer was lost.`,
    );
    console.log(`The data of ${exitId} lies in ${where}. Next: npm start, and read README.md.`);
    screen.step('done');
    return 0;
  } catch (error) {
    console.error(
      `\ndemo failed after ${screen.seconds().toFixed(1)} s: ${error instanceof Error ? error.message : error}`,
    );
    return 1;
  } finally {
    for (const release of releases.reverse()) await release();
  }
}
