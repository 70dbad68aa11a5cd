/** The queues' own tables in PostgreSQL; BullMQ migrates them under its own advisory lock. */
import { runMigrations } from 'bullmq';
import pg from 'pg';

export async function migrateQueues(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'exitgate migrate' });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
