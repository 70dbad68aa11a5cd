/** The database of a gateway or of a command: which one the settings name, and its schemas brought up to date. */
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { migrateQueues } from '../queues/migrate.ts';
import type { Config } from './config.ts';
import { runningEmbedded, startEmbedded } from './store/embedded.ts';
import { migrate } from './store/migrate.ts';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** The database of these settings: the given one, or the embedded one, started. */
export async function openDatabase(config: Config, log: Logger) {
  if (config.databaseUrl !== undefined)
    return { url: config.databaseUrl, failed: new Promise<string>(() => {}), close: async () => {} };
  const { url, exited, close } = await startEmbedded({
    dir: config.dataFolder,
    log: (line) => log.debug(line),
  });
  return { url, failed: exited, close };
}

/** For a command that is typed while a gateway may be running: joins its embedded database, or starts it for the while. */
export async function joinDatabase(config: Config, log: Logger) {
  const running = config.databaseUrl === undefined ? await runningEmbedded(config.dataFolder) : undefined;
  return running === undefined ? openDatabase(config, log) : { url: running, close: async () => {} };
}

/** Brings both schemas up to date; safe while others do the same. */
export async function migrateAll(url: string, redisUrl: string | undefined): Promise<readonly string[]> {
  const applied = await migrate(url, MIGRATIONS);
  if (redisUrl === undefined) await migrateQueues(url);
  return applied;
}
