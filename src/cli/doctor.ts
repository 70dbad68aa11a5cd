/** `exitgate doctor`: what is set, what answers, and what to do about what does not. */
import { connect } from 'node:net';
import type { Command } from 'commander';
import { readConfig, SETTINGS } from '../config.ts';
import { connectTo } from '../store/migrate.ts';

interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly detail: string;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check the settings and what they point at; changes nothing')
    .action(async () => {
      for (const [name, { fallback, secret }] of Object.entries(SETTINGS)) {
        const given = process.env[name];
        const shown =
          given === undefined || given === ''
            ? `${fallback ?? 'not set'} (default)`
            : secret === true
              ? 'set'
              : given;
        console.log(`  ${name.padEnd(22)} ${shown}`);
      }
      const findings = await examine();
      for (const { ok, what, detail } of findings) console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${detail}`);
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
    });
}

async function examine(): Promise<readonly Finding[]> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const recent = major > 20 || (major === 20 && minor >= 19);
  const node: Finding = {
    ok: recent,
    what: 'node',
    detail: `${process.versions.node}${recent ? '' : ': 20.19 or newer is needed'}`,
  };
  let config: ReturnType<typeof readConfig>;
  try {
    config = readConfig();
  } catch (error) {
    return [node, { ok: false, what: 'settings', detail: message(error) }];
  }
  const checks = [
    config.databaseUrl === undefined
      ? Promise.resolve({ ok: true, what: 'database', detail: `embedded, under ${config.dataFolder}` })
      : database(config.databaseUrl),
    config.redisUrl === undefined
      ? Promise.resolve({ ok: true, what: 'queues', detail: 'in PostgreSQL' })
      : reach('queues', new URL(config.redisUrl), 6379),
  ];
  return [node, { ok: true, what: 'settings', detail: 'valid' }, ...(await Promise.all(checks))];
}

async function database(url: string): Promise<Finding> {
  try {
    const client = await connectTo(url, 'exitgate doctor');
    try {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      const version = rows[0]?.server_version ?? '';
      const ok = Number.parseInt(version, 10) >= 15;
      return { ok, what: 'database', detail: `PostgreSQL ${version}${ok ? '' : ': 15 or newer is needed'}` };
    } finally {
      await client.end();
    }
  } catch (error) {
    return { ok: false, what: 'database', detail: message(error) };
  }
}

function reach(what: string, { hostname, port }: URL, fallbackPort: number): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || fallbackPort), timeout: 5000 });
    const end = (ok: boolean, detail: string) => {
      socket.destroy();
      resolve({ ok, what, detail });
    };
    socket.once('connect', () => end(true, `Redis answers at ${hostname}:${port || fallbackPort}`));
    socket.once('timeout', () => end(false, 'REDIS_URL does not answer within 5 s'));
    socket.once('error', (error) =>
      end(false, `REDIS_URL does not answer: ${error.message || (error as NodeJS.ErrnoException).code}`),
    );
  });
}

const message = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error));
