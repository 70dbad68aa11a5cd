/** A database of its own for a test or a test file: a copy of the migrated template, made in some 30 ms. */
import { type PostgresAnswer, sql, urlOf } from './postgres-server.ts';
import { watchForFailure } from './seen.ts';
import { askShared } from './shared-servers.ts';

export { MIGRATIONS, sql } from './postgres-server.ts';

export interface TestDatabase {
  readonly url: string;
  /** Removes it; call it in `after` or `afterEach`. Where a test has failed, it is kept instead and its name printed. */
  drop(): Promise<void>;
}

/** Migrated and empty. */
export async function freshDatabase(): Promise<TestDatabase> {
  return makeDatabase((answer) => `TEMPLATE ${answer.template}`);
}

/** Without any table: for what tests the migrations. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return makeDatabase(() => 'TEMPLATE template0');
}

async function makeDatabase(from: (answer: PostgresAnswer) => string): Promise<TestDatabase> {
  const answer = await askShared<PostgresAnswer>({ ask: 'postgres' });
  const { number } = await askShared<{ number: number }>({ ask: 'number' });
  const name = answer.template.replace('template', String(number));
  await sql(answer.adminUrl, `CREATE DATABASE ${name} ${from(answer)}`);
  const failed = watchForFailure();
  return {
    url: urlOf(answer.adminUrl, name),
    async drop() {
      if (!failed()) await sql(answer.adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      else {
        await askShared({ ask: 'keep', name });
        console.error(`      kept as evidence: database ${name}`);
      }
    },
  };
}
