/** `exitgate migrate`: brings the database up to date and ends. Every start does the same; this is for deployments that want it apart. */
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { joinDatabase, migrateAll } from '../database.ts';
import { createLog } from '../log.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => {
      const config = readConfig();
      const database = await joinDatabase(config, createLog(config.logLevel));
      try {
        const applied = await migrateAll(database.url, config.redisUrl);
        console.log(applied.length === 0 ? 'the schema is up to date' : `applied: ${applied.join(', ')}`);
      } finally {
        await database.close();
      }
    });
}
