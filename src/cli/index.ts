/** `exitgate`: the written list of commands. Each is a file of its name. */
import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addKeys } from './keys.ts';
import { addMigrate } from './migrate.ts';
import { addMocks } from './mocks.ts';
import { addProfile } from './profile.ts';
import { addServices } from './start.ts';

// Two floors up from the sources, three from dist.
const manifest = ['../../package.json', '../../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));
const { version } = JSON.parse(
  manifest === undefined ? '{"version":"0"}' : readFileSync(manifest, 'utf8'),
) as { version: string };

const program = new Command('exitgate')
  .description(
    'A gateway between HR systems and the government systems that an exit has to pass. 员工离职与政务系统之间的网关。',
  )
  .version(version)
  .showHelpAfterError();
for (const add of [addServices, addMocks, addDemo, addMigrate, addKeys, addProfile, addDoctor]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong is a sentence for whoever typed the command; the stack is for whoever asks for it.
  console.error(`exitgate: ${error instanceof Error ? error.message : error}`);
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) console.error(error.stack);
  process.exit(1);
}
