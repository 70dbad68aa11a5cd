/** `exitgate`: the written list of commands. Each is a file of its name, or of the first of its names. */
import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';

// Two floors up from the sources, three from dist.
const manifest = ['../../package.json', '../../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));
const { version } = JSON.parse(
  manifest === undefined ? '{"version":"0"}' : readFileSync(manifest, 'utf8'),
) as { version: string };

type Add = (program: Command) => void;
const services = async (): Promise<Add> => (await import('./start.ts')).addServices;
/** Loaded when it is the one that was typed: all of them together take longer than most of them do. */
const COMMANDS = new Map<string, () => Promise<Add>>([
  ['start', services],
  ['api', services],
  ['worker', services],
  ['mocks', async () => (await import('./mocks.ts')).addMocks],
  ['demo', async () => (await import('./demo.ts')).addDemo],
  ['migrate', async () => (await import('./migrate.ts')).addMigrate],
  ['keys', async () => (await import('./keys.ts')).addKeys],
  ['profile', async () => (await import('./profile.ts')).addProfile],
  ['reconcile', async () => (await import('./reconcile.ts')).addReconcile],
  ['adapter', async () => (await import('./adapter.ts')).addAdapter],
  ['doctor', async () => (await import('./doctor.ts')).addDoctor],
]);

const program = new Command('exitgate')
  .description(
    'A gateway between HR systems and the government systems that an exit has to pass. 员工离职与政务系统之间的网关。',
  )
  .version(version)
  .showHelpAfterError();

try {
  const typed = COMMANDS.get(process.argv[2] ?? '');
  for (const load of typed === undefined ? new Set(COMMANDS.values()) : [typed]) (await load())(program);
  await program.parseAsync();
} catch (error) {
  // What went wrong is a sentence for whoever typed the command; the stack is for whoever asks for it.
  console.error(`exitgate: ${error instanceof Error ? error.message : error}`);
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) console.error(error.stack);
  process.exit(1);
}
