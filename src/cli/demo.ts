/** `exitgate demo`: plays one exit from end to end against the mock agencies, shows it happening, and checks that it did. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { startAgencies } from '../../mocks/index.ts';
import { createApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { SCOPES } from '../store/organisations.ts';
import { createDemoDatabase } from './demo/database.ts';
import { playDilemma } from './demo/dilemma.ts';
import { createClient, type MovedView } from './demo/gateway.ts';
import { startHrCore } from './demo/hr-core.ts';
import { createScreen } from './demo/screen.ts';
import type { Cast } from './demo/stage.ts';
import { listenForStop, Stopped } from './demo/stop.ts';
import { play } from './demo/story.ts';
import { connectToMocks, EXAMPLE_EMPLOYER } from './sandbox.ts';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('play one exit end to end against the mock agencies')
    .option('--dilemma', 'the dispute is not settled: released at the statutory limit with claims reserved')
    .action(async ({ dilemma = false }: { dilemma?: boolean }) => {
      process.exit(await demo(dilemma ? playDilemma : play));
    });
}

/** Its own folder, so that a demo beside a running gateway disturbs nothing; LOG_LEVEL still opens the log. */
function settings(): Config {
  const environment = process.env;
  const given = (environment.DATABASE_URL ?? '') !== '';
  return readConfig({
    LOG_LEVEL: 'silent',
    ...environment,
    // A given database may be somebody's work: the demo's key is its own, and so is the database that it makes there.
    EXITGATE_MASTER_KEY: given ? randomBytes(32).toString('base64') : '',
    EXITGATE_DATA: join(environment.EXITGATE_DATA || '.exitgate', 'demo'),
    WEBHOOK_ALLOW: '127.0.0.0/8',
    HOST: '127.0.0.1',
    PORT: '0',
    SWEEP_SECONDS: '2',
  });
}

async function demo(story: (cast: Cast) => Promise<string>): Promise<number> {
  const screen = createScreen((line) => console.log(line));
  const releases: (() => Promise<void>)[] = [];
  const stop = listenForStop();
  /** What has been started is closed at the end, whatever happens. */
  const hold = async <Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    releases.push(part.close);
    stop.check();
    return part;
  };
  let database: string | undefined;
  try {
    // A Redis may be shared as well: the demo's keys there carry a name of their own.
    let config: Config = { ...settings(), queuePrefix: `exitgate_demo_${randomBytes(4).toString('hex')}` };
    if (config.databaseUrl !== undefined) {
      const own = await createDemoDatabase(config.databaseUrl);
      database = own.name;
      config = { ...config, databaseUrl: own.url, queuePrefix: own.name };
      stop.check();
    }
    const agencies = await hold(startAgencies());
    screen.step(`mock agencies up: desk ${agencies.urls.desk}, labour, insurance, credit`);
    const app = await hold(
      createApp(
        { ...config, sandboxDeskUrl: agencies.urls.desk },
        { api: true, worker: true },
        { log: createLog(config.logLevel) },
      ),
    );
    screen.step(
      `gateway up: ${app.url}, ${database === undefined ? 'embedded PostgreSQL' : `database ${database}`}, queues on ${app.queues.backend}`,
    );
    const core = await hold(startHrCore());

    // An organisation of its own for each run: the same case may be played again and again on the same data.
    const organisation = await app.store.organisations.ensure(`demo ${new Date().toISOString()}`);
    await connectToMocks(app.store, organisation.id, agencies.urls, EXAMPLE_EMPLOYER);
    const { secret } = await app.store.organisations.createKey(organisation.id, {
      name: 'demo',
      live: false,
      scopes: SCOPES,
      addresses: [],
    });

    const hr = createClient(app.url ?? '', secret);
    const desk = createClient(agencies.urls.desk);
    const goTo = async (instant: Date) => {
      const { reached, now } = await hr.post<MovedView>('/v1/test/clock', { to: instant.toISOString() });
      if (!reached) throw new Error(`time stopped at ${now}: something that is due does not come to its end`);
      screen.step(`— time moves to ${now} (POST /v1/test/clock) —`);
    };
    const exitId = await Promise.race([story({ hr, desk, core, screen, goTo }), stop.asked]);
    console.log(
      `\n${core.received.length} webhooks, in order, every signature verified. One filing at the labour agency, whatever happened on the way.`,
    );
    if (database === undefined)
      console.log(`The data of ${exitId} lies in ${config.dataFolder} (embedded PostgreSQL).`);
    console.log('Next: npm start, and read README.md.');
    screen.step('done');
    return 0;
  } catch (error) {
    if (error instanceof Stopped) {
      console.error('\nstopping: closing what was started');
      return error.exitCode;
    }
    console.error(
      `\ndemo failed after ${screen.seconds().toFixed(1)} s: ${error instanceof Error ? error.message : error}`,
    );
    return 1;
  } finally {
    for (const release of releases.reverse()) await release();
    if (database !== undefined)
      console.log(`The data lies in database ${database}; drop it when you have looked.`);
  }
}
