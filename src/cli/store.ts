/** The store for a command that is typed while a gateway may be running: opened, handed to the work, closed. */
import { readConfig } from '../config.ts';
import { createKeyring } from '../crypto/keyring.ts';
import { joinDatabase, migrateAll } from '../database.ts';
import { localSecret } from '../local.ts';
import { createLog } from '../log.ts';
import { createStore, type Store } from '../store/index.ts';

export async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const database = await joinDatabase(config, createLog(config.logLevel));
  try {
    await migrateAll(database.url, config.redisUrl);
    const master = config.masterKey ?? localSecret(config.dataFolder, 'master.key', 32);
    const store = createStore({
      url: database.url,
      connections: 2,
      keyring: createKeyring(Buffer.from(master, 'base64')),
    });
    try {
      await store.checkMasterKey();
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    await database.close();
  }
}
