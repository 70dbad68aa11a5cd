// All tests in two runs of mocha side by side, because those that start processes and wait for them leave a core idle.
// Not mocha's own parallel mode: it ends its workers whatever they leave open, and what a test leaves open is to be seen.
// Both runs have servers of their own; where servers are given, the runs follow each other, for they would share Redis.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const E2E = ['test/e2e'];
// Whatever is in test/ and not in the other run: no folder can be forgotten.
const REST = ['--ignore', 'test/e2e/**'];
const given = process.argv.slice(2);
const { EXITGATE_TEST_DATABASE_URL, EXITGATE_TEST_REDIS_URL } = process.env;
const alone = EXITGATE_TEST_DATABASE_URL ?? EXITGATE_TEST_REDIS_URL;

// A terminal's Ctrl-C reaches the runs as well, and what they hold is theirs to close.
process.on('SIGINT', () => {});

/** @returns how it ended, and what it said where it did not say it at once. */
async function run(specs, stdout) {
  const mocha = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...specs], {
    stdio: ['inherit', stdout, stdout === 'pipe' ? 'pipe' : 'inherit'],
  });
  const forward = () => mocha.kill('SIGTERM');
  process.once('SIGTERM', forward);
  const said = [];
  for (const stream of [mocha.stdout, mocha.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const [code, signal] = await once(mocha, 'close');
  process.off('SIGTERM', forward);
  return { code: signal === null ? code : 1, said: Buffer.concat(said) };
}

async function all() {
  if (given.length > 0) return [await run(given, 'inherit')];
  if (alone !== undefined) return [await run(REST, 'inherit'), await run(E2E, 'inherit')];
  return Promise.all([run(E2E, 'inherit'), run(REST, 'pipe')]);
}

const ended = await all();
for (const { said } of ended) process.stdout.write(said);
process.exitCode = ended.find(({ code }) => code !== 0)?.code ?? 0;
