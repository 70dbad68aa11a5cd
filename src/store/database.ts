/** The connection to PostgreSQL: Prisma over a `pg` pool. Nothing outside src/store sees it. */
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { groupCommit } from './group.ts';

export type Database = PrismaClient;

export function openDatabase(url: string, options: { readonly connections: number }): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.connections,
    application_name: 'exitgate',
  });
  return new PrismaClient({ adapter });
}

/** Rows of one statement whose parameters are jsonb arrays: hand-written SQL for what is written hot. */
export async function rows<Row>(
  /** Or a transaction of it. */
  database: Pick<Database, '$queryRawUnsafe'>,
  sql: string,
  ...parameters: readonly unknown[]
): Promise<Row[]> {
  return database.$queryRawUnsafe<Row[]>(sql, ...parameters.map(toParameter));
}

const toParameter = (value: unknown): unknown =>
  Array.isArray(value) && value.every((each) => typeof each === 'object') ? JSON.stringify(value) : value;

/** `bytea` inside a jsonb parameter. */
export const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;

const MOST_PER_FLUSH = 200;

/** Group commit over this database. */
export function grouped<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
  key?: (item: Item) => string,
): (item: Item) => Promise<Result> {
  return groupCommit((items) => unlessDeadlocked(() => flush(items)), {
    most: MOST_PER_FLUSH,
    ownFault: isDataError,
    ...(key === undefined ? {} : { key }),
  });
}

const MOST_DEADLOCKS = 5;

/** Two processes whose flushes touch the same rows in another order: one was rolled back whole, and nobody has been told anything. */
export async function unlessDeadlocked<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let deadlocks = 0; ; deadlocks++) {
    try {
      return await write();
    } catch (error) {
      if (deadlocks === MOST_DEADLOCKS || !/^40(001|P01)$/.test(sqlState(error) ?? '')) throw error;
    }
  }
}

/** SQLSTATE class 22 (data exception) or 23 (integrity constraint): the row's fault, not the server's. */
function isDataError(error: unknown): boolean {
  return /\b(22|23)[0-9A-Z]{3}\b/.test(sqlState(error) ?? '');
}

/** The SQLSTATE in an error of Prisma's raw queries, where there is one. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { meta } = error as {
    meta?: { code?: unknown; driverAdapterError?: { cause?: { originalCode?: unknown } } };
  };
  const code = meta?.driverAdapterError?.cause?.originalCode ?? meta?.code;
  return typeof code === 'string' ? code : undefined;
}
